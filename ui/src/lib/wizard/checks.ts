// What is missing or wrong in the wizard's answers, by field. An empty record means: go on.
import type { Draft, InputView } from '../bindings';
import { untypable } from '../words/typable';
import { addressProblem } from './addresses';

/** One sentence for each field that is not right. */
export type Problems = Record<string, string>;

export interface Answers {
  draft: Draft;
  password: string;
  secrets: Record<string, string>;
}

export interface Known {
  questions: InputView[];
  leastDisk: number;
  /** The names that are taken. */
  names: string[];
  sizes: string[];
  /** The region has no network to launch into. */
  noNetwork: boolean;
  /** The recipe's steps would run as programs on this computer, and that was not allowed yet. */
  asksToRun: boolean;
}

// What EC2 takes for a system disk.
const MOST_DISK_GIB = 16_384;
// A shorter one can't be taken out of the log, where it is in too many words by chance.
const SHORTEST_SECRET = 6;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export function check(answers: Answers, known: Known): Problems {
  const { draft } = answers;
  const found: [string, string | null][] = [
    ['recipe', draft.recipe === '' && draft.image === null ? 'Choose what to install.' : null],
    ['run', known.asksToRun && !draft.run_own_recipe ? 'Allow it, or choose another recipe.' : null],
    ['name', nameProblem(draft.name, known.names)],
    ['region', draft.region === '' ? 'Choose where it runs.' : null],
    ['network', known.noNetwork ? 'There is no network to launch into.' : null],
    ['size', known.sizes.includes(draft.size) ? null : 'Choose a size.'],
    ['disk', diskProblem(draft.disk_gib, known.leastDisk)],
    ['addresses', draft.allowed_from.length === 0 ? null : addressProblem(draft.allowed_from)],
    ['password', draft.own_password ? passwordProblem(answers.password) : null],
    ...known.questions.map((input): [string, string | null] => [`input-${input.id}`, inputProblem(input, answers)]),
  ];
  return Object.fromEntries(found.filter((one): one is [string, string] => one[1] !== null));
}

function nameProblem(name: string, taken: string[]): string | null {
  if (name === '') return 'Give it a name.';
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/.test(name)) {
    return 'Up to 63 letters, digits, “-”, “_” and “.”, with a letter or a digit first.';
  }
  return taken.includes(name) ? 'A server of this name is there already.' : null;
}

function diskProblem(gib: number, least: number): string | null {
  if (!Number.isInteger(gib) || gib < least) return `It needs at least ${least} GiB.`;
  return gib > MOST_DISK_GIB ? `At most ${MOST_DISK_GIB.toLocaleString('en-US')} GiB.` : null;
}

// Windows asks for three of four kinds of characters and refuses the user's own name; we ask for more length than it.
function passwordProblem(password: string): string | null {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length;
  const odd = untypable(password);
  if (odd !== null) return odd;
  if (password.length < 12) return 'At least 12 characters.';
  if (password.length > 127) return 'At most 127 characters.';
  if (password.toLowerCase().includes('administrator')) return 'Windows refuses the word Administrator in it.';
  return kinds < 3 ? 'Mix small letters, capitals, digits and signs: at least three of them.' : null;
}

function inputProblem(input: InputView, { draft, secrets }: Answers): string | null {
  const value = (input.kind === 'secret' ? secrets[input.id] : draft.inputs[input.id]) ?? '';
  if (input.kind === 'secret' && value !== '' && [...value].length < SHORTEST_SECRET) {
    return `At least ${SHORTEST_SECRET} characters, so that it can be kept out of the log.`;
  }
  if (value.trim() === '') return input.required ? `${input.title} is missing.` : null;
  if (input.kind === 'email' && !EMAIL.test(value)) return 'This does not look like an e-mail address.';
  if (input.kind === 'number' && !/^-?\d+(\.\d+)?$/.test(value)) return 'This is not a number.';
  if (value.length > input.longest) return `At most ${input.longest} characters.`;
  if (input.kind === 'choice' && !input.choices.includes(value)) return 'Choose one.';
  return null;
}
