// When a server stops by itself.
const HOUR_MINUTES = 60;

const hours = (count: number) => ({ value: String(count * HOUR_MINUTES), text: `Stop it after ${count} hours` });

/** The choices, by minutes; empty for never. */
export const STOPS = [{ value: '', text: 'Let it run until I stop it' }, hours(4), hours(8), hours(24), hours(72)];

/** The choice in words. */
export function stopOf(minutes: number | null): string {
  return STOPS.find((one) => one.value === String(minutes ?? ''))?.text.toLowerCase() ?? `stop it after ${minutes} minutes`;
}
