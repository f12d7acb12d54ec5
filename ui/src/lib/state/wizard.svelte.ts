// The wizard's answers, and what is still missing. Secrets are held here only and never saved.
import type { Backend } from '../backend';
import type { CatalogView, Draft, ImageView, InputView, RecipeView, SizeView } from '../bindings';
import { check, type Problems } from '../wizard/checks';
import { Loadable } from './loadable.svelte';

export const LEAST_DISK_GIB = 30;

const EMPTY: Draft = {
  stage: 0,
  name: '',
  recipe: '',
  image: null,
  inputs: {},
  region: '',
  network: null,
  size: '',
  disk_gib: 60,
  own_password: false,
  public_site: true,
  fail_at: null,
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
  #backend: Backend;
  #saving: ReturnType<typeof setTimeout> | undefined;

  constructor(backend: Backend, known: Pick<Wizard, 'recipes' | 'images' | 'names'>) {
    this.#backend = backend;
    this.recipes = known.recipes;
    this.images = known.images;
    this.names = known.names;
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

  get leastDisk(): number {
    return Math.max(LEAST_DISK_GIB, this.recipe?.least_disk_gib ?? 0, Math.ceil(this.image?.size_gib ?? 0));
  }

  /** What is asked: a launch from an image asks nothing of the recipe again. */
  get questions(): InputView[] {
    return this.draft.image === null ? (this.recipe?.inputs ?? []) : [];
  }

  get problems(): Problems {
    const { draft, password, secrets } = this;
    const sizes = this.catalog.value?.sizes.map((one) => one.id) ?? [];
    const known = { questions: this.questions, leastDisk: this.leastDisk, names: this.names(), sizes };
    return check({ draft, password, secrets }, known);
  }

  /** Brings back the answers of last time, or begins anew; fills in what only one answer is possible for. */
  async open(from: { image?: string; recipe?: string }): Promise<void> {
    const [saved] = await Promise.all([this.#backend.draft(), this.catalog.load()]);
    this.draft = { ...structuredClone(EMPTY), ...(saved ?? {}) };
    if (from.image !== undefined) this.chooseImage(from.image);
    if (from.recipe !== undefined) this.chooseRecipe(from.recipe);
    const region = this.catalog.value?.regions.find((one) => one.enabled);
    if (this.draft.region === '' && region !== undefined) this.draft.region = region.id;
    const demo = this.catalog.value?.sizes.find((one) => one.fits === 'demo');
    if (this.draft.size === '' && demo !== undefined) this.draft.size = demo.id;
  }

  chooseRecipe(id: string): void {
    const recipe = this.recipes().find((one) => one.id === id);
    if (recipe === undefined) return;
    const changed = this.draft.recipe !== id || this.draft.image !== null;
    this.draft.recipe = id;
    this.draft.image = null;
    if (changed) this.draft.fail_at = null;
    for (const input of recipe.inputs) this.draft.inputs[input.id] ??= input.kind === 'secret' ? '' : input.default;
    this.draft.disk_gib = Math.max(this.draft.disk_gib, this.leastDisk);
  }

  chooseImage(id: string): void {
    const image = this.images().find((one) => one.id === id);
    if (image === undefined) return;
    this.draft.image = id;
    this.draft.recipe = image.recipe ?? '';
    this.draft.fail_at = null;
    this.draft.disk_gib = Math.max(this.draft.disk_gib, this.leastDisk);
  }

  /** Saves a moment after the last change, so that typing does not write at every key. */
  keep(): void {
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => void this.#save().catch(() => undefined), 300);
  }

  async launch(): Promise<string> {
    clearTimeout(this.#saving);
    const secret = new Set(this.questions.filter((one) => one.kind === 'secret').map((one) => one.id));
    const inputs = Object.fromEntries(Object.entries(this.secrets).filter(([id]) => secret.has(id)));
    const administrator = this.draft.own_password ? this.password : null;
    const id = await this.#backend.launch($state.snapshot(this.draft), { administrator, inputs });
    await this.#backend.saveDraft(null);
    return id;
  }

  async discard(): Promise<void> {
    clearTimeout(this.#saving);
    await this.#backend.saveDraft(null);
  }

  #save(): Promise<void> {
    return this.#backend.saveDraft($state.snapshot(this.draft));
  }
}
