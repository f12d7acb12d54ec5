// Characters that come along when text is copied and that nobody can type at a sign-in screen: the same ones that the core
// refuses (`input_text.rs`). A byte order mark before the text is taken off there.
const ODD =
  /[\u0000-\u001f\u007f-\u00a0\u00ad\u0300-\u036f\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ue000-\uffff]|[\u{e0000}-\u{10ffff}]/u;

/** What is wrong with a text that must be typable; null where nothing is. */
export function untypable(text: string): string | null {
  const found = ODD.exec(text.replace(/^\ufeff+/, ''));
  if (found === null) return null;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `It holds a character that can’t be typed (U+${code}). Type it instead of pasting it.`;
}
