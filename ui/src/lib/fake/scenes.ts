// Worlds in a certain state, by name: what pictures and tests begin with.
import type { Draft } from '../bindings';
import { PAID_PROFILE } from './catalog';
import { hostileWorld } from './hostile';
import { failure, World } from './world';

const MINUTE = 60_000;
const DRAFT: Draft = {
  stage: 0,
  name: 'contoso-web',
  recipe: 'xperience',
  image: null,
  inputs: {},
  region: 'practice',
  network: null,
  size: 'practice.medium',
  disk_gib: 60,
  own_password: false,
  public_site: true,
  fail_at: null,
};

const SCENES: Record<string, () => World> = {
  fresh: () => change(new World(), (world) => (world.settings.welcomed = false)),
  empty: () => new World(),
  loading: () => change(new World(), (world) => (world.silent = new Set(['listServers', 'listImages', 'listRecipes', 'listProfiles', 'watch', 'catalog', 'draft']))),
  broken: () => change(new World(), breakLists),
  watch: () => change(new World(), (world) => run(world, {}, 10.4)),
  ready: () => change(new World(), (world) => run(world, {}, 25)),
  failed: () => change(new World(), (world) => run(world, { fail_at: 'sql-express' }, 25)),
  parked: () => change(new World(), park),
  reconnecting: () => change(new World(), reconnecting),
  imaging: () => change(new World(), imaging),
  busy,
  paid: () => change(new World(), paid),
  hostile: hostileWorld,
  long: () => change(new World(), long),
};

export function sceneOf(name: string): World {
  return (SCENES[name] ?? busy)();
}

function change(world: World, by: (world: World) => unknown): World {
  by(world);
  return world;
}

/** Launches with these answers and lets so many minutes pass. */
function run(world: World, part: Partial<Draft>, minutes: number) {
  const machine = world.launch({ ...DRAFT, ...part });
  world.clock.advance(minutes * MINUTE);
  return machine;
}

function breakLists(world: World): void {
  const fault = failure('journal', 'The journal of launches can’t be read.', 'Try again; if it stays, save the data folder and report this.');
  for (const call of ['listServers', 'listImages', 'listRecipes', 'watch', 'catalog', 'logPage']) {
    world.faults.set(call, { ...fault, causes: ['database disk image is malformed'] });
  }
}

function park(world: World): void {
  const machine = run(world, {}, 4.1);
  machine.view.parked = {
    error: failure('agent_silent', 'Windows has been ready for 10 minutes, but the installer has not answered.', 'Look whether a firewall on your side blocks port 8080, then try again.'),
    since: world.clock.now,
    may_trust: true,
    offers: [],
  };
  machine.become('parked');
}

function reconnecting(world: World): void {
  const machine = run(world, {}, 9);
  machine.view.connection = { ...machine.view.connection, state: 'reconnecting', since: world.clock.now - 40_000 };
  machine.publish();
}

function imaging(world: World): void {
  const machine = run(world, {}, 25);
  world.makeImage(machine.view.server.id, 'contoso-base', 'Fresh install with example pages');
  world.clock.advance(1.4 * MINUTE);
}

function busy(): World {
  const world = new World();
  run(world, { name: 'orchard-training', recipe: 'iis', size: 'practice.small' }, 12);
  run(world, { name: 'fabrikam-demo', recipe: 'practice-site', size: 'practice.small' }, 8);
  world.makeImage('launch-1', 'orchard-base-2', 'IIS with the training pages');
  world.clock.advance(4 * MINUTE);
  world.images.forEach((one) => (one.created -= 3 * 24 * 60 * MINUTE));
  run(world, { name: 'kx13-upgrade', fail_at: 'sql-express' }, 18);
  run(world, { name: 'adventure-works', recipe: 'iis' }, 11).become('stopped');
  world.makeImage('launch-1', 'orchard-base-3', 'With the new theme');
  world.clock.advance(0.8 * MINUTE);
  run(world, {}, 0);
  world.clock.advance(10.4 * MINUTE);
  world.makeImage('launch-2', 'fabrikam-2026-11', '');
  world.clock.advance(1.3 * MINUTE);
  return world;
}

function paid(world: World): void {
  world.profiles = [{ ...world.profile, current: false }, { ...PAID_PROFILE, current: true }];
  const paidFor = { region: 'eu-central-1', size: 't3.xlarge' };
  run(world, { ...paidFor, name: 'fabrikam-demo', size: 't3.large' }, 134);
  run(world, { ...paidFor, name: 'kx13-upgrade', fail_at: 'sql-express' }, 26);
  run(world, paidFor, 10.4);
  world.machines.forEach((one) => one.publish());
}

/** A log of 100,000 lines, for speed. */
function long(world: World): void {
  const machine = run(world, {}, 9);
  for (let at = 0; at < 100_000; at += 1) machine.say('sql-express', at % 97 === 0 ? 'warn' : 'info', `Line ${at} of a long log`);
}
