// The addresses that may connect, as a person names them: single ones and ranges, with commas between them.

const PART = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const RANGE = new RegExp(`^${PART}(\\.${PART}){3}(/(3[0-2]|[12]?\\d))?$`);

// The widest range that the engine lets in; it also refuses several that add up to more.
const WIDEST = 8;

/** What was named, without what is empty. */
export function namedIn(allowed: string[]): string[] {
  return allowed.map((one) => one.trim()).filter((one) => one !== '');
}

/** What is wrong with the addresses, in a sentence. */
export function addressProblem(allowed: string[]): string | null {
  const named = namedIn(allowed);
  const odd = named.find((one) => !RANGE.test(one));
  if (odd !== undefined) return `“${odd.slice(0, 40)}” is no address: one looks like 203.0.113.7, a range like 203.0.113.0/24.`;
  if (named.some((one) => one.endsWith('/0'))) return 'This would let everybody in by Remote Desktop.';
  const wide = named.find((one) => bitsOf(one) < WIDEST);
  if (wide !== undefined) return `“${wide}” is too wide: ranges from /${WIDEST} on can be let in by Remote Desktop.`;
  return named.length === 0 ? 'Name at least one address.' : null;
}

/** Whether an address is among them. */
export function covers(allowed: string[], address: string): boolean {
  return namedIn(allowed).some((one) => {
    const [base = ''] = one.split('/');
    const shift = 2 ** (32 - bitsOf(one));
    return Math.floor(numberOf(base) / shift) === Math.floor(numberOf(address) / shift);
  });
}

function bitsOf(one: string): number {
  return Number(one.split('/')[1] ?? '32');
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
