// Everything the window knows, fed by one listener. Made once, when the backend is open.
import type { Backend } from '../backend';
import type { ActWait, Event, RecipeView } from '../bindings';
import { Images } from './images.svelte';
import { Launches } from './launches.svelte';
import { Loadable } from './loadable.svelte';
import { Now } from './now.svelte';
import { Preferences } from './preferences.svelte';
import { Servers } from './servers.svelte';
import { NOTICE_LASTS_MS, toast } from './toasts.svelte';
import { printable } from '../words/printable';
import { outOfPlace } from '../words/recipe';

export class Session {
  readonly backend: Backend;
  readonly now: Now;
  readonly preferences: Preferences;
  readonly servers: Servers;
  readonly images: Images;
  readonly launches: Launches;
  readonly recipes;
  /** Recipe files of the user's that can't be used, each with line and reason. */
  readonly brokenRecipes;
  readonly profiles;
  /** Prices beside those of the sizes. Nobody waits for them: without them a price is unknown. */
  readonly prices;
  /** What a command waits for that takes longer than usual. */
  wait = $state.raw<ActWait | null>(null);

  constructor(backend: Backend) {
    this.backend = backend;
    this.now = new Now(() => backend.now());
    this.preferences = new Preferences(backend);
    this.servers = new Servers(() => backend.listServers());
    this.images = new Images(() => backend.listImages());
    this.launches = new Launches(backend);
    this.recipes = new Loadable(() => backend.listRecipes());
    this.brokenRecipes = new Loadable(() => backend.brokenRecipes());
    this.profiles = new Loadable(() => backend.listProfiles());
    this.prices = new Loadable(() => backend.prices());
  }

  /** Loads what every screen shows and follows the events; gives the way to stop. */
  async start(): Promise<() => void> {
    // What no event tells of need not wait until events are heard.
    const untold = [this.preferences.load(), this.profiles.load(), this.recipes.load(), this.brokenRecipes.load()];
    const stop = await this.backend.subscribe((event) => this.hear(event));
    await Promise.all([...untold, this.servers.load(), this.images.load()]);
    void this.prices.load();
    void this.#tell();
    return stop;
  }

  /** Another profile: nothing of the one before may stay on the screen. */
  async switchProfile(name: string): Promise<void> {
    await this.backend.switchProfile(name);
    this.servers.forget();
    this.images.forget();
    this.launches.forget();
    this.prices.forget();
    void this.prices.load();
    await Promise.all([this.profiles.load(), this.servers.load(), this.images.load()]);
  }

  /** The profile in use works elsewhere from now on. */
  async switchRegion(region: string): Promise<void> {
    await this.backend.switchRegion(region);
    this.prices.forget();
    void this.prices.load();
    await Promise.all([this.profiles.load(), this.images.load()]);
  }

  /** The first screen has what it shows, or the reason why not. */
  get answered(): boolean {
    return !this.preferences.loading && !this.servers.loading;
  }

  /** The profile in use is the practice world, as far as is known. */
  get practice(): boolean {
    return this.profiles.value?.find((one) => one.current)?.practice ?? true;
  }

  /** The recipes that the profile in use can launch. */
  get installable(): RecipeView[] {
    return this.recipes.value?.filter((one) => outOfPlace(one, this.practice) === '') ?? [];
  }

  hear(event: Event): void {
    switch (event.type) {
      case 'launch':
        this.launches.put(event.launch);
        this.servers.put(event.launch.server);
        break;
      case 'lines':
        this.launches.lines(event.id, event.lines, event.left_out);
        break;
      case 'image':
        void this.images.load();
        break;
      case 'notice':
        void this.#tell();
        break;
      case 'waits':
        this.wait = event.wait;
        break;
      case 'list':
        void this.servers.load();
        void this.images.load();
        break;
    }
  }

  async #tell(): Promise<void> {
    const notices = await this.backend.notices().catch(() => []);
    for (const one of notices) toast(printable(one, 400), 'bad', '', NOTICE_LASTS_MS);
  }
}
