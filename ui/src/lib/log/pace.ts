// How fast the live tail plays: the more is buffered the faster, and never later than two seconds.
import type { LogLine } from '../bindings';

/** No line waits longer than this, in milliseconds. */
export const LATEST_MS = 2000;
/** Lines a second when next to nothing is buffered. */
const CALM = 8;
/** The buffer is to be played within this, in seconds. */
const WITHIN = 1.2;

export interface Buffered {
  /** Lines that wait. */
  count: number;
  /** Of them, those that have waited for `LATEST_MS`. */
  overdue: number;
}

export interface Step {
  /** Lines to show now. */
  show: number;
  /** The part of a line that is left over for the next step. */
  credit: number;
}

/** What to show after `elapsed` milliseconds, with the credit of the step before. */
export function pace(buffered: Buffered, elapsed: number, credit: number): Step {
  if (buffered.count === 0) return { show: 0, credit: 0 };
  const rate = Math.max(CALM, buffered.count / WITHIN);
  const earned = credit + (rate * elapsed) / 1000;
  const show = Math.min(buffered.count, Math.max(Math.floor(earned), buffered.overdue));
  return { show, credit: Math.max(0, Math.min(1, earned - show)) };
}

/** A batch that spans more time than we may lag behind was not live: it was caught up and appears at once. */
export function caughtUp(batch: LogLine[]): boolean {
  const [first, last] = [batch.at(0), batch.at(-1)];
  return first !== undefined && last !== undefined && last.time - first.time > LATEST_MS;
}
