// The fake world: profiles, servers, images, settings, and the clock they live by.
import type {
  CatalogView,
  Draft,
  Event,
  FileProfileView,
  FindingView,
  ImageView,
  LeftoverView,
  LogLine,
  LogPage,
  LogQuery,
  PlannedStep,
  PricesView,
  ProfileView,
  RdpCertificate,
  RecipeView,
  SettingsView,
} from '../bindings';
import type { Failure } from '../failure';
import { priceOf } from '../wizard/price';
import { PAID_CATALOG, PRACTICE_CATALOG, PRACTICE_PROFILE, SETTINGS } from './catalog';
import { FILE_PROFILES, FINDINGS, LEFTOVERS, NO_PRICES, PRICES } from './account';
import { FakeClock } from './clock';
import { CONSOLE } from './inside';
import { Machine } from './machine';
import { RECIPES } from './recipes';
import { freshLaunch, freshServer, placeOf } from './views';

// A fixed day, so that two runs look the same.
const BEGIN = Date.UTC(2026, 10, 22, 14, 10, 0);
const MINUTE = 60_000;

export function failure(kind: Failure['kind'], sentence: string, hint = ''): Failure {
  return { kind, sentence, hint, causes: [], request_id: null };
}

export class World {
  /** What Remote Desktop shows, wherever it is asked. */
  rdpCertificate: RdpCertificate = 'same';
  readonly clock = new FakeClock(BEGIN);
  machines: Machine[] = [];
  images: ImageView[] = [];
  profiles: ProfileView[] = [{ ...PRACTICE_PROFILE }];
  recipes: RecipeView[] = structuredClone(RECIPES);
  /** Recipe files that can't be used. */
  brokenRecipes: Failure[] = [];
  settings: SettingsView = { ...SETTINGS };
  draft: Draft | null = null;
  fileProfiles: FileProfileView[] = structuredClone(FILE_PROFILES);
  leftovers: LeftoverView[] = structuredClone(LEFTOVERS);
  findings: FindingView[] = FINDINGS;
  /** The places and sizes of the account. */
  paidCatalog: CatalogView = structuredClone(PAID_CATALOG);
  paidPrices: PricesView = PRICES;
  /** What was not told yet beside what was asked for. */
  notices: string[] = [];
  /** What stands on every server's console. */
  console = CONSOLE;
  /** The next calls of these names fail with this. */
  faults = new Map<string, Failure>();
  /** Calls of these names are never answered. */
  silent = new Set<string>();
  /** Calls that take some milliseconds, by name. */
  slow = new Map<string, number>();
  #listeners = new Set<(event: Event) => void>();
  #revision = 1;
  #count = 0;

  get profile(): ProfileView {
    return this.profiles.find((one) => one.current) ?? PRACTICE_PROFILE;
  }

  get catalog(): CatalogView {
    return this.profile.practice ? PRACTICE_CATALOG : this.paidCatalog;
  }

  get prices(): PricesView {
    return this.profile.practice ? NO_PRICES : this.paidPrices;
  }

  listen(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: Event): void {
    this.#listeners.forEach((listener) => listener(structuredClone(event)));
  }

  notice(text: string): void {
    this.notices.push(text);
    this.tell({ type: 'notice' });
  }

