// The text on a server's console, made fit to be shown.
import { printable } from './printable';

/** What happened last matters; a console keeps up to 64 KB. */
const LINES = 300;
const LONGEST_LINE = 400;

/** The last lines that hold something. */
export function consoleLines(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
  return lines.slice(-LINES).map((line) => printable(line, LONGEST_LINE));
}
