// When a server stops by itself. A choice is its minutes as text; an empty one leaves it to what is usual.
const HOUR_MINUTES = 60;

interface Stop {
  value: string;
  text: string;
}

const hours = (count: number): Stop => ({
  value: String(count * HOUR_MINUTES),
  text: count === 1 ? 'Stop it after an hour' : `Stop it after ${count} hours`,
});
const STAYS = 'Let it run until I stop it';

/** The choices for every server. */
export const STOPS: Stop[] = [{ value: '', text: STAYS }, hours(4), hours(8), hours(24), hours(72)];

/** Those for one whose install has failed. In practice it costs nothing, so usually it stays. */
export function failedStops(practice: boolean): Stop[] {
  if (practice) return [{ value: '', text: STAYS }, hours(1), hours(4), hours(24)];
  return [{ value: '', text: hours(4).text }, hours(1), hours(24), { value: '0', text: STAYS }];
}

export function choiceOf(minutes: number | null): string {
  return minutes === null ? '' : String(minutes);
}

export function minutesOf(choice: string): number | null {
  return choice === '' ? null : Number(choice);
}

/** A choice in words. */
export function stopOf(stops: Stop[], minutes: number | null): string {
  const chosen = stops.find((one) => one.value === choiceOf(minutes));
  return chosen?.text.toLowerCase().replace(' i ', ' I ') ?? `stop it after ${minutes} minutes`;
}
