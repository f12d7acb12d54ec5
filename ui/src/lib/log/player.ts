// Holds live lines back and gives them out at the pace of `pace`, one frame after the other. Where no motion is wanted,
// all that came since the last frame appears with the next.
import type { LogLine } from '../bindings';
import { caughtUp, LATEST_MS, pace } from './pace';

// One frame early, so that a line that is due in between is not late.
const FRAME_MS = 34;
/** More are not held back: frames stand still while nobody sees the window. */
const MOST_WAITING = 1000;

export class Player {
  #waiting: { line: LogLine; since: number }[] = [];
  #credit = 0;
  #last = 0;
  #frame = 0;
  #show: (lines: LogLine[]) => void;
  #still: () => boolean;

  /** `still` tells whether lines are to appear without being played. */
  constructor(show: (lines: LogLine[]) => void, still: () => boolean) {
    this.#show = show;
    this.#still = still;
  }

  push(batch: LogLine[]): void {
    const since = performance.now();
    this.#waiting.push(...batch.map((line) => ({ line, since })));
    if (caughtUp(batch) || this.#waiting.length > MOST_WAITING) return this.#showFirst(this.#waiting.length);
    if (this.#frame !== 0) return;
    this.#last = since;
    this.#frame = requestAnimationFrame((now) => this.#play(now));
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#waiting = [];
  }

  #showFirst(count: number): void {
    if (count > 0) this.#show(this.#waiting.splice(0, count).map((one) => one.line));
  }

  #play(now: number): void {
    if (this.#still()) {
      this.#frame = 0;
      return this.#showFirst(this.#waiting.length);
    }
    // The lines wait in the order they came, so the overdue ones are in front.
    const firstInTime = this.#waiting.findIndex((one) => now - one.since < LATEST_MS - FRAME_MS);
    const overdue = firstInTime < 0 ? this.#waiting.length : firstInTime;
    const step = pace({ count: this.#waiting.length, overdue }, now - this.#last, this.#credit);
    this.#credit = step.credit;
    this.#last = now;
    this.#showFirst(step.show);
    this.#frame = this.#waiting.length > 0 ? requestAnimationFrame((next) => this.#play(next)) : 0;
  }
}
