// What a line says to people: begins and ends of steps come without a text, and from older agents orders do.
import type { LogLine } from '../bindings';

export function said(line: LogLine): string {
  if (line.text !== '') return line.text;
  if (line.kind === 'step_started') return 'begins';
  if (line.kind === 'step_finished') return line.level === 'error' ? 'failed' : 'done';
  return line.kind === 'order_done' ? 'What was asked for is done.' : '';
}
