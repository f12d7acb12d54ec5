// The engine's stand-in: a whole world in memory, for tests, pictures and design work in a browser.
import type { Backend } from './backend';
import type { ServerView } from './bindings';
import { NETWORKS, titleOf } from './fake/catalog';
import { keepDraft, keptDraft } from './fake/kept';
import { pictureOfAScreen } from './fake/inside';
import { profileCalls } from './fake/profiles';
import { sceneOf } from './fake/scenes';
import type { World } from './fake/world';

/** What tests and pictures drive the world by. */
export interface FakeControl {
  world: World;
  advance(millis: number): void;
}

/** Opens the world that the address asks for: `?scene=busy&clock=manual`. */
export async function open(): Promise<Backend> {
  const asked = new URLSearchParams(location.search);
  const world = sceneOf(asked.get('scene') ?? 'busy');
  world.draft = keptDraft();
  if (asked.get('clock') !== 'manual') world.clock.run(() => world.settings.practice_speed);
  Object.assign(window, { slipwayFake: { world, advance: (millis) => world.clock.advance(millis) } satisfies FakeControl });
  return answering(fakeBackend(world), world);
}

/** The world as a backend. */
export function fakeBackend(world: World): Backend {
  return {
    now: () => world.clock.now,
    subscribe: async (listener) => world.listen(listener),

    settings: async () => world.settings,
    updateSettings: async (settings) => (world.settings = settings),
    notices: async () => world.notices.splice(0),
    listProfiles: async () => world.profiles,
    switchProfile: async (name) => world.profiles.forEach((one) => (one.current = one.name === name)),
    ...profileCalls(world),

    listServers: async () => serversOf(world),
    listImages: async () => world.images,
    listRecipes: async () => world.recipes,
    brokenRecipes: async () => world.brokenRecipes,
    catalog: async () => world.catalog,
    prices: async () => world.prices,
    switchRegion: async (region) => void Object.assign(world.profile, { region, region_title: titleOf(region) }),
    createDefaultNetwork: async () => void (world.paidCatalog.networks = NETWORKS),

    draft: async () => world.draft,
    saveDraft: async (draft) => {
      world.draft = draft;
      keepDraft(draft);
    },
    launch: async (draft) => world.launch(draft).view.server.id,

    watch: async (id) => world.machine(id).view,
    logPage: async (id, query) => world.logPage(id, query),
    saveLog: async (id) => `~/Downloads/${world.machine(id).view.server.name}.log`,
    resume: async (id) => goOn(world, id),
    trustConnection: async (id) => {
      world.machine(id).view.connection.trusted = true;
      goOn(world, id);
    },
    takeOffer: async (id, offer) => {
      const { view } = world.machine(id);
      view.server.size = view.waiting?.offers.find((one) => one.id === offer)?.size ?? view.server.size;
      goOn(world, id);
    },
    addressChanged: async (id) => {
      const machine = world.machine(id);
      if (machine.view.access !== null) machine.view.access.allowed_from = ['93.184.216.77'];
      if (machine.view.waiting !== null) goOn(world, id);
      machine.view.connection.state = machine.view.connection.state === 'none' ? 'none' : 'live';
      machine.publish();
    },
    retry: async (id, restart) => world.machine(id).retry(restart),
    extend: async (id, minutes) => {
      const machine = world.machine(id);
      machine.view.server.stops_at = world.clock.now + minutes * 60_000;
      machine.publish();
    },
    cancel: async (id) => world.terminate(id),
    terminate: async (id) => world.terminate(id),
    serverAct: async (id, act) => {
      const machine = world.machine(id);
      if (act === 'stop') {
        machine.become('stopping');
        machine.later(20_000, () => machine.off());
      } else {
        machine.become('starting');
        machine.later(30_000, () => machine.on());
      }
    },

    createImage: async (id, name, description) => world.makeImage(id, name, description),
    deleteImage: async (id) => {
      world.images = world.images.filter((one) => one.id !== id);
      world.tellList();
    },

    access: async (id) => {
      const { access } = world.machine(id).view;
      if (access === null) throw new Error('not yet');
      return access;
    },
    console: async () => world.console,
    screenshot: async (id) => (world.machine(id).view.server.practice ? null : pictureOfAScreen()),
    openSite: async () => {},
    saveRdp: async (id) => `~/Downloads/${world.machine(id).view.server.name}.rdp`,
    connectRdp: async () => {},
    rdpCertificate: async () => world.rdpCertificate,
    revealPassword: async (_, of) => (of === 'administrator' ? 'v7!Kd-example-9Qz' : 'site-example-4Tm'),
    copyPassword: async () => {},
  };
}

function goOn(world: World, id: string): void {
  const machine = world.machine(id);
  Object.assign(machine.view, { waiting: null, parked: null });
  machine.retry(false);
}

function serversOf(world: World): ServerView[] {
  const all = world.machines.map((one) => one.view.server);
  return all.filter((one) => one.status !== 'terminated' && one.profile === world.profile.name);
}

/** As over a wire: every answer is a copy, and calls can be told to fail, to take a while or to stay unanswered. */
function answering(backend: Backend, world: World): Backend {
  return new Proxy(backend, {
    get(target, name: keyof Backend) {
      // What is no call, such as the `then` that `await` looks for, is not there.
      if (!(name in target) || name === 'now' || name === 'subscribe') return target[name];
      return async (...given: unknown[]) => {
        if (world.silent.has(name) || world.silent.has('*')) return new Promise(() => {});
        const fault = world.faults.get(name) ?? world.faults.get('*');
        if (fault !== undefined) throw fault;
        const delay = world.slow.get(name);
        if (delay !== undefined) await new Promise<void>((done) => world.clock.after(delay, done));
        const call = target[name] as (...given: unknown[]) => Promise<unknown>;
        return structuredClone(await call(...structuredClone(given)));
      };
    },
  });
}
