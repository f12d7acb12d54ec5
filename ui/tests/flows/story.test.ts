// The whole story in the browser: launch, ready, image, launch from it, terminate; and a failure that is mended.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { serve, visit, type Site } from '../site';

const MINUTE = 60_000;
let site: Site;
beforeAll(async () => (site = await serve()));
afterAll(() => site.close());

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });

async function fillWizard(page: Page, name: string): Promise<void> {
  await page.getByRole('radio', { name: /A small site/ }).check();
  await button(page, 'Continue').click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  for (let at = 0; at < 3; at += 1) await button(page, 'Continue').click();
}

async function shownWhileHeld(page: Page): Promise<void> {
  const password = page.getByText('v7!Kd-example-9Qz');
  const show = button(page, 'Hold to show the Administrator password');
  await show.hover();
  await page.mouse.down();
  await password.waitFor();
  await page.mouse.up();
  await password.waitFor({ state: 'detached' });
  await show.focus();
  await page.keyboard.down('Space');
  await password.waitFor();
  await page.keyboard.up('Space');
  await password.waitFor({ state: 'detached' });
  await page.keyboard.down('Enter');
  await password.waitFor();
  // Whoever goes elsewhere has let go.
  await button(page, 'Copy the Administrator password').focus();
  await password.waitFor({ state: 'detached' });
  await page.keyboard.up('Enter');
}

describe('a newcomer', () => {
  it('launches, gets the keys, makes an image, launches from it and terminates both', async () => {
    const { page, complaints, advance } = await visit(site, { scene: 'fresh' });
    await button(page, 'Launch a practice server').click();
    await fillWizard(page, 'first');
    await button(page, /^Launch$/).click();

    await heading(page, 'first').waitFor();
    await advance(5 * MINUTE);
    await heading(page, 'first is up').waitFor();
    await page.getByText('http://127.0.0.1:8101').waitFor();
    await button(page, 'Open the site').click();
    await button(page, 'Save .rdp file').click();
    await page.getByText(/Saved as .*first\.rdp/).waitFor();
    await shownWhileHeld(page);

    await page.getByLabel('Name', { exact: true }).fill('first-image');
    await page.getByLabel('Description').fill('A small site');
    await button(page, 'Make the image').click();
    await page.getByText(/Making an image/).waitFor();
    await advance(4 * MINUTE);
    await page.getByRole('link', { name: /Images/ }).click();
    await page.getByText('Available').waitFor();
    await page.getByRole('link', { name: 'Launch from it: first-image' }).click();
    await button(page, 'Continue').click();
    await page.getByLabel('Name', { exact: true }).fill('second');
    for (let at = 0; at < 3; at += 1) await button(page, 'Continue').click();
    await button(page, /^Launch$/).click();
    await heading(page, 'second').waitFor();
    await advance(5 * MINUTE);
    await heading(page, 'second is up').waitFor();

    await terminate(page, 'second');
    await advance(MINUTE);
    await page.getByText('Terminated', { exact: true }).first().waitFor();
    await page.getByRole('link', { name: /Servers/ }).first().click();
    await page.getByRole('link', { name: 'first', exact: true }).click();
    await terminate(page, 'first');
    await advance(MINUTE);
    await page.getByRole('link', { name: /Servers/ }).first().click();
    await page.getByText('No servers yet').waitFor();
    expect(complaints.join()).toBe('');
    await page.close();
  });

  it('practises a failure, sees which step and why, goes on and succeeds', async () => {
    const { page, complaints, advance } = await visit(site, { scene: 'empty', path: '/launch' });
    await fillWizard(page, 'fails-once');
    await page.getByLabel('Practise a failure').selectOption({ label: 'Create the database' });
    await button(page, /^Launch$/).click();
    await heading(page, 'fails-once').waitFor();
    await advance(5 * MINUTE);
    await heading(page, 'fails-once could not be installed').waitFor();
    await page.getByRole('heading', { name: /Create the database ended with code/ }).waitFor();
    await page.getByRole('region', { name: 'Its last lines' }).getByText(/restart is required/).waitFor();
    expect(await button(page, 'Make the image').count()).toBe(0);
    await button(page, 'Go on without a restart').click();
    await heading(page, 'fails-once').waitFor();
    await page.getByText('This is attempt 2').waitFor();
    await advance(3 * MINUTE);
    await heading(page, 'fails-once is up').waitFor();
    expect(complaints.join()).toBe('');
    await page.close();
  });
});

describe('Remote Desktop', () => {
  it('is there while the install goes on, as soon as Windows is ready', async () => {
    const { page, complaints } = await visit(site, { scene: 'watch', path: '/servers/launch-1' });
    await button(page, 'Connect…').click();
    const panel = page.getByRole('region', { name: 'Remote Desktop' });
    await panel.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('Remote Desktop is opening.').waitFor();
    await shownWhileHeld(page);
    await button(page, 'Connect…').click();
    await panel.waitFor({ state: 'detached' });
    expect(complaints.join()).toBe('');
    await page.close();
  });

  it('is one click away in the list', async () => {
    const { page } = await visit(site, { scene: 'busy' });
    await button(page, /^Remote Desktop to/).click();
    await page.getByText('Remote Desktop is opening.').waitFor();
    await page.close();
  });
});

describe('destroying', () => {
  it('a ready server wants its name typed', async () => {
    const { page } = await visit(site, { scene: 'ready', path: '/servers/launch-1' });
    await button(page, 'Terminate…').click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByText('The site at http://127.0.0.1:8101').waitFor();
    const yes = dialog.getByRole('button', { name: 'Terminate' });
    expect(await yes.getAttribute('aria-disabled')).toBe('true');
    await dialog.getByRole('textbox').fill('contoso');
    await page.keyboard.press('Enter');
    expect(await dialog.count()).toBe(1);
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    await heading(page, 'contoso-web is up').waitFor();
    await page.close();
  });

  it('an image names what goes with it', async () => {
    const { page } = await visit(site, { scene: 'busy', path: '/images' });
    await button(page, 'Delete… orchard-base-2').click();
    await page.getByRole('alertdialog').getByText('Its snapshots of the disks').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('orchard-base-2', { exact: true }).waitFor({ state: 'detached' });
    await page.close();
  });
});

async function terminate(page: Page, name: string): Promise<void> {
  await button(page, 'Terminate…').click();
  await page.getByRole('alertdialog').getByRole('textbox').fill(name);
  await page.getByRole('alertdialog').getByRole('button', { name: 'Terminate' }).click();
}
