// What holds on every screen: axe finds nothing, nothing overflows, nothing runs that should not.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { SCREENS } from '../pictures/screens';
import { overflowing } from '../page';
import { serve, visit, type Site } from '../site';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let site: Site;
beforeAll(async () => (site = await serve()));
afterAll(() => site.close());

describe.each(SCREENS)('$name', (screen) => {
  it('is accessible, fits at 900 and complains about nothing', async () => {
    const theme = screen.name.length % 2 === 0 ? 'dark' : 'light';
    const { page, complaints } = await visit(site, { ...screen, theme, width: 900, height: 760 });
    await screen.then?.(page);
    expect((await axe(page)).join('\n')).toBe('');
    expect((await overflowing(page)).join('\n')).toBe('');
    expect(await page.evaluate(() => 'harmed' in window)).toBe(false);
    expect(complaints.join('\n')).toBe('');
    await page.close();
  });
});

interface Axe {
  run(context: unknown): Promise<{ violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[] }>;
}

async function axe(page: Page): Promise<string[]> {
  // Injected past the policy, as a reader of the page, not a part of it.
  await page.evaluate(AXE);
  // An open menu is drawn above everything and belongs to no landmark.
  const { violations } = await page.evaluate(() => (window as unknown as { axe: Axe }).axe.run({ exclude: [['[data-bits-floating-content-wrapper]'], ['[role=menu]']] }));
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.target}`).join(', ')}`);
}
