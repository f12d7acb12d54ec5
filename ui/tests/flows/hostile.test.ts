// 2,000 hostile texts, in batches, in every name, title, message and error of every screen: none runs, none breaks a layout.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { HOSTILE_BATCHES } from '../../src/lib/fake/scenes';
import { foreign, overflowing } from '../page';
import { serve, visit, type Site } from '../site';

let site: Site;
beforeAll(async () => (site = await serve()));
afterAll(() => site.close());

/** Where to look, and what to open there. */
const PLACES: [path: string, open?: (page: Page) => Promise<unknown>][] = [
  ['/', (page) => page.getByRole('button', { name: /^More for/ }).first().click()],
  ['/', (page) => refused(page)],
  ['/servers/launch-1', (page) => saved(page)],
  ['/servers/launch-1', (page) => page.getByRole('button', { name: 'Terminate…' }).click()],
  ['/servers/launch-2', (page) => page.getByText('Details', { exact: true }).first().click()],
  ['/servers/launch-2', (page) => page.getByRole('button', { name: 'Look', exact: true }).click()],
  ['/servers/launch-4'],
  ['/servers/launch-5', (page) => page.getByRole('button', { name: 'Warnings only' }).click()],
  ['/launch', (page) => throughWizard(page)],
  ['/images', (page) => page.getByRole('button', { name: /^Delete…/ }).first().click()],
  ['/recipes'],
  ['/recipes/xperience'],
  ['/profiles', (page) => page.getByRole('button', { name: /^Check/ }).first().click()],
  ['/profiles', (page) => page.getByRole('button', { name: 'Look', exact: true }).click()],
  ['/profiles', (page) => refusedProfile(page)],
  ['/settings'],
];

/** A note in the corner that says why something was refused. */
async function refused(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Open site of/ }).first().click();
  await page.locator('.toast.bad').first().waitFor();
}

/** A note that names what was done. */
async function saved(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save .rdp file' }).click();
  await page.locator('.toast.ok').first().waitFor();
}

async function refusedProfile(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add a profile' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Fabrikam');
  await page.getByLabel('Region').fill('eu-west-1');
  await page.getByLabel('Access key id').fill('AKIAIOSFODNN7EXAMPLE');
  await page.getByLabel('Secret access key').fill('a-very-secret-key');
  await page.getByRole('button', { name: 'Add the profile' }).click();
  await page.getByRole('button', { name: 'Add the profile' }).waitFor();
  await page.locator('form [role=alert]').first().waitFor();
}

async function throughWizard(page: Page): Promise<void> {
  await page.getByRole('radio').nth(1).check();
  for (const step of [2, 3, 4, 5, 1]) {
    const stage = page.getByRole('list', { name: 'Steps' }).getByRole('button').nth(step - 1);
    await stage.click();
    await page.getByText(`Step ${step} of 5`).waitFor();
    expect((await overflowing(page)).join('\n')).toBe('');
  }
}

async function goTo(page: Page, path: string): Promise<void> {
  // A dialog or menu that is open holds the keyboard; Escape gives it back.
  await page.keyboard.press('Escape');
  await page.evaluate((to) => (location.hash = to), path);
  await page.locator('main h1').first().waitFor();
  await page.waitForTimeout(40);
}

describe.each(Array.from({ length: HOSTILE_BATCHES }, (_, at) => at))('batch %i of hostile texts', (batch) => {
  it('runs nowhere and fits everywhere', async () => {
    const { page, complaints } = await visit(site, { scene: `hostile&batch=${batch}`, width: 900, height: 760 });
    page.on('dialog', (dialog) => {
      complaints.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    const wrong: string[] = [];
    for (const [path, open] of PLACES) {
      await goTo(page, path);
      await open?.(page);
      const here = [...(await overflowing(page)), ...(await foreign(page)), ...complaints.splice(0)];
      wrong.push(...here.map((one) => `${path}: ${one}`));
    }
    expect(wrong.join('\n')).toBe('');
    expect(await page.evaluate(() => 'harmed' in window)).toBe(false);
    expect(page.url()).toContain(site.address);
    await page.close();
  });
});
