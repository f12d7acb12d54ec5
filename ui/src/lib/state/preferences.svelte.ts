// The settings, and the theme they ask for.
import type { Backend } from '../backend';
import type { SettingsView } from '../bindings';
import { Loadable } from './loadable.svelte';

export class Preferences extends Loadable<SettingsView> {
  #backend: Backend;
  systemDark = $state(false);

  constructor(backend: Backend) {
    super(() => backend.settings());
    this.#backend = backend;
  }

  /** The theme to draw in. */
  get theme(): 'light' | 'dark' {
    const wanted = this.value?.theme ?? 'system';
    if (wanted !== 'system') return wanted;
    return this.systemDark ? 'dark' : 'light';
  }

  /** Changes the settings once that is kept. */
  async keep(part: Partial<SettingsView>): Promise<void> {
    if (this.value === null) return;
    this.put(await this.#backend.updateSettings({ ...this.value, ...part }));
  }

  /** Shows the change at once; takes it back when it can't be kept. */
  async change(part: Partial<SettingsView>): Promise<void> {
    const before = this.value;
    if (before === null) return;
    this.put({ ...before, ...part });
    try {
      await this.keep(part);
    } catch (thrown) {
      this.put(before);
      throw thrown;
    }
  }
}
