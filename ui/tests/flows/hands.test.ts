// By keyboard alone, after quitting, while the log runs, when data refreshes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { FakeControl } from '../../src/lib/backend.fake';
import { serve, visit, type Site } from '../site';

const MINUTE = 60_000;
let site: Site;
beforeAll(async () => (site = await serve()));
afterAll(() => site.close());

const focused = (page: Page) =>
  page.evaluate(() => {
    const one = document.activeElement;
    const label = one instanceof HTMLInputElement ? (one.labels?.[0]?.textContent ?? '') : '';
    return `${one?.getAttribute('aria-label') ?? ''} ${label} ${one?.textContent ?? ''}`.replace(/\s+/g, ' ').trim();
  });

/** Presses Tab until the focus is on what is wanted. */
async function tabTo(page: Page, wanted: RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if (wanted.test(await focused(page))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${wanted}`);
}

describe('the keyboard alone', () => {
  it('launches a server and terminates it', async () => {
    const { page, advance } = await visit(site, { scene: 'empty' });
    await tabTo(page, /^Launch a server$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Launch a server' }).waitFor();
    await tabTo(page, /A small site/);
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.getByText('Step 2 of 5').waitFor();
    await tabTo(page, /^Name/);
    await page.keyboard.type('by-keyboard');
    await page.keyboard.press('Enter');
    await page.getByText('Step 3 of 5').waitFor();
    for (const next of ['Step 4 of 5', 'Step 5 of 5']) {
      await tabTo(page, /^Continue$/);
      await page.keyboard.press('Enter');
      await page.getByText(next).waitFor();
    }
    await tabTo(page, /^Launch$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'by-keyboard' }).waitFor();
    await advance(5 * MINUTE);
    await page.getByRole('heading', { name: 'by-keyboard is up' }).waitFor();
    await tabTo(page, /^Terminate…$/);
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toMatch(/^Type/);
    await page.keyboard.type('by-keyboard');
    await page.keyboard.press('Enter');
    await advance(MINUTE);
    await page.getByRole('heading', { name: 'by-keyboard is gone' }).waitFor();
    await page.close();
  });

  it('is led to what destroys nothing where a click is enough, and back where it came from', async () => {
    const { page } = await visit(site, { scene: 'busy', path: '/images' });
    const opener = page.getByRole('button', { name: /^Delete/ }).first();
    await opener.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('Keep it');
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    expect(await opener.evaluate((one) => one === document.activeElement)).toBe(true);
    await page.close();
  });

  it('shows where the focus is on everything it reaches', async () => {
    const { page } = await visit(site, { scene: 'busy' });
    for (let presses = 0; presses < 25; presses += 1) {
      await page.keyboard.press('Tab');
      const shown = await page.evaluate(() => {
        const outlined = (one: Element | null) => one !== null && getComputedStyle(one).outlineStyle !== 'none';
        const one = document.activeElement;
        return one === document.body || outlined(one) || outlined(one?.parentElement ?? null);
      });
      expect(shown, await focused(page)).toBe(true);
    }
    await page.close();
  });
});

describe('the wizard', () => {
  it('keeps everything on the way back, and after the window was closed', async () => {
    const { page } = await visit(site, { scene: 'empty', path: '/launch' });
    await page.getByRole('radio', { name: /A small site/ }).check();
    await page.getByLabel('Site name').fill('Kept');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Name', { exact: true }).fill('kept-server');
    await page.getByRole('button', { name: 'Back' }).click();
    expect(await page.getByLabel('Site name').inputValue()).toBe('Kept');
    await page.waitForTimeout(500);
    await page.getByRole('link', { name: /Settings/ }).click();
    await page.getByRole('link', { name: /^Servers/ }).click();
    await page.getByRole('link', { name: 'Launch a server' }).first().click();
    expect(await page.getByLabel('Site name').inputValue()).toBe('Kept');
    await page.getByRole('complementary', { name: 'Summary' }).getByText('kept-server').waitFor();
    await page.close();
  });

  it('says what is missing and goes there, the keyboard too', async () => {
    const { page } = await visit(site, { scene: 'paid', path: '/launch' });
    await page.getByRole('button', { name: 'Check and launch' }).click();
    await page.getByRole('button', { name: 'Launch', exact: true }).click();
    await page.getByText('Step 1 of 5').waitFor();
    await page.getByText('Choose what to install.').waitFor();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    expect(await page.getByRole('radio', { name: /Xperience/ }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.keyboard.type('anna@agency.example');
    expect(await page.getByLabel('Your e-mail address').inputValue()).toBe('anna@agency.example');
    await page.close();
  });
});

describe('what takes a moment', () => {
  it('leads on from its screen, and throws nobody out of another one', async () => {
    const { page, advance } = await visit(site, { scene: 'busy' });
    await page.evaluate((minute) => {
      const { world } = (window as unknown as { slipwayFake: FakeControl }).slipwayFake;
      world.slow.set('createImage', minute);
    }, MINUTE);
    const make = async (server: string) => {
      await page.getByRole('link', { name: /^Servers/ }).click();
      await page.getByRole('link', { name: server, exact: true }).click();
      await page.getByRole('button', { name: 'Make the image' }).click();
    };
    await make('orchard-training');
    await page.getByRole('link', { name: /^Recipes/ }).click();
    await page.getByRole('heading', { name: 'Recipes' }).waitFor();
    await advance(MINUTE);
    await page.getByText('The image is being made.').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Recipes');
    await advance(10 * MINUTE);
    await make('orchard-training');
    await advance(MINUTE);
    await page.getByRole('heading', { name: 'Servers' }).waitFor();
    await page.close();
  });

  it('lets a menu stay open while the list changes, and chooses nothing in it by itself', async () => {
    const { page } = await visit(site, { scene: 'busy' });
    const opener = page.getByRole('button', { name: 'More for orchard-training' });
    const rows = page.getByRole('list', { name: 'Servers' }).getByRole('listitem');
    const [before, there] = [await rows.count(), await opener.boundingBox()];
    if (there === null) throw new Error('the button is nowhere');
    await page.mouse.move(there.x + there.width / 2, there.y + there.height / 2);
    await page.mouse.down();
    // A row above goes, and the menu comes up to the pointer.
    await page.evaluate(() => {
      const { world } = (window as unknown as { slipwayFake: FakeControl }).slipwayFake;
      const created = world.machines.find((one) => one.view.server.name === 'orchard-training')?.view.server.created ?? 0;
      world.machines.find((one) => one.view.server.created > created)?.become('terminated');
    });
    await expect.poll(() => rows.count()).toBeLessThan(before);
    const under = ([x, y]: number[]) => document.elementFromPoint(x ?? 0, y ?? 0)?.closest('[role=menuitem]')?.textContent ?? '';
    await expect.poll(() => page.evaluate(under, [there.x + there.width / 2, there.y + there.height / 2])).not.toBe('');
    await page.mouse.up();
    await page.waitForTimeout(300);
    await page.getByRole('menuitem', { name: 'Stop' }).click();
    await page.getByText('orchard-training is stopping.').waitFor();
    await page.close();
  });
});

describe('the log', () => {
  it('never has more than 400 rows, and gives all of 100,000 lines', async () => {
    const { page } = await visit(site, { scene: 'long', path: '/servers/launch-1' });
    const rows = page.locator('[data-number]');
    const box = page.getByRole('region', { name: 'Log lines' });
    await page.getByText('Line 100000 of a long log').waitFor();
    const newest = Number(await rows.first().getAttribute('data-number'));
    await box.hover();
    for (let turns = 0; turns < 25; turns += 1) {
      await page.mouse.wheel(0, -3000);
      await page.waitForTimeout(60);
      expect(await rows.count()).toBeLessThanOrEqual(400);
    }
    expect(Number(await rows.first().getAttribute('data-number'))).toBeLessThan(newest - 400);
    await page.getByText('Paused').waitFor();
    await page.getByLabel('Search the log').fill('line 5 of');
    await page.getByText('Line 5 of a long log', { exact: true }).waitFor();
    expect(await rows.count()).toBe(1);
    await page.close();
  });

  it('shows only the lines of the step that was clicked, and only warnings where asked', async () => {
    const { page } = await visit(site, { scene: 'watch', path: '/servers/launch-1' });
    const log = page.getByRole('region', { name: 'Log lines' });
    await page.getByRole('button', { name: /Create the Xperience project/ }).click();
    await log.getByText('iis', { exact: true }).first().waitFor({ state: 'detached' });
    await log.getByText('Restored 214 packages in 19.8 s').waitFor();
    await page.getByRole('button', { name: 'Warnings only' }).click();
    await log.getByText('Restored 214 packages in 19.8 s').waitFor({ state: 'detached' });
    await log.getByText(/Template asks for .NET 10/).waitFor();
    await page.close();
  });

  it('shows a live line within two seconds, without anything above it moving', async () => {
    const { page, advance } = await visit(site, { scene: 'watch', path: '/servers/launch-1' });
    const before = await page.getByRole('heading', { name: 'Log' }).boundingBox();
    await advance(2 * MINUTE);
    await page.getByText('Setup: ended with code 0').waitFor({ timeout: 2500 });
    expect(await page.getByRole('heading', { name: 'Log' }).boundingBox()).toEqual(before);
    await page.close();
  });
});

describe('motion', () => {
  const moving = (page: Page) => page.evaluate(() => document.getAnimations().length);

  it('is there where it may be', async () => {
    const { page } = await visit(site, { scene: 'watch', path: '/servers/launch-1', reduced: false });
    await page.getByText('Setup: starting service MSSQL$SQLEXPRESS').waitFor();
    expect(await moving(page)).toBeGreaterThan(0);
    await page.close();
  });

  it('is not there where it is not wanted, and lines appear without being played', async () => {
    const { page, advance } = await visit(site, { scene: 'watch', path: '/servers/launch-1' });
    await page.getByText('Setup: starting service MSSQL$SQLEXPRESS').waitFor();
    await advance(2 * MINUTE);
    await page.getByText('Setup: ended with code 0').waitFor({ timeout: 500 });
    expect(await moving(page)).toBe(0);
    await page.close();
  });
});

describe('the window', () => {
  it('says aloud into which phase a launch has come', async () => {
    const { page, advance } = await visit(site, { scene: 'empty', path: '/launch' });
    await page.getByRole('radio', { name: /A small site/ }).check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Name', { exact: true }).fill('loud');
    for (let at = 0; at < 3; at += 1) await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Launch', exact: true }).click();
    const said = page.locator('p[aria-live="polite"]');
    for (const [millis, words] of [
      [0, 'loud: Requested'],
      [3_000, 'loud: Booting'],
      [41_000, 'loud: Windows is ready'],
      [6 * MINUTE, 'loud: Ready'],
    ] as const) {
      await advance(millis);
      await said.getByText(words).waitFor();
    }
    await page.close();
  });

  it('drops a snapshot that is older than what it shows', async () => {
    const { page } = await visit(site, { scene: 'ready', path: '/servers/launch-1' });
    await page.evaluate(() => {
      const { world } = (window as unknown as { slipwayFake: import('../../src/lib/backend.fake').FakeControl }).slipwayFake;
      const launch = structuredClone(world.machine('launch-1').view);
      Object.assign(launch.server, { revision: 1, name: 'from-the-past' });
      world.tell({ type: 'launch', launch });
    });
    await page.waitForTimeout(200);
    expect(await page.getByText('from-the-past').count()).toBe(0);
    await page.close();
  });

  it('has a dark theme that is kept', async () => {
    const { page } = await visit(site, { scene: 'empty', path: '/settings' });
    await page.getByRole('radio', { name: /^Dark/ }).check();
    await page.locator('html[data-theme="dark"]').waitFor();
    await page.close();
  });
});
