// The launches that were looked at: their newest snapshot, and who wants their new log lines.
import { SvelteMap } from 'svelte/reactivity';
import type { Backend } from '../backend';
import type { LaunchView, LogLine } from '../bindings';
import { failureOf, type Failure } from '../failure';

/** New lines, and how many before them were left out. */
type LineListener = (lines: LogLine[], leftOut: number) => void;

export class Launches {
  readonly byId = new SvelteMap<string, LaunchView>();
  readonly failures = new SvelteMap<string, Failure>();
  #listeners = new Map<string, Set<LineListener>>();
  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async watch(id: string): Promise<void> {
    try {
      this.put(await this.#backend.watch(id));
      this.failures.delete(id);
    } catch (thrown) {
      this.failures.set(id, failureOf(thrown));
    }
  }

  put(launch: LaunchView): void {
    const known = this.byId.get(launch.server.id);
    if (known !== undefined && known.server.revision > launch.server.revision) return;
    this.byId.set(launch.server.id, launch);
  }

  lines(id: string, lines: LogLine[], leftOut = 0): void {
    this.#listeners.get(id)?.forEach((listener) => listener(lines, leftOut));
  }

  /** Calls back with the launch's new lines until the returned function is called. */
  onLines(id: string, listener: LineListener): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  forget(): void {
    this.byId.clear();
    this.failures.clear();
  }
}
