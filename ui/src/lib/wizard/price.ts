// What the answers would cost: each part where its price is known, and a total only where all are.
import type { PricesView, SizeView } from '../bindings';

/** Hours in a month, as AWS counts them. */
const MONTH_HOURS = 730;

export interface Price {
  /** Each part by name, US dollars an hour; null where the price is not known. */
  parts: { name: string; hourly: number | null }[];
  hourly: number | null;
  monthly: number | null;
  /** A month while it is stopped: the disk stays. */
  stopped: number | null;
}

export function priceOf(size: SizeView | undefined, diskGib: number, prices: PricesView | null): Price {
  const stopped = times(prices?.disk_gib_month ?? null, diskGib || 0);
  const parts = [
    { name: 'Server', hourly: size?.usd_per_hour ?? null },
    { name: `Disk ${diskGib || '–'} GiB`, hourly: times(stopped, 1 / MONTH_HOURS) },
    { name: 'Public address', hourly: prices?.address_hour ?? null },
  ];
  const hourly = parts.reduce<number | null>((sum, part) => plus(sum, part.hourly), 0);
  return { parts, hourly, monthly: times(hourly, MONTH_HOURS), stopped };
}

function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function times(a: number | null, b: number): number | null {
  return a === null ? null : a * b;
}
