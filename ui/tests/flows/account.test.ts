// With an AWS account: profiles, places and networks, prices, checks, and a launch that waits for the user.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { FakeControl } from '../../src/lib/backend.fake';
import { serve, visit, type Site } from '../site';

const MINUTE = 60_000;
let site: Site;
beforeAll(async () => (site = await serve()));
afterAll(() => site.close());

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const summary = (page: Page) => page.getByRole('complementary', { name: 'Summary' });

async function toWhere(page: Page): Promise<void> {
  await page.getByRole('radio', { name: /A small site/ }).check();
  await button(page, 'Continue').click();
  await page.getByLabel('Name', { exact: true }).fill('contoso-shop');
}

describe('profiles', () => {
  it('one is added by its access key, checked, used, and removed again', async () => {
    const { page, complaints } = await visit(site, { scene: 'empty', path: '/profiles' });
    await button(page, 'Add a profile').click();
    await page.getByLabel('Name', { exact: true }).fill('Contoso');
    await page.getByLabel('Region').fill('eu-central-1');
    await page.getByLabel('Access key id').fill('AKIAIOSFODNN7EXAMPLE');
    await page.getByLabel('Secret access key').fill('a-very-secret-key');
    await button(page, 'Add the profile').click();
    await page.getByText('Contoso was added.').waitFor();
    expect(await page.getByLabel('Secret access key').count()).toBe(0);
    expect(await page.content()).not.toContain('a-very-secret-key');
    await button(page, 'Check Contoso').click();
    await page.getByText('ec2:CreateImage is not allowed, so no image can be made.').waitFor();
    await page.getByText('User anna. Its key is in the keychain.').waitFor();
    await button(page, 'Use it: Contoso').click();
    await button(page, /Switch profile: Contoso/).waitFor();
    await button(page, 'Remove… Contoso').click();
    await page.getByRole('alertdialog').getByText('Its access key in this computer’s keychain').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await button(page, /Switch profile: Practice/).waitFor();
    expect(complaints.join()).toBe('');
    await page.close();
  });

  it('says what is wrong with a new one before AWS is asked, and what AWS says after', async () => {
    const { page } = await visit(site, { scene: 'paid', path: '/profiles' });
    await button(page, 'Add a profile').click();
    await button(page, 'Add the profile').click();
    await page.getByText('Give it a name.').waitFor();
    await page.getByText('The secret is missing.').waitFor();
    await page.getByLabel('Access key id').fill('ASIAIOSFODNN7EXAMPLE');
    await page.getByText(/This key is a temporary one/).waitFor();
    await button(page, 'Cancel').click();
    await button(page, 'Remove… Contoso').click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText(/still has servers/).waitFor();
    await page.close();
  });

  it('takes those of the AWS tools that can be used', async () => {
    const { page } = await visit(site, { scene: 'empty', path: '/profiles' });
    expect(await button(page, 'Add agency-admin').count()).toBe(0);
    await button(page, 'Add agency-staging').click();
    await page.getByText('Its key is in the files of the AWS tools.').waitFor();
    await page.getByText('Added', { exact: true }).waitFor();
    await page.close();
  });

  it('finds what was left behind and deletes it when told to', async () => {
    const { page } = await visit(site, { scene: 'paid', path: '/profiles' });
    await button(page, 'Look').click();
    await button(page, 'Delete… sg-0b7f3d2c1a9e8f7d6').click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await button(page, 'Delete… sg-0b7f3d2c1a9e8f7d6').waitFor({ state: 'detached' });
    await button(page, 'Delete… snap-04f1c2d3e4f5a6b7c').waitFor();
    await page.close();
  });
});

describe('recipes', () => {
  it('one for EC2 says in practice what it needs, and is offered with an account', async () => {
    const { page } = await visit(site, { scene: 'empty', path: '/recipes' });
    const launch = button(page, 'Launch IIS and .NET');
    expect(await launch.getAttribute('aria-disabled')).toBe('true');
    await page.getByText(/· needs an AWS profile/).waitFor();
    await button(page, 'Launch IIS and .NET').press('Enter');
    await page.getByRole('link', { name: 'Launch A small site' }).click();
    await page.getByRole('radio', { name: /A small site/ }).waitFor();
    expect(await page.getByRole('radio', { name: /IIS and/ }).count()).toBe(0);
    await page.close();
    const paid = await visit(site, { scene: 'paid', path: '/launch' });
    await paid.page.getByRole('radio', { name: /IIS and/ }).check();
    await paid.page.close();
  });
});

