// What the checks before a launch found, in one sentence for the button that they switch off.
import type { FindingView } from '../bindings';
import { printable } from '../words/printable';

/** Which findings keep a launch from beginning; empty where none does. A warning keeps nothing. */
export function blockedBy(findings: FindingView[]): string {
  const names = findings.filter((one) => one.verdict === 'blocking').map((one) => `“${printable(one.about, 40)}”`);
  const last = names.pop();
  if (last === undefined) return '';
  return names.length === 0 ? `${last} stands in the way.` : `${names.join(', ')} and ${last} stand in the way.`;
}
