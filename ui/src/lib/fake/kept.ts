// What survives a reload of the page, as the journal survives quitting: the wizard's draft.
import type { Draft } from '../bindings';

const KEY = 'slipway-draft';

export function keptDraft(): Draft | null {
  return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Draft | null;
}

export function keepDraft(draft: Draft | null): void {
  sessionStorage.setItem(KEY, JSON.stringify(draft));
}
