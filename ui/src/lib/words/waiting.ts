// How often something was tried, since when, and when it is tried next.
import type { WaitingView } from '../bindings';
import { span } from './duration';

/** `Tried 5 times in 1 min 3 s; next try in 17 s.` */
export function triesOf(waiting: WaitingView, now: number): string {
  if (waiting.tries === 0) return `No answer for ${span(now - waiting.since)}.`;
  const times = waiting.tries === 1 ? 'once' : `${waiting.tries} times`;
  return `Tried ${times} in ${span(now - waiting.since)}${nextOf(waiting, now)}.`;
}

function nextOf({ next }: WaitingView, now: number): string {
  if (next === null) return '';
  return next > now ? `; next try in ${span(next - now)}` : '; trying now';
}
