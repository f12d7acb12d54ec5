// Takes a picture of every screen in every state, light and dark, narrow and wide, into docs/pictures.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve, visit, type Site } from '../site';
import { SCREENS } from './screens';

const OUT = process.env['SLIPWAY_PICTURES'] ?? fileURLToPath(new URL('../../../docs/pictures', import.meta.url));
let site: Site;

beforeAll(async () => {
  mkdirSync(OUT, { recursive: true });
  site = await serve();
});
afterAll(() => site.close());

describe.each(SCREENS)('$name', (screen) => {
  it.each([
    ['light', 900],
    ['light', 1440],
    ['dark', 900],
    ['dark', 1440],
  ] as const)('%s, %i wide', async (theme, width) => {
    const { page, complaints } = await visit(site, { ...screen, theme, width, height: width === 900 ? 760 : 900 });
    await screen.then?.(page);
    await page.mouse.move(0, 0);
    await page.waitForTimeout(350);
    await page.screenshot({ path: `${OUT}/${screen.name}-${theme}-${width}.png` });
    expect(complaints).toEqual([]);
    await page.close();
  });
});
