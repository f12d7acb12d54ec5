// The list of servers: from a full list, then kept up by snapshots.
import type { ServerView } from '../bindings';
import { Loadable } from './loadable.svelte';
import { newer } from './revision';

export class Servers extends Loadable<ServerView[]> {
  /** A snapshot of one server; an older one than is shown is dropped. */
  override put(value: ServerView[] | ServerView): void {
    if (Array.isArray(value)) {
      const known = this.value ?? [];
      super.put(value.map((server) => newer(known.find((one) => one.id === server.id), server)));
      return;
    }
    if (this.value === null) return;
    const at = this.value.findIndex((one) => one.id === value.id);
    if (at < 0) super.put([value, ...this.value]);
    else super.put(this.value.with(at, newer(this.value[at], value)));
  }

  /** Those that still are, newest first. */
  get living(): ServerView[] {
    return (this.value ?? []).filter((one) => one.status !== 'terminated').sort((a, b) => b.created - a.created);
  }
}
