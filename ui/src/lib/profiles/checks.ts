// What is missing or wrong in a new profile, by field.
import type { NewProfile } from '../bindings';
import { untypable } from '../words/typable';

export function profileProblems(answers: NewProfile, taken: string[]): Record<string, string> {
  const found: [string, string | null][] = [
    ['name', nameProblem(answers.name.trim(), taken)],
    ['region', /^[a-z]{2}(-[a-z]+)+-\d$/.test(answers.region.trim()) ? null : 'A region looks like eu-central-1.'],
    ['key_id', keyProblem(answers.key_id.trim())],
    ['secret', answers.secret.trim() === '' ? 'The secret is missing.' : untypable(answers.secret.trim())],
  ];
  return Object.fromEntries(found.filter((one): one is [string, string] => one[1] !== null));
}

function nameProblem(name: string, taken: string[]): string | null {
  if (name === '') return 'Give it a name.';
  return taken.includes(name) ? 'A profile of this name is there already.' : null;
}

// Keys that begin with ASIA are temporary: they would stop working within hours.
function keyProblem(id: string): string | null {
  if (id.startsWith('ASIA')) return 'This key is a temporary one. Slipway needs one that begins with AKIA.';
  return /^[A-Z0-9]{16,128}$/.test(id) ? null : 'Capital letters and digits, usually 20 of them.';
}