  tellList(): void {
    this.tell({ type: 'list', revision: ++this.#revision });
  }

  machine(id: string): Machine {
    const found = this.machines.find((one) => one.view.server.id === id);
    if (found === undefined) throw failure('not_found', 'This server is not here.', 'Go back to Servers.');
    return found;
  }

  launch(draft: Draft): Machine {
    const { practice, name, region } = this.profile;
    if (this.machines.some((one) => one.view.server.name === draft.name && one.view.server.status !== 'terminated')) {
      throw failure('name_taken', `A server called ${draft.name} is there already.`, 'Choose another name.');
    }
    const recipe = this.recipes.find((one) => one.id === draft.recipe);
    const image = this.images.find((one) => one.id === draft.image);
    const steps = stepsOf(recipe, image !== undefined);
    const size = this.catalog.sizes.find((one) => one.id === draft.size);
    const rate = priceOf(size, draft.disk_gib, this.prices).hourly;
    const id = `launch-${++this.#count}`;
    const server = freshServer(id, draft, {
      profile: name,
      region: practice ? 'practice' : region,
      recipe: recipe?.title ?? 'Your image',
      image: image?.name ?? null,
      steps_total: steps.length,
      created: this.clock.now,
      usd_per_hour: rate,
      usd_so_far: rate === null ? null : 0,
      stops_at: draft.stop_after_minutes === null ? null : this.clock.now + draft.stop_after_minutes * MINUTE,
      practice,
    });
    const view = freshLaunch(server, steps, image === undefined ? (recipe?.usual ?? null) : (steps[0]?.usual ?? null));
    const machine = new Machine(view, placeOf(practice, this.#count), draft.fail_at, this.clock, {
      changed: (launch) => this.#changed(launch),
      said: (of, lines) => this.tell({ type: 'lines', id: of, lines }),
    });
    this.machines.push(machine);
    machine.start();
    this.tellList();
    return machine;
  }

  terminate(id: string): void {
    const machine = this.machine(id);
    machine.become('terminating');
    machine.later(8_000, () => {
      machine.become('terminated');
      this.tellList();
    });
  }

  makeImage(id: string, name: string, description: string): void {
    const machine = this.machine(id);
    const { server } = machine.view;
    if (server.status !== 'ready') {
      throw failure('wrong_state', `No image can be made of ${server.name} now.`, 'Wait until it is ready.');
    }
    const image: ImageView = {
      id: '',
      name,
      description,
      state: 'making',
      percent: 0,
      size_gib: 60,
      created: this.clock.now,
      recipe: this.recipes.find((one) => one.title === server.recipe)?.id ?? null,
      server: server.name,
      usd_per_month: null,
      error: null,
      waiting: null,
    };
    this.images.push(image);
    machine.view.image_job = { name, phase: 'snapshot', percent: 0, started: this.clock.now, error: null, waiting: null };
    machine.become('making_image');
    for (let percent = 2; percent <= 100; percent += 2) {
      machine.later(percent * 1_800, () => this.#imageAt(machine, image, percent));
    }
    this.tellList();
  }

  logPage(id: string, query: LogQuery): LogPage {
    const { after, before, limit } = query;
    const page: LogLine[] = [];
    let total = 0;
    for (const line of this.machine(id).lines()) {
      if (!matches(query, line)) continue;
      total += 1;
      if (after !== null && (line.number <= after || page.length === limit)) continue;
      if (before !== null && line.number >= before) continue;
      page.push(line);
      // The newest are wanted: the oldest make room.
      if (after === null && page.length > limit) page.shift();
    }
    return { total, lines: page };
  }

  #imageAt(machine: Machine, image: ImageView, percent: number): void {
    const { view } = machine;
    if (view.image_job === null) return;
    image.percent = percent;
    view.image_job.percent = percent;
    view.server.progress = percent / 100;
    if (percent === 100) {
      Object.assign(image, { state: 'available', id: `ami-0${image.created.toString(16).padStart(16, 'a')}` });
      view.image_job.phase = 'done';
      machine.status('ready');
      this.tellList();
    } else machine.publish();
    this.tell({ type: 'image', id: view.server.id, image: view.image_job });
  }

  #changed(launch: Machine['view']): void {
    const { server } = launch;
    server.revision = ++this.#revision;
    if (server.usd_per_hour !== null) {
      server.usd_so_far = server.off ? null : ((this.clock.now - server.created) / (60 * MINUTE)) * server.usd_per_hour;
    }
    this.tell({ type: 'launch', launch });
  }
}

function matches(query: LogQuery, line: LogLine): boolean {
  return (
    (query.step === null || line.step === query.step) &&
    (!query.warnings_only || line.level !== 'info') &&
    (query.search === null || line.text.toLowerCase().includes(query.search.toLowerCase()))
  );
}

/** What is left to do: an image holds everything already, but the last check. */
function stepsOf(recipe: RecipeView | undefined, fromImage: boolean): PlannedStep[] {
  const all = recipe?.steps ?? [];
  if (!fromImage) return all;
  return all.slice(-1).map((one) => ({ ...one, needs: [], planned_start: 0, planned_end: one.usual ?? 0 }));
}
