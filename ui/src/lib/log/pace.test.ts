import { describe, expect, it } from 'vitest';
import type { LogLine } from '../bindings';
import { caughtUp, LATEST_MS, pace } from './pace';

/** Plays lines that arrive at `arrivals` in frames of 16 ms; gives the delay of each. */
function play(arrivals: number[]): number[] {
  const waiting: number[] = [];
  const delays: number[] = [];
  let credit = 0;
  let next = 0;
  for (let now = 0; delays.length < arrivals.length; now += 16) {
    while (next < arrivals.length && (arrivals[next] ?? 0) <= now) waiting.push(arrivals[next++] ?? 0);
    const overdue = waiting.filter((at) => now - at >= LATEST_MS - 16).length;
    const step = pace({ count: waiting.length, overdue }, 16, credit);
    credit = step.credit;
    delays.push(...waiting.splice(0, step.show).map((at) => now - at));
  }
  return delays;
}

describe('the pace of the live tail', () => {
  it('shows nothing when nothing is buffered', () => {
    expect(pace({ count: 0, overdue: 0 }, 1000, 0.9)).toEqual({ show: 0, credit: 0 });
  });

  it('plays a small batch one by one, not at once', () => {
    const delays = play([0, 0, 0, 0]);
    expect(new Set(delays).size).toBe(4);
  });

  it('plays faster the more is buffered', () => {
    const few = pace({ count: 20, overdue: 0 }, 100, 0).show;
    const many = pace({ count: 2000, overdue: 0 }, 100, 0).show;
    expect(many).toBeGreaterThan(few * 10);
  });

  it.each([1, 30, 500, 5000])('is never more than two seconds behind with %i lines at once', (count) => {
    expect(Math.max(...play(Array.from({ length: count }, () => 0)))).toBeLessThanOrEqual(LATEST_MS);
  });

  it('is never more than two seconds behind while 200 lines a second arrive', () => {
    expect(Math.max(...play(Array.from({ length: 2000 }, (_, at) => at * 5)))).toBeLessThanOrEqual(LATEST_MS);
  });
});

describe('a batch', () => {
  const line = (time: number) => ({ time }) as LogLine;
  it('that spans a moment is live', () => expect(caughtUp([line(0), line(900)])).toBe(false));
  it('that spans minutes was caught up', () => expect(caughtUp([line(0), line(90_000)])).toBe(true));
});
