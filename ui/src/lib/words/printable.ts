// Text from elsewhere, made fit to be shown: no terminal colours, no control or direction characters, not endless.

const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;
// Direction overrides can make a text read as another one; the rest draws nothing or moves the cursor.
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
// More than a few marks on one letter grow out of the line.
const STACKED = /(\p{M}{3})\p{M}+/gu;

/** One line for people, at most `longest` characters of it. */
export function printable(text: string, longest = 2000): string {
  // Cut twice: first so that a megabyte is not searched, then because replacing may have shortened it.
  const near = text.slice(0, longest * 4);
  const clean = near.replace(ANSI, '').replace(/[\t\n\r]+/g, ' ').replace(INVISIBLE, '').replace(STACKED, '$1');
  if (clean.length <= longest && near.length === text.length) return clean;
  return `${clean.slice(0, longest)}… (${text.length.toLocaleString('en-US')} characters)`;
}
