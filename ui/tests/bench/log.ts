// What a long log costs the page: frames, rows and memory with 100,000 lines beside 1,000, while 200 arrive each second.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CDPSession, Page } from 'playwright-core';
import type { FakeControl } from '../../src/lib/backend.fake';
import { serve, visit, type Site } from '../site';

const [FEW, MANY] = [1_000, 100_000];
const LINES_A_SECOND = 200;
const WATCHED_MS = 6_000;
const ROUNDS = 3;
const MOST_ROWS = 400;
/** What may differ between two runs of the same, and what the bar allows. */
const BAR = 1.1;

interface Run {
  /** Time between two frames, mean and 95th percentile, in milliseconds. */
  frame: number;
  frame95: number;
  /** Work of the main thread for each frame, in milliseconds. */
  work: number;
  rows: number;
  /** After a collection, in bytes. */
  heap: number;
}

let site: Site;
beforeAll(async () => (site = await serve()));
afterAll(() => site.close());

it('a long log costs what a short one does', async () => {
  const runs: Record<number, Run[]> = { [FEW]: [], [MANY]: [] };
  // One after the other and again, so that whatever else the computer does meets both.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const lines of [FEW, MANY]) runs[lines]?.push(await run(lines));
  }
  const few = best(runs[FEW] ?? []);
  const many = best(runs[MANY] ?? []);
  tell('frame time with 100,000 lines and 200 arriving a second', many.frame, 'ms', 'with 1,000 lines', few.frame);
  tell('frame time, 95th percentile, with 100,000 lines', many.frame95, 'ms', 'with 1,000 lines', few.frame95);
  tell('main thread a frame with 100,000 lines', many.work, 'ms', 'with 1,000 lines', few.work);
  tell('log rows in the page', many.rows, 'rows', 'bar', MOST_ROWS);
  tell('JS heap with 100,000 lines', many.heap / 1e6, 'MB', 'with 1,000 lines', few.heap / 1e6);
  const delay = await delayUntilDrawn();
  tell('line told to the page until drawn, without playing, median', delay, 'ms', 'bar', 50);
  expect(many.frame / few.frame).toBeLessThanOrEqual(BAR);
  expect(many.rows).toBeLessThanOrEqual(MOST_ROWS);
  expect(many.heap / few.heap).toBeLessThanOrEqual(BAR);
  expect(delay).toBeLessThanOrEqual(50);
});

async function run(lines: number): Promise<Run> {
  const { page } = await visit(site, { ...LOOK, scene: `long&lines=${lines}`, reduced: false });
  await page.getByText(`Line ${lines} of a long log`).waitFor();
  const inspector = await page.context().newCDPSession(page);
  await inspector.send('Performance.enable');
  await rain(page);
  // The rows are not full before.
  await page.waitForTimeout(2_000);
  const before = await workDone(inspector);
  const { frames, rows } = await watchFrames(page);
  const work = ((await workDone(inspector)) - before) / frames.length;
  await page.evaluate(() => clearInterval((window as unknown as { rain: number }).rain));
  await inspector.send('HeapProfiler.collectGarbage');
  const { usedSize: heap } = await inspector.send('Runtime.getHeapUsage');
  await page.close();
  const sorted = [...frames].sort((a, b) => a - b);
  const frame95 = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  return { frame: frames.reduce((sum, one) => sum + one, 0) / frames.length, frame95, work, rows, heap };
}

const LOOK = { path: '/servers/launch-1', width: 1440, height: 900 };

/** Lines arrive in the rhythm of a busy installer, twenty times a second. */
function rain(page: Page): Promise<void> {
  const beat = 50;
  return page.evaluate(([each, every]) => {
    const { world } = (window as unknown as { slipwayFake: FakeControl }).slipwayFake;
    let number = 0;
    const drop = () => {
      for (let at = 0; at < each; at += 1) world.machine('launch-1').say('sql-express', 'info', `Setup: feature ${(number += 1)} configured`);
    };
    Object.assign(window, { rain: setInterval(drop, every) });
  }, [(LINES_A_SECOND * beat) / 1000, beat] as const);
}

function watchFrames(page: Page): Promise<{ frames: number[]; rows: number }> {
  return page.evaluate(
    (lasts) =>
      new Promise((done) => {
        const frames: number[] = [];
        let rows = 0;
        const begun = performance.now();
        let last = begun;
        const next = (now: number) => {
          frames.push(now - last);
          last = now;
          rows = Math.max(rows, document.querySelectorAll('[data-number]').length);
          if (now - begun < lasts) requestAnimationFrame(next);
          else done({ frames: frames.slice(1), rows });
        };
        requestAnimationFrame(next);
      }),
    WATCHED_MS,
  );
}

/** Milliseconds that the main thread has worked since the page was opened. */
async function workDone(inspector: CDPSession): Promise<number> {
  const { metrics } = await inspector.send('Performance.getMetrics');
  return (metrics.find((one) => one.name === 'TaskDuration')?.value ?? 0) * 1000;
}

/** From the event to the frame after the one that has the row, in milliseconds. */
async function delayUntilDrawn(): Promise<number> {
  const { page } = await visit(site, { ...LOOK, scene: `long&lines=${MANY}` });
  await page.getByText(`Line ${MANY} of a long log`).waitFor();
  const delays = await page.evaluate(async () => {
    const { world } = (window as unknown as { slipwayFake: FakeControl }).slipwayFake;
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const found: number[] = [];
    for (let at = 0; at < 40; at += 1) {
      const text = `measured ${at}.`;
      const begun = performance.now();
      world.machine('launch-1').say('sql-express', 'info', text);
      const isDrawn = () => [...document.querySelectorAll('[data-number]')].at(-1)?.textContent?.includes(text);
      while (!isDrawn()) await frame();
      await frame();
      found.push(performance.now() - begun);
    }
    return found.sort((a, b) => a - b);
  });
  await page.close();
  return delays[Math.floor(delays.length / 2)] ?? Infinity;
}

/** Of several runs the least disturbed one, figure by figure. */
function best(runs: Run[]): Run {
  const least = (of: (run: Run) => number) => Math.min(...runs.map(of));
  const rows = Math.max(...runs.map((one) => one.rows));
  return { frame: least((one) => one.frame), frame95: least((one) => one.frame95), work: least((one) => one.work), heap: least((one) => one.heap), rows };
}

function tell(figure: string, value: number, unit: string, compared_with: string, other: number): void {
  const round = (number: number) => Math.round(number * 1000) / 1000;
  process.stdout.write(`${JSON.stringify({ figure, value: round(value), unit, compared_with, other: round(other) })}\n`);
}
