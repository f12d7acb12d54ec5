// Short notes in the corner. Everything that wants to say something in passing calls `toast`.
import { failureOf } from '../failure';

export interface Toast {
  id: number;
  text: string;
  hint: string;
  tone: 'ok' | 'bad';
}

const LASTS_MS = { ok: 4000, bad: 12_000 };
/** For what comes while the user may look elsewhere. */
export const NOTICE_LASTS_MS = 60_000;

export const toasts = $state<Toast[]>([]);
let next = 1;

export function toast(text: string, tone: Toast['tone'] = 'ok', hint = '', lasts = LASTS_MS[tone]): void {
  const id = next++;
  toasts.push({ id, text, hint, tone });
  // More than three would hide the screen.
  if (toasts.length > 3) toasts.shift();
  setTimeout(() => dismiss(id), lasts);
}

export function dismiss(id: number): void {
  const at = toasts.findIndex((one) => one.id === id);
  if (at >= 0) toasts.splice(at, 1);
}

/** Does it; says so when it worked, says why when it did not. */
export async function attempt(work: () => Promise<unknown>, done = ''): Promise<boolean> {
  try {
    await work();
    if (done !== '') toast(done);
    return true;
  } catch (thrown) {
    const failure = failureOf(thrown);
    toast(failure.sentence, 'bad', failure.hint);
    return false;
  }
}
