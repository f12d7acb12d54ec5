// Worlds in a certain state, by name: what pictures and tests begin with.
import type { Draft, WaitingView } from '../bindings';
import { priceOf } from '../wizard/price';
import { FINDINGS, NO_PRICES, PRICES } from './account';
import { PAID_CATALOG, PAID_PROFILE } from './catalog';
import { poison } from './poison';
import { wait, waitingFor } from './waits';
import { failure, World } from './world';

const MINUTE = 60_000;
/** Few enough texts in each that every one finds a place on a screen. */
export const HOSTILE_BATCHES = 10;
const DRAFT: Draft = {
  stage: 0,
  name: 'contoso-web',
  recipe: 'xperience',
  image: null,
  inputs: {},
  family: null,
  region: 'practice',
  network: null,
  size: 'practice.medium',
  disk_gib: 60,
  own_password: false,
  public_site: true,
  stop_after_minutes: null,
  stop_failed_after_minutes: null,
  allowed_from: [],
  fail_at: null,
  run_own_recipe: false,
};

const LISTS = ['listServers', 'listImages', 'listRecipes', 'watch', 'catalog'];
const UNWRITABLE = failure('journal', 'The journal of launches can’t be written.', 'Look whether the disk is full, then try again.');

const UNREADABLE = failure('journal', 'The journal of launches can’t be read.', 'Try again; if it stays, save the data folder and report this.');

const SCENES: Record<string, () => World> = {
  fresh: () => change(new World(), (world) => (world.settings.welcomed = false)),
  empty: () => new World(),
  loading: () => change(new World(), (world) => (world.silent = new Set([...LISTS, 'listProfiles', 'draft']))),
  broken: () => change(new World(), breakLists),
  'settings-loading': () => change(new World(), (world) => world.silent.add('settings')),
  'settings-broken': () => change(new World(), (world) => world.faults.set('settings', UNREADABLE)),
  unsaved: () => change(new World(), (world) => world.faults.set('updateSettings', UNWRITABLE)),
  'fresh-unsaved': () =>
    change(new World(), (world) => {
      world.settings.welcomed = false;
      world.faults.set('updateSettings', UNWRITABLE);
    }),
  watch: () => change(new World(), (world) => run(world, {}, 10.4)),
  ready: () => change(new World(), (world) => run(world, {}, 25)),
  failed: () => change(new World(), (world) => run(world, { fail_at: 'sql-express' }, 25)),
  parked: () => change(new World(), park),
  retrying: () => change(new World(), retrying),
  mismatched: () => change(new World(), mismatched),
  'imaging-waits': () => change(new World(), imageWaits),
  reconnecting: () => change(new World(), reconnecting),
  imaging: () => change(new World(), imaging),
  busy,
  paid: () => change(new World(), paid),
  unpriced: () => change(new World(), unpriced),
  'no-network': () => change(new World(), (world) => (paid(world), (world.paidCatalog.networks = []))),
  'no-quota': () => change(new World(), noQuota),
  'no-room': () => change(new World(), noRoom),
  unconnected: () => change(new World(), unconnected),
  expired: () => change(new World(), expired),
  silent: () => change(new World(), silent),
  mismatch: () => change(new World(), mismatch),
  away: () => change(new World(), away),
  'paid-off': () => change(new World(), paidOff),
  'recipe-files': () => change(new World(), recipeFiles),
  'profiles-broken': () => change(new World(), profilesBroken),
  hostile: () => change(new World(), hostile),
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
  for (const call of [...LISTS, 'logPage']) {
    world.faults.set(call, { ...UNREADABLE, causes: ['database disk image is malformed'] });
  }
}

/** Two files of the user's that are no recipes, one of them with several problems. */
function recipeFiles(world: World): void {
  const folder = '/home/anna/.local/share/slipway/recipes';
  const wrong = failure(
    'recipe',
    `${folder}/umbraco.toml, line 14: “kind” of step “database” is “instal”, did you mean “install”?`,
    'Fix that line and the other problem below, then try again.',
  );
  const pipe = failure(
    'recipe',
    `The recipe ${folder}/pipe.toml can't be read: it is a named pipe, not a file.`,
    'A recipe is a file of UTF-8 text that you may read, of at most 256 KiB. Correct or remove this one.',
  );
  world.brokenRecipes = [{ ...wrong, causes: [`${folder}/umbraco.toml, line 31: there are two steps “publish”`] }, pipe];
}

