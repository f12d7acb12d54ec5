// What a server costs, in words. What is not known is said to be unknown, never guessed.
import type { PricesView, ServerView } from '../bindings';
import { dollars } from './money';

/** `practice`, `no cost yet`, `only its disk`, `$0.05 so far`, `$0.267 an hour`, `price unknown`. */
export function costOf(server: ServerView): string {
  if (server.practice) return 'practice';
  if (server.instance === null) return 'no cost yet';
  if (server.off) return 'only its disk';
  if (server.usd_so_far !== null) return `${dollars(server.usd_so_far)} so far`;
  return server.usd_per_hour === null ? 'price unknown' : `${dollars(server.usd_per_hour, 3)} an hour`;
}

/** The same for a narrow column. */
export function shortCostOf(server: ServerView): string {
  return costOf(server).replace(' so far', '').replace(' an hour', '/h').replace('only ', '');
}

/** What a stopped server costs on: its disk, in a sentence. Empty in the practice world. */
export function stoppedCostOf(server: ServerView, prices: PricesView | null): string {
  if (server.practice) return '';
  const disk = `Its disk of ${server.disk_gib} GiB costs on while it is off`;
  const rate = prices?.disk_gib_month ?? null;
  return rate === null ? `${disk}; the price is not known.` : `${disk}: ${dollars(rate * server.disk_gib)} a month.`;
}

/**
 * What an image of a server costs, for beside a button. AWS counts what is on the disk, which only it knows, so this is
 * the most. Empty in the practice world.
 */
export function imageCostOf(server: ServerView, prices: PricesView | null): string {
  if (server.practice) return '';
  const rate = prices?.image_gib_month ?? null;
  return rate === null ? 'price unknown' : `at most ${dollars(rate * server.disk_gib)} a month`;
}

/** What runs now costs an hour, in words; empty where nothing runs. Stopped servers cost their disk only. */
export function runningCostOf(servers: ServerView[]): string {
  const costs = (one: ServerView) => !one.practice && !one.off && one.instance !== null && one.status !== 'terminated';
  const running = servers.filter(costs);
  const known = running.flatMap((one) => (one.usd_per_hour === null ? [] : [one.usd_per_hour]));
  if (running.length === 0) return '';
  if (known.length === 0) return 'Running now: price unknown';
  const sum = dollars(known.reduce((all, one) => all + one, 0));
  return known.length === running.length ? `Running now: ${sum} an hour` : `Running now: more than ${sum} an hour`;
}
