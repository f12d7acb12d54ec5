// What a server costs, in words. What is not known is said to be unknown, never guessed.
import type { PricesView, ServerView } from '../bindings';
import { dollars } from './money';

/** `practice`, `$0.05 so far`, `$0.267 an hour`, `price unknown`. */
export function costOf(server: ServerView): string {
  if (server.practice) return 'practice';
  if (server.usd_so_far !== null) return `${dollars(server.usd_so_far)} so far`;
  return server.usd_per_hour === null ? 'price unknown' : `${dollars(server.usd_per_hour, 3)} an hour`;
}

/** The same for a narrow column. */
export function shortCostOf(server: ServerView): string {
  return costOf(server).replace(' so far', '').replace(' an hour', '/h');
}

/** What a stopped server costs on: its disk, in a sentence. Empty in the practice world. */
export function stoppedCostOf(server: ServerView, prices: PricesView | null): string {
  if (server.practice) return '';
  const disk = `Its disk of ${server.disk_gib} GiB costs on while it is off`;
  const rate = prices?.disk_gib_month ?? null;
  return rate === null ? `${disk}; the price is not known.` : `${disk}: ${dollars(rate * server.disk_gib)} a month.`;
}

/** What is running costs an hour, and of how many servers that is not known. Stopped ones cost their disk only. */
export function runningCost(servers: ServerView[]): { hourly: number; unknown: number } {
  const running = servers.filter((one) => !one.practice && one.status !== 'stopped' && one.status !== 'terminated');
  const known = running.flatMap((one) => (one.usd_per_hour === null ? [] : [one.usd_per_hour]));
  return { hourly: known.reduce((sum, one) => sum + one, 0), unknown: running.length - known.length };
}
