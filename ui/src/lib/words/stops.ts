// That a server stops itself, in words.
import { span } from './duration';

const MINUTE_MS = 60_000;

/** `stops itself in about 3 h 58 min`; empty where it does not. To the minute: its own clock decides. */
export function stopsIn(at: number | null, now: number): string {
  if (at === null) return '';
  const minutes = Math.floor((at - now) / MINUTE_MS);
  return minutes < 1 ? 'stops itself any moment' : `stops itself in about ${span(minutes * MINUTE_MS)}`;
}
