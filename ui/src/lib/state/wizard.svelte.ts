// The wizard's answers, and what is still missing. Secrets are held here only and never saved.
import type { Backend } from '../backend';
import type { CatalogView, Draft, FamilyView, FindingView, ImageView, InputView, RecipeView, SizeView } from '../bindings';
import { blockedBy } from '../wizard/blocked';
import { check, type Problems } from '../wizard/checks';
import { Loadable } from './loadable.svelte';

export const LEAST_DISK_GIB = 30;

const EMPTY: Draft = {
  stage: 0,
  name: '',
  recipe: '',
  image: null,
  inputs: {},
  family: null,
  region: '',
  network: null,
  size: '',
  disk_gib: 60,
  own_password: false,
  public_site: true,
  stop_after_minutes: null,
  stop_failed_after_minutes: null,
  allowed_from: [],
  fail_at: null,
  run_own_recipe: false,
};

export class Wizard {
  draft = $state<Draft>(structuredClone(EMPTY));
  password = $state('');
  secrets = $state<Record<string, string>>({});
  readonly catalog: Loadable<CatalogView>;
  readonly recipes: () => RecipeView[];
  readonly images: () => ImageView[];
  /** The names that are taken. */
  readonly names: () => string[];
  /** It is launched in the practice world, which has one place and no networks. */
  readonly practice: () => boolean;
  /** A region is being looked into, or a network made. */
  moving = $state(false);
  /** The checks before the launch are under way. */
  checking = $state(false);
  /** What they found the last time. */
  findings = $state.raw<FindingView[]>([]);
  #backend: Backend;
  #saving: ReturnType<typeof setTimeout> | undefined;

  constructor(backend: Backend, known: Pick<Wizard, 'recipes' | 'images' | 'names' | 'practice'>) {
    this.#backend = backend;
    this.recipes = known.recipes;
    this.images = known.images;
    this.names = known.names;
    this.practice = known.practice;
    this.catalog = new Loadable(() => backend.catalog());
  }

  get recipe(): RecipeView | undefined {
    return this.recipes().find((one) => one.id === this.draft.recipe);
  }

  get image(): ImageView | undefined {
    return this.images().find((one) => one.id === this.draft.image);
  }

  get size(): SizeView | undefined {
    return this.catalog.value?.sizes.find((one) => one.id === this.draft.size);
  }

  /** The size that suits the recipe, as the engine proposes it; empty while nothing is known of sizes. */
  get recommended(): string {
    const proposals = this.catalog.value?.proposals ?? {};
    return (proposals[this.draft.recipe] ?? proposals[''])?.recommended ?? '';
  }

  /** The Windows that the recipe can be installed on here, the proposed one first. An image brings its own. */
  get families(): FamilyView[] {
    if (this.draft.image !== null) return [];
    const known = this.catalog.value?.families ?? [];
    return (this.recipe?.families ?? []).flatMap((id) => known.find((one) => one.id === id) ?? []);
  }

  get family(): FamilyView | undefined {
    return this.families.find((one) => one.id === this.draft.family) ?? this.families[0];
  }

  get leastDisk(): number {
    return Math.max(LEAST_DISK_GIB, this.recipe?.least_disk_gib ?? 0, Math.ceil(this.image?.size_gib ?? 0));
  }

  /** What is asked: a launch from an image asks nothing of the recipe again. */
  get questions(): InputView[] {
    return this.draft.image === null ? (this.recipe?.inputs ?? []) : [];
  }

  /** The recipe is the user's own file, and its steps would run as programs on this computer for the first time. */
  get asksToRun(): boolean {
    return this.practice() && (this.recipe?.unasked ?? false);
  }

  get problems(): Problems {
    const { draft, password, secrets } = this;
    const sizes = this.catalog.value?.sizes.map((one) => one.id) ?? [];
    const noNetwork = !this.practice() && this.catalog.value?.networks.length === 0;
    const { questions, leastDisk, asksToRun } = this;
    const known = { questions, leastDisk, names: this.names(), sizes, noNetwork, asksToRun };
    return check({ draft, password, secrets }, known);
  }

  /** Why the answers can't be launched, though nothing is missing in them; empty where they can. */
  get inTheWay(): string {
    return this.checking ? 'The checks are still under way.' : blockedBy(this.findings);
  }

