// Takes a picture of every screen in every state, light and dark, narrow and wide. Those that docs/pictures keeps are
// renewed there.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve, visit, type Site } from '../site';
import { SCREENS } from './screens';

const OUT = fileURLToPath(new URL('../../pictures', import.meta.url));
const KEPT = fileURLToPath(new URL('../../../docs/pictures', import.meta.url));
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
    const file = `${screen.name}-${theme}-${width}.png`;
    await page.screenshot({ path: `${OUT}/${file}` });
    if (existsSync(`${KEPT}/${file}`)) copyFileSync(`${OUT}/${file}`, `${KEPT}/${file}`);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
