import { describe, expect, it } from 'vitest';
import { about, briefly, clock, span } from './duration';
import { count, dollars } from './money';
import { printable } from './printable';
import { inGroups } from './thumbprint';

describe('durations', () => {
  it.each([
    [0, '0:00'],
    [4_000, '0:04'],
    [207_000, '3:27'],
    [3_729_000, '1:02:09'],
  ])('%i ms reads %s on a clock', (millis, text) => expect(clock(millis)).toBe(text));
  it.each([
    [948_000, '15 min 48 s'],
    [8_040_000, '2 h 14 min'],
    [3_600_000, '1 h'],
    [30_000, '30 s'],
    [259_200_000, '3 days'],
  ])('%i ms reads %s in a sentence', (millis, text) => expect(span(millis)).toBe(text));
  it('what is usual is rounded', () => expect(about(340_000)).toBe('about 6 min'));
  it.each([
    [340_000, '~6 min'],
    [20_000, '< 1 min'],
  ])('and brief where there is little room', (millis, text) => expect(briefly(millis)).toBe(text));
});

describe('money and counts', () => {
  it('has cents', () => expect(dollars(0.049)).toBe('$0.05'));
  it('counts one', () => expect(count(1, 'server')).toBe('1 server'));
  it('counts many', () => expect(count(1200, 'server')).toBe('1,200 servers'));
});

describe('text from elsewhere', () => {
  it('loses terminal colours', () => expect(printable('\u001b[31mred\u001b[0m')).toBe('red'));
  it('loses direction overrides', () => expect(printable('abc\u202egnp.exe')).toBe('abcgnp.exe'));
  it('keeps markup as text', () => expect(printable('<b>x</b>')).toBe('<b>x</b>'));
  it('is one line', () => expect(printable('a\r\nb\tc')).toBe('a b c'));
  it('keeps letters of every script and emoji', () => expect(printable('Žluťoučký 家族 🚀')).toBe('Žluťoučký 家族 🚀'));
  it('is cut when it is endless, and says how long it was', () => {
    const shown = printable('x'.repeat(1_048_576));
    expect(shown.length).toBeLessThan(2100);
    expect(shown).toContain('1,048,576 characters');
  });
});

it('a thumbprint is read in groups', () => {
  expect(inGroups('0F9C4A3E8B7D')).toBe('0F9C 4A3E 8B7D');
  expect(inGroups('')).toBe('');
});
