/** A thumbprint in groups of four digits, to be compared by eye. */
export function inGroups(digits: string): string {
  return digits.match(/.{1,4}/g)?.join(' ') ?? '';
}