function park(world: World): void {
  const machine = run(world, {}, 4.1);
  const sentence = 'Windows has been ready for 10 minutes, but the installer has not answered.';
  const error = failure('agent_silent', sentence, 'Look whether a firewall on your side blocks port 8080, then try again.');
  const now = world.clock.now;
  wait(
    machine.view,
    waitingFor({ kind: 'keys_unproven' }, "Waiting for the server's console to show the installer's keys", error, {
      since: now,
      actions: ['try_again', 'trust_keys', 'give_up'],
    }),
  );
  machine.become('parked');
}

/** S3 answers that it can't, and is asked again and again. */
function retrying(world: World): void {
  paid(world);
  const machine = run(world, { region: 'eu-central-1', size: 't3.xlarge', name: 'contoso-shop' }, 0.02);
  const error = failure('cloud_trouble', 'S3 answered 501 (Not Implemented) to PutObject.', 'Look whether an endpoint is set for S3 in your AWS settings.');
  const now = world.clock.now;
  const tries = { since: now - 63_000, tries: 7, next: now + 17_000, needs_user: false, ends_by_itself: true };
  wait(machine.view, waitingFor({ kind: 'network', what: 's3' }, 'Waiting for S3 to answer', error, tries));
  machine.become('launching', 'Waiting for S3 to answer');
}

/** Somebody else answers than the installer. */
function mismatched(world: World): void {
  const sentence = 'What answers for “contoso-shop” is not its installer: its console shows other keys.';
  const hint = 'Somebody may be between this computer and the server. Nothing it says is acted on. Try another network, or terminate the server.';
  waitOnEc2(world, 4.1, () =>
    waitingFor({ kind: 'keys_mismatched' }, 'Waiting for you: the server’s keys do not match', failure('identity_mismatch', sentence, hint)),
  );
}

/** An image that waits while it is made. */
function imageWaits(world: World): void {
  imaging(world);
  const now = world.clock.now;
  const error = failure('throttled', 'EC2 refused DescribeImages: too many requests.', 'Slipway asks less often and goes on by itself.');
  const tries = { since: now - 41_000, tries: 4, next: now + 24_000, needs_user: false, ends_by_itself: true, actions: [] };
  const waiting = waitingFor({ kind: 'throttled' }, 'Waiting for AWS to accept more requests', error, tries);
  for (const image of world.images) if (image.state === 'making') image.waiting = waiting;
  const machine = world.machine('launch-1');
  if (machine.view.image_job !== null) machine.view.image_job.waiting = waiting;
  machine.view.server.doing = waiting.words;
  machine.publish();
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
  run(world, { ...paidFor, name: 'fabrikam-demo', size: 't3.large', stop_after_minutes: 480 }, 134);
  run(world, { ...paidFor, name: 'kx13-upgrade', fail_at: 'sql-express' }, 26);
  run(world, paidFor, 10.4);
  world.machines.forEach((one) => one.publish());
}

/** AWS told no price. */
function unpriced(world: World): void {
  world.paidPrices = NO_PRICES;
  world.paidCatalog.sizes.forEach((one) => (one.usd_per_hour = null));
  paid(world);
}

/** All but one of the account's vCPUs are taken. */
function noQuota(world: World): void {
  paid(world);
  const taken = {
    about: 'vCPU quota',
    verdict: 'blocking' as const,
    text: '30 of 32 vCPUs are in use, and this size needs 4.',
    fix: 'Stop a server that is not needed, or ask AWS for more under Service Quotas.',
  };
  world.findings = FINDINGS.map((one) => (one.about === taken.about ? taken : one));
}

/** A launch on EC2 that waits for the user. */
function waitOnEc2(world: World, minutes: number, waiting: () => WaitingView): void {
  paid(world);
  const machine = run(world, { region: 'eu-central-1', size: 't3.xlarge', name: 'contoso-shop' }, minutes);
  const now = world.clock.now;
  wait(machine.view, { ...waiting(), since: now - 3 * MINUTE, tries: 13, next: now + 9_000 });
  machine.become('parked', machine.view.waiting?.error.sentence);
}

/** What a t3.xlarge costs there with its disk and its address. */
const RATE = priceOf(PAID_CATALOG.sizes.find((one) => one.id === 't3.xlarge'), DRAFT.disk_gib, PRICES).hourly ?? 0;

function noRoom(world: World): void {
  const error = failure('no_capacity', 'AWS has no t3.xlarge free in zone eu-central-1a at the moment.', 'Take one of these instead, or try again later: nothing has been created that costs money.');
  waitOnEc2(world, 0.02, () =>
    waitingFor({ kind: 'capacity' }, 'Waiting for free capacity at AWS', error, {
      ends_by_itself: true,
      actions: ['take_offer', 'try_again', 'give_up'],
      offers: [
        { id: 'zone-b', zone: 'eu-central-1b', size: 't3.xlarge', usd_per_hour: RATE },
        { id: 'sibling', zone: 'eu-central-1a', size: 't3a.xlarge', usd_per_hour: RATE - 0.02 },
        { id: 'steady', zone: 'eu-central-1a', size: 'm7i.xlarge', usd_per_hour: null },
      ],
    }),
  );
}