  /** Brings back the answers of last time, or begins anew; fills in what only one answer is possible for. */
  async open(from: { image?: string; recipe?: string; region?: string }): Promise<void> {
    const [saved] = await Promise.all([this.#backend.draft(), this.catalog.load()]);
    // What was allowed for the file of last time does not hold for another content of it.
    this.draft = { ...structuredClone(EMPTY), ...(saved ?? {}), run_own_recipe: false };
    if (from.image !== undefined) this.chooseImage(from.image);
    if (from.recipe !== undefined) this.chooseRecipe(from.recipe);
    this.settle(from.region);
  }

  /** Answers that are not offered (any more) give way to those that are. */
  settle(region: string | undefined): void {
    // Another profile may be in use since the answers were saved.
    if (this.draft.image === null && this.recipe === undefined) this.draft.recipe = '';
    const [only, ...others] = [...this.recipes(), ...this.images()];
    if (this.draft.recipe === '' && only !== undefined && others.length === 0) this.chooseRecipe(only.id);
    const catalog = this.catalog.value;
    if (catalog === null) return;
    const offered = catalog.regions.filter((one) => one.enabled).map((one) => one.id);
    // What is shown of sizes and networks is the profile's region's; another one is switched to, not remembered.
    if (region !== undefined && offered.includes(region)) this.draft.region = region;
    else if (!offered.includes(this.draft.region)) this.draft.region = offered[0] ?? '';
    // It is not asked in the practice world, where nobody comes from elsewhere.
    if (this.practice()) this.draft.allowed_from = [];
    if (!this.families.some((one) => one.id === this.draft.family)) this.draft.family = null;
    if (!catalog.networks.some((one) => one.id === this.draft.network)) this.draft.network = null;
    if (catalog.sizes.some((one) => one.id === this.draft.size)) return;
    this.draft.size = this.recommended;
  }

  /** Does what changes the catalog, then looks at it anew. */
  async move(change: () => Promise<unknown>, region: string): Promise<void> {
    const before = this.draft.region;
    this.draft.region = region;
    this.moving = true;
    try {
      await change();
      await this.catalog.load();
      this.settle(region);
    } catch (thrown) {
      this.draft.region = before;
      throw thrown;
    } finally {
      this.moving = false;
    }
  }

  chooseRecipe(id: string): void {
    const recipe = this.recipes().find((one) => one.id === id);
    if (recipe === undefined) return;
    const changed = this.draft.recipe !== id || this.draft.image !== null;
    this.draft.recipe = id;
    this.draft.image = null;
    if (changed) {
      this.draft.run_own_recipe = false;
      this.draft.family = null;
      this.draft.fail_at = null;
      this.draft.size = this.recommended;
    }
    for (const input of recipe.inputs) this.draft.inputs[input.id] ??= input.kind === 'secret' ? '' : input.default;
    this.draft.disk_gib = Math.max(this.draft.disk_gib, this.leastDisk);
  }

  chooseImage(id: string): void {
    const image = this.images().find((one) => one.id === id);
    if (image === undefined) return;
    this.draft.image = id;
    this.draft.recipe = image.recipe ?? '';
    this.draft.run_own_recipe = false;
    this.draft.size = this.recommended;
    this.draft.family = null;
    this.draft.fail_at = null;
    this.draft.disk_gib = Math.max(this.draft.disk_gib, this.leastDisk);
  }

  /** Saves at once what was to be saved in a moment: the window may be about to close. */
  flush(): void {
    if (this.#saving === undefined) return;
    clearTimeout(this.#saving);
    this.#saving = undefined;
    void this.#save().catch(() => undefined);
  }

  /** Saves a moment after the last change, so that typing does not write at every key. */
  keep(): void {
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.flush(), 300);
  }

  async launch(): Promise<string> {
    this.#forgetSaving();
    const secret = new Set(this.questions.filter((one) => one.kind === 'secret').map((one) => one.id));
    const inputs = Object.fromEntries(Object.entries(this.secrets).filter(([id]) => secret.has(id)));
    const administrator = this.draft.own_password ? this.password : null;
    const id = await this.#backend.launch($state.snapshot(this.draft), { administrator, inputs });
    await this.#backend.saveDraft(null);
    return id;
  }

  async discard(): Promise<void> {
    this.#forgetSaving();
    await this.#backend.saveDraft(null);
  }

  #forgetSaving(): void {
    clearTimeout(this.#saving);
    this.#saving = undefined;
  }

  #save(): Promise<void> {
    return this.#backend.saveDraft($state.snapshot(this.draft));
  }
}
