// Holds live lines back and gives them out at the pace of `pace`, one frame after the other.
import type { LogLine } from '../bindings';
import { caughtUp, LATEST_MS, pace } from './pace';

// One frame early, so that a line that is due in between is not late.
const FRAME_MS = 34;

export class Player {
  #waiting: { line: LogLine; since: number }[] = [];
  #credit = 0;
  #last = 0;
  #frame = 0;
  #show: (lines: LogLine[]) => void;

  constructor(show: (lines: LogLine[]) => void) {
    this.#show = show;
  }

  push(batch: LogLine[]): void {
    const since = performance.now();
    if (caughtUp(batch)) {
      this.#show([...this.#waiting.splice(0).map((one) => one.line), ...batch]);
      return;
    }
    this.#waiting.push(...batch.map((line) => ({ line, since })));
    if (this.#frame !== 0) return;
    this.#last = since;
    this.#frame = requestAnimationFrame((now) => this.#play(now));
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#waiting = [];
  }

  #play(now: number): void {
    // The lines wait in the order they came, so the overdue ones are in front.
    const firstInTime = this.#waiting.findIndex((one) => now - one.since < LATEST_MS - FRAME_MS);
    const overdue = firstInTime < 0 ? this.#waiting.length : firstInTime;
    const step = pace({ count: this.#waiting.length, overdue }, now - this.#last, this.#credit);
    this.#credit = step.credit;
    this.#last = now;
    if (step.show > 0) this.#show(this.#waiting.splice(0, step.show).map((one) => one.line));
    this.#frame = this.#waiting.length > 0 ? requestAnimationFrame((next) => this.#play(next)) : 0;
  }
}