function unconnected(world: World): void {
  const hint = 'Choose a subnet, or let Slipway create the default network. Nothing was started and nothing costs money.';
  const error = failure('network_missing', 'Network: The region has no default network.', hint);
  waitOnEc2(world, 0.02, () =>
    waitingFor({ kind: 'network_missing' }, 'Waiting for a network in this region', error, {
      actions: ['create_network', 'try_again', 'give_up'],
    }),
  );
  world.paidCatalog.networks = [];
}

function expired(world: World): void {
  const sentence = 'The sign-in of “Contoso – production” has expired.';
  const error = failure('credentials_expired', sentence, 'Sign in again, then try again. The server goes on by itself meanwhile.');
  waitOnEc2(world, 2, () =>
    waitingFor({ kind: 'sign_in' }, 'Waiting for a new sign-in', error, { actions: ['try_again', 'check_profile', 'give_up'] }),
  );
}

function silent(world: World): void {
  const sentence = 'Windows has been ready for 10 minutes, but the installer has not answered.';
  const hint = 'If you are on another network than when you launched, allow your current address. Otherwise look whether a firewall on your side blocks port 8080.';
  waitOnEc2(world, 4.1, () =>
    waitingFor({ kind: 'agent_silent' }, 'Waiting for the installer to answer', failure('agent_silent', sentence, hint), {
      ends_by_itself: true,
      actions: ['try_again', 'allow_current_ip', 'give_up'],
    }),
  );
}

/** Somebody else answers for the server than its console tells of. */
function mismatch(world: World): void {
  const sentence = 'What answers for “contoso-shop” is not its installer: its console shows other keys.';
  const hint =
    'Somebody may be between this computer and the server. Nothing it says is acted on. Try another network, or terminate the server.';
  waitOnEc2(world, 4.1, () =>
    waitingFor(
      { kind: 'keys_mismatched' },
      "Waiting for you: the server's keys do not match",
      failure('identity_mismatch', sentence, hint),
      { actions: ['try_again', 'give_up'] },
    ),
  );
  const { view } = world.machine('launch-4');
  view.connection = { ...view.connection, state: 'live', verified: false, mismatched: true, since: world.clock.now };
  world.machine('launch-4').publish();
}

/** This computer is on another network than when it launched. */
function away(world: World): void {
  paid(world);
  const { view } = world.machine('launch-3');
  view.connection = { ...view.connection, state: 'reconnecting', since: world.clock.now - 95_000 };
  world.machine('launch-3').publish();
}

function paidOff(world: World): void {
  paid(world);
  world.machine('launch-1').off();
}

function profilesBroken(world: World): void {
  paid(world);
  world.faults.set('fileProfiles', failure('internal', 'The files of the AWS tools can’t be read.', 'Look whether ~/.aws belongs to you.'));
  const offline = failure('unreachable', 'AWS does not answer.', 'Look at the connection of this computer, then check again.');
  for (const call of ['doctor', 'sweep']) world.faults.set(call, offline);
}

/** Something in every state, and nothing but harmful texts in it. Which of them, the address says: `&batch=3`. */
function hostile(world: World): void {
  noRoom(world);
  world.makeImage('launch-1', 'kept', 'to be poisoned');
  world.clock.advance(4 * MINUTE);
  world.makeImage('launch-1', 'failed', 'to be poisoned');
  Object.assign(world.images[1] ?? {}, { state: 'failed', error: { ...UNREADABLE, causes: ['one'], request_id: 'id' } });
  world.machine('launch-1').view.image_job = null;
  world.machine('launch-1').become('ready');
  run(world, { name: 'running', region: 'eu-central-1', size: 't3.xlarge' }, 9);
  world.brokenRecipes = [{ ...UNREADABLE, causes: ['one', 'two'] }];
  poison(world, Number(asked().get('batch') ?? 0), HOSTILE_BATCHES);
}

/** A log of 100,000 lines, or as many as the address says: `&lines=1000`. */
function long(world: World): void {
  const machine = run(world, {}, 9);
  machine.log.length = 0;
  machine.before = Number(asked().get('lines') ?? 100_000);
  machine.publish();
}

function asked(): URLSearchParams {
  return new URLSearchParams(globalThis.location?.search ?? '');
}