describe('recipe files that can’t be used', () => {
  it('are told with file, line and reason, beside the recipes that can', async () => {
    const { page } = await visit(site, { scene: 'recipe-files', path: '/recipes' });
    const told = page.getByRole('region', { name: 'Recipe files that can’t be used' });
    await told.getByText(/umbraco\.toml, line 14: .*did you mean “install”/).waitFor();
    await told.getByText(/pipe\.toml can't be read: it is a named pipe/).waitFor();
    await told.getByText('Details').click();
    await told.getByText(/line 31: there are two steps/).waitFor();
    await page.getByRole('link', { name: 'Launch A small site' }).waitFor();
    await page.close();
    const none = await visit(site, { scene: 'empty', path: '/recipes' });
    await none.page.getByRole('link', { name: 'Launch A small site' }).waitFor();
    expect(await none.page.getByRole('region', { name: /can’t be used/ }).count()).toBe(0);
    await none.page.close();
  });
});

describe('the wizard on an account', () => {
  it('greys a region that is not switched on, with the reason, and switches to another', async () => {
    const { page } = await visit(site, { scene: 'paid', path: '/launch' });
    await toWhere(page);
    const milan = page.getByRole('option', { name: /Milan/ });
    expect(await milan.isDisabled()).toBe(true);
    expect(await milan.textContent()).toContain('not switched on in this account');
    await page.getByLabel('Where it runs').selectOption('eu-west-1');
    await summary(page).getByText('Ireland').waitFor();
    await button(page, /Switch profile: Contoso.*Ireland/).waitFor();
    await page.close();
  });

  it('asks for the Windows where a recipe leaves a choice, and says it again before the launch', async () => {
    const { page, complaints } = await visit(site, { scene: 'paid', path: '/launch' });
    const windows = page.getByLabel('Windows', { exact: true });
    await page.getByRole('radio', { name: /A small site/ }).check();
    expect(await windows.count()).toBe(0);
    await page.getByRole('radio', { name: /IIS and/ }).check();
    expect(await windows.locator('option').allTextContents()).toHaveLength(4);
    const chosen = 'Windows Server 2025 with SQL Server 2025 Express';
    await windows.selectOption({ label: chosen });
    await button(page, 'Continue').click();
    await page.getByLabel('Name', { exact: true }).fill('contoso-shop');
    for (let step = 3; step <= 5; step += 1) await button(page, 'Continue').click();
    await page.getByText('Step 5 of 5').waitFor();
    await page.getByRole('definition').getByText(chosen).waitFor();
    expect(complaints.join()).toBe('');
    await page.close();
  });

  it('launches into a chosen network, and makes the default one where there is none', async () => {
    const { page } = await visit(site, { scene: 'no-network', path: '/launch' });
    await toWhere(page);
    await button(page, 'Continue').click();
    await page.getByText('Step 2 of 5').waitFor();
    await button(page, 'Create the default network').click();
    await page.getByLabel('Network').selectOption({ label: 'contoso-dmz, zone eu-central-1a (subnet-0c7d8e9f)' });
    await button(page, 'Continue').click();
    await page.getByLabel('If you forget it').selectOption({ label: 'Stop it after 8 hours' });
    for (let at = 0; at < 2; at += 1) await button(page, 'Continue').click();
    await page.getByText('contoso-dmz, zone eu-central-1a').waitFor();
    await page.getByText('stop it after 8 hours').waitFor();
    await page.close();
  });

  it('adds up what is known, and adds nothing up where a price is unknown', async () => {
    const paid = await visit(site, { scene: 'paid', path: '/launch' });
    await summary(paid.page).getByText('$0.132', { exact: true }).waitFor();
    await summary(paid.page).getByText('$5.71', { exact: true }).waitFor();
    await paid.page.close();
    const { page } = await visit(site, { scene: 'unpriced', path: '/launch' });
    await summary(page).getByText('price unknown').waitFor();
    expect(await summary(page).textContent()).not.toContain('$');
    await page.close();
  });

  it('launches nothing that a check says would fail, and says which', async () => {
    const { page } = await visit(site, { scene: 'no-quota', path: '/launch' });
    await toWhere(page);
    for (let at = 0; at < 3; at += 1) await button(page, 'Continue').click();
    const launch = button(page, /^Launch$/);
    await summary(page).getByText('“vCPU quota” stands in the way.').first().waitFor();
    expect(await launch.getAttribute('aria-disabled')).toBe('true');
    await launch.click({ force: true });
    await page.getByText('Step 5 of 5').waitFor();
    await page.evaluate(() => {
      const { world } = (window as unknown as { slipwayFake: FakeControl }).slipwayFake;
      world.findings = world.findings.filter((one) => one.verdict !== 'blocking');
    });
    await button(page, 'Check again').click();
    await page.getByText('1 thing to look at').waitFor();
    await launch.click();
    await heading(page, 'contoso-shop').waitFor();
    await page.close();
  });

  it('checks before money is spent', async () => {
    const { page } = await visit(site, { scene: 'paid', path: '/launch' });
    await toWhere(page);
    for (let at = 0; at < 3; at += 1) await button(page, 'Continue').click();
    await page.getByText('It is offered in zone eu-central-1a.').waitFor();
    await page.close();
  });

  it('lets in the addresses that are named, and says when this computer is not among them', async () => {
    const { page } = await visit(site, { scene: 'paid', path: '/launch' });
    await toWhere(page);
    for (let at = 0; at < 2; at += 1) await button(page, 'Continue').click();
    await page.getByRole('radio', { name: /Addresses that I name/ }).check();
    const addresses = page.getByLabel('Addresses', { exact: true });
    expect(await addresses.inputValue()).toBe('93.184.216.34');
    await addresses.fill('office');
    await page.getByText('“office” is no address').waitFor();
    await addresses.fill('203.0.113.0/24, 198.51.100.7');
    await page.getByText('This computer (93.184.216.34) is not among them').waitFor();
    await button(page, 'Continue').click();
    await page.getByText('open to 203.0.113.0/24, 198.51.100.7').waitFor();
    await page.close();
  });

  it('keeps its answers and its step when the app is quit right after the last letter', async () => {
    const { page } = await visit(site, { scene: 'paid', path: '/launch' });
    await toWhere(page);
    await page.getByLabel('Name', { exact: true }).fill('typed-last');
    await page.reload();
    await page.getByText('Step 2 of 5').waitFor();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('typed-last');
    await page.close();
  });
});

describe('what nobody asked for', () => {
  it('is told in the corner, once', async () => {
    const { page } = await visit(site, { scene: 'paid', path: '/servers' });
    const text = 'The server “contoso-web” did not start: its key is off. Start it again.';
    await page.evaluate((told) => (window as unknown as { slipwayFake: FakeControl }).slipwayFake.world.notice(told), text);
    await page.getByText(text).waitFor();
    await page.getByRole('link', { name: /^Images/ }).click();
    expect(await page.getByText(text).count()).toBe(1);
    await page.close();
  });
});

describe('a server that stops itself', () => {
  it('says when, and is kept running by one click where it failed', async () => {
    const { page } = await visit(site, { scene: 'paid', path: '/servers/launch-2' });
    await page.getByText(/It stops itself in about 3 h 3\d min/).waitFor();
    await button(page, 'Keep it running: kx13-upgrade').click();
    await page.getByText(/It stops itself in about 7 h 3\d min/).waitFor();
    await page.getByRole('link', { name: /^Servers/ }).click();
    await page.getByText(/Stops itself in about 7 h 3\d min/).waitFor();
    await button(page, 'More for kx13-upgrade').click();
    await page.getByRole('menuitem', { name: 'Keep it running' }).click();
    await page.getByText(/Stops itself in about 11 h 3\d min/).waitFor();
    await page.close();
  });

  it('says when by its timer, too, and has no button for what it would not hear', async () => {
    const { page } = await visit(site, { scene: 'paid', path: '/servers/launch-1' });
    await page.getByText(/It stops itself in about 5 h/).waitFor();
    expect(await button(page, /^Keep it running/).count()).toBe(0);
    await page.close();
  });
});

describe('a server that does not answer', () => {
  it('shows its console and its screen', async () => {
    const { page, complaints } = await visit(site, { scene: 'silent', path: '/servers/launch-4' });
    await page.getByRole('button', { name: 'Look', exact: true }).click();
    const console = page.getByRole('region', { name: 'Its console' });
    await console.filter({ hasText: 'The remote name could not be resolved' }).waitFor();
    const screen = page.getByRole('img', { name: 'Its screen' });
    await screen.waitFor();
    expect(await screen.evaluate((one) => (one as HTMLImageElement).decode().then(() => true))).toBe(true);
    expect(complaints.join()).toBe('');
    await page.close();
  });

  it('says why where they can’t be read, and that there is nothing where there is not', async () => {
    const { page } = await visit(site, { scene: 'failed', path: '/servers/launch-1' });
    await page.evaluate(() => {
      const { world } = (window as unknown as { slipwayFake: FakeControl }).slipwayFake;
      world.console = '';
    });
    await page.getByRole('button', { name: 'Look', exact: true }).click();
    await page.getByText('Nothing stands on its console yet.').waitFor();
    await page.getByText('It has no screen that could be shown.').waitFor();
    await page.evaluate(() => {
      const { world } = (window as unknown as { slipwayFake: FakeControl }).slipwayFake;
      const refused = { kind: 'permission_missing' as const, sentence: 'AWS does not let you read consoles.', hint: '', causes: [], request_id: null };
      world.faults.set('console', refused);
    });
    await button(page, 'Look again').click();
    await page.getByText('AWS does not let you read consoles.').waitFor();
    await page.close();
  });
});

describe('stopping and starting on an account', () => {
  it('says before that the address changes and what costs on, and shows the new address after', async () => {
    const { page, advance } = await visit(site, { scene: 'paid', path: '/servers/launch-1' });
    await page.getByText('http://ec2-18-197-44-201.eu-central-1.compute.amazonaws.com').waitFor();
    await button(page, 'Power').click();
    await page.getByRole('menuitem', { name: 'Stop…' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByText(/another public address.*60 GiB costs on while it is off: \$5\.71 a month/).waitFor();
    await dialog.getByRole('button', { name: 'Stop' }).click();
    await advance(MINUTE);
    await heading(page, 'fabrikam-demo is off').waitFor();
    await page.getByText(/saved .rdp files lead to the old one no longer/).waitFor();
    await button(page, 'Start').click();
    await advance(MINUTE);
    await page.getByText('http://ec2-3-120-8-77.eu-central-1.compute.amazonaws.com').waitFor();
    await page.close();
  });
});

describe('the certificate of Remote Desktop', () => {
  it('is compared with what the server’s console told of', async () => {
    const { page } = await visit(site, { scene: 'paid', path: '/servers/launch-1' });
    await page.getByText('Matches the server').waitFor();
    await page.evaluate(() => {
      const { world } = (window as unknown as { slipwayFake: FakeControl }).slipwayFake;
      world.rdpCertificate = 'other';
    });
    await page.getByRole('link', { name: /^Servers/ }).click();
    await page.getByRole('link', { name: 'fabrikam-demo' }).click();
    await page.getByText('Not this server’s').waitFor();
    await page.getByRole('alert').getByText(/Don’t type the password/).waitFor();
    await page.close();
  });
});

describe('what can’t be kept', () => {
  it('a setting goes back to what it was and says why', async () => {
    const { page } = await visit(site, { scene: 'unsaved', path: '/settings' });
    await page.getByRole('radio', { name: /^Dark/ }).click();
    await page.getByText('The journal of launches can’t be written.').waitFor();
    expect(await page.getByRole('radio', { name: /^As the system/ }).isChecked()).toBe(true);
    await page.close();
  });

  it('the first-run page stays and says why', async () => {
    const { page } = await visit(site, { scene: 'fresh-unsaved' });
    await button(page, 'Look around first').click();
    await page.getByRole('alert').getByText('The journal of launches can’t be written.').waitFor();
    await button(page, 'Launch a practice server').waitFor();
    await page.close();
  });
});
