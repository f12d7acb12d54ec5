// Copies what is no secret. Passwords are copied by the engine.
import { attempt } from './toasts.svelte';

export function copy(text: string, what: string): Promise<boolean> {
  return attempt(() => navigator.clipboard.writeText(text), `${what} copied.`);
}
