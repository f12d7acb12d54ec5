// Both themes are readable: the contrast of every pair that is used, computed from the tokens.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const [light, dark] = [tokens(css.slice(0, css.indexOf('[data-theme'))), tokens(css.slice(css.indexOf('[data-theme')))];

const TEXT: [string, string[]][] = [
  ['ink', ['bg', 'panel', 'sunken', 'accent-weak']],
  ['ink-2', ['bg', 'panel', 'sunken', 'accent-weak']],
  ['ink-3', ['bg', 'panel', 'sunken']],
  ['accent', ['bg', 'panel', 'accent-weak']],
  ['accent-ink', ['accent', 'accent-hover']],
  ['ok', ['panel', 'ok-weak']],
  ['warn', ['panel', 'warn-weak']],
  ['bad', ['panel', 'bg', 'bad-weak', 'sunken']],
  ['bad-ink', ['bad']],
];
const CONTROLS: [string, string[]][] = [
  ['line-strong', ['panel', 'bg']],
  ['focus', ['panel', 'bg', 'sunken']],
];

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s theme', (_, theme) => {
  it.each(pairs(TEXT))('text %s on %s has at least 4.5:1', (front, back) => {
    expect(contrast(theme, front, back)).toBeGreaterThanOrEqual(4.5);
  });
  it.each(pairs(CONTROLS))('control %s on %s has at least 3:1', (front, back) => {
    expect(contrast(theme, front, back)).toBeGreaterThanOrEqual(3);
  });
});

function pairs(rows: [string, string[]][]): [string, string][] {
  return rows.flatMap(([front, backs]) => backs.map((back): [string, string] => [front, back]));
}

function tokens(part: string): Map<string, string> {
  return new Map([...part.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((found) => [found[1] ?? '', found[2] ?? '']));
}

function contrast(theme: Map<string, string>, front: string, back: string): number {
  const [a, b] = [luminance(theme.get(front)), luminance(theme.get(back))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

// The WCAG 2 definition of relative luminance.
function luminance(hex: string | undefined): number {
  if (hex === undefined) throw new Error('no such token');
  const channel = (at: number) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
