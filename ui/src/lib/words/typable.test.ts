import { describe, expect, it } from 'vitest';
import { untypable } from './typable';

describe('what can be typed', () => {
  it.each(['Harbour-light-2026!', 'Grüße aus Łódź', 'пароль-дом-7', '🚀', '\ufeffHarbour'])('takes %s', (text) => expect(untypable(text)).toBeNull());
  it.each([
    ['a\u00a0b', 'U+00A0'],
    ['a\u200bb', 'U+200B'],
    ['a\tb', 'U+0009'],
    ['e\u0301', 'U+0301'],
    ['\u{e0041}', 'U+E0041'],
    ['a\ufeffb', 'U+FEFF'],
  ])('names what is odd in %j', (text, code) => expect(untypable(text)).toContain(code));
});
