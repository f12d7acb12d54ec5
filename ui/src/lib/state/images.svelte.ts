// The list of images.
import type { ImageView } from '../bindings';
import { Loadable } from './loadable.svelte';

export class Images extends Loadable<ImageView[]> {
  /** Newest first. */
  get sorted(): ImageView[] {
    return [...(this.value ?? [])].sort((a, b) => b.created - a.created);
  }
}
