import { expect, test, vi } from 'vitest';
import type { Backend } from '../backend';
import type { LogLine, LogPage } from '../bindings';
import { Tail } from './tail.svelte';

vi.stubGlobal('cancelAnimationFrame', () => undefined);

function lines(first: number, last: number): LogLine[] {
  const line = (number: number): LogLine => ({ number, attempt: 1, time: number, step: null, level: 'info', kind: 'line', text: `${number}` });
  return Array.from({ length: last - first + 1 }, (_, place) => line(first + place));
}

/** A tail whose pages come when they are given; beside it, how often a page was asked for. */
function asking() {
  const waiting: ((page: LogPage) => void)[] = [];
  const logPage = () => new Promise<LogPage>((given) => waiting.push(given));
  const tail = new Tail({ logPage } as unknown as Backend, 'launch');
  const numbers = () => [tail.lines[0]?.number, tail.lines.at(-1)?.number];
  return { tail, waiting, numbers };
}

test('shows the newest where too many lines came at once, whatever page was asked for before', async () => {
  const { tail, waiting, numbers } = asking();
  const page = tail.follow();
  tail.hear(lines(1301, 1500), 1300);
  waiting[0]?.({ lines: lines(1, 200), total: 200 });
  await page;
  expect(numbers()).toEqual([1301, 1500]);
  expect(tail.earlier).toBe(true);
});

test('asks the log which of those left out pass a filter', () => {
  const { tail, waiting } = asking();
  tail.filter = { ...tail.filter, search: '7' };
  tail.hear(lines(1301, 1500), 1300);
  expect(waiting).toHaveLength(1);
});

test('while paused only says that there is more', () => {
  const { tail, waiting } = asking();
  tail.pause();
  tail.hear(lines(1301, 1500), 1300);
  expect([tail.lines.length, tail.later, waiting.length]).toEqual([0, true, 0]);
});

test('keeps what was told while a page was on its way', async () => {
  const { tail, waiting, numbers } = asking();
  const page = tail.follow();
  // More than two seconds of them: they appear at once.
  tail.hear([...lines(150, 250), ...lines(5000, 5000)], 0);
  waiting[0]?.({ lines: lines(1, 200), total: 200 });
  await page;
  expect(numbers()).toEqual([1, 5000]);
});

test('forgets what was shown before where the log begins anew', async () => {
  const { tail, waiting, numbers } = asking();
  tail.hear(lines(1301, 1500), 1300);
  const page = tail.follow();
  waiting[0]?.({ lines: lines(1, 3), total: 3 });
  await page;
  expect(numbers()).toEqual([1, 3]);
});
