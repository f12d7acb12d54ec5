// Every screen in every state: the scene it begins with, and what is clicked to get there.
import type { Page } from 'playwright-core';

export interface Screen {
  name: string;
  scene: string;
  path?: string;
  then?: (page: Page) => Promise<unknown>;
}

const LAUNCH = '/servers/launch-1';
const click = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click();

async function toStage(page: Page, stage: number): Promise<void> {
  await page.getByRole('radio', { name: /Xperience by Kentico/ }).check();
  await page.getByLabel('Your e-mail address').fill('anna@contoso.example');
  for (let at = 0; at < stage; at += 1) {
    await page.getByRole('button', { name: 'Continue' }).click();
    if (at === 0) await page.getByLabel('Name', { exact: true }).fill('contoso-shop');
  }
}

async function stop(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Power' }).click();
  await page.getByRole('menuitem', { name: 'Stop…' }).click();
}

async function refusedKey(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add a profile' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Fabrikam');
  await page.getByLabel('Region').fill('eu-west-1');
  await page.getByLabel('Access key id').fill('AKIB1234567890123456');
  await page.getByLabel('Secret access key').fill('not-a-real-secret');
  await page.getByRole('button', { name: 'Add the profile' }).click();
  await page.getByText('AWS does not know this access key.').waitFor();
}

async function named(page: Page): Promise<void> {
  await toStage(page, 3);
  await page.getByRole('radio', { name: /Addresses that I name/ }).check();
  await page.getByLabel('Addresses', { exact: true }).fill('203.0.113.0/24');
}

async function lookInside(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Look', exact: true }).click();
  await page.getByRole('img', { name: 'Its screen' }).scrollIntoViewIfNeeded();
}

async function lookForLeftovers(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Look', exact: true }).click();
  await page.getByRole('list', { name: 'Left behind' }).scrollIntoViewIfNeeded();
}

export const SCREENS: Screen[] = [
  { name: 'welcome', scene: 'fresh' },
  { name: 'welcome-unsaved', scene: 'fresh-unsaved', then: click('Look around first') },
  { name: 'servers', scene: 'busy' },
  { name: 'servers-paid', scene: 'paid' },
  { name: 'servers-unpriced', scene: 'unpriced' },
  { name: 'servers-off', scene: 'paid-off' },
  { name: 'servers-empty', scene: 'empty' },
  { name: 'servers-loading', scene: 'loading' },
  { name: 'servers-broken', scene: 'broken' },
  { name: 'servers-nothing-found', scene: 'busy', then: (page) => page.getByRole('searchbox').fill('zzz') },
  { name: 'servers-menu', scene: 'busy', then: click('More for orchard-training') },
  { name: 'servers-switch', scene: 'paid', then: click(/Switch profile/) },
  { name: 'wizard-1', scene: 'empty', path: '/launch' },
  { name: 'wizard-1-problem', scene: 'empty', path: '/launch', then: click('Continue') },
  { name: 'wizard-1-paid', scene: 'paid', path: '/launch', then: (page) => toStage(page, 0) },
  { name: 'wizard-1-images', scene: 'busy', path: '/launch', then: (page) => toStage(page, 0) },
  { name: 'wizard-2', scene: 'empty', path: '/launch', then: (page) => toStage(page, 1) },
  { name: 'wizard-2-paid', scene: 'paid', path: '/launch', then: (page) => toStage(page, 1) },
  { name: 'wizard-2-no-network', scene: 'no-network', path: '/launch', then: (page) => toStage(page, 1) },
  { name: 'wizard-3-unpriced', scene: 'unpriced', path: '/launch', then: (page) => toStage(page, 2) },
  { name: 'wizard-5-paid', scene: 'paid', path: '/launch', then: (page) => toStage(page, 4) },
  { name: 'wizard-4-named', scene: 'paid', path: '/launch', then: named },
  { name: 'wizard-3-practice', scene: 'empty', path: '/launch', then: (page) => toStage(page, 2) },
  { name: 'wizard-5-blocked', scene: 'no-quota', path: '/launch', then: (page) => toStage(page, 4) },
  { name: 'wizard-3', scene: 'paid', path: '/launch', then: (page) => toStage(page, 2) },
  { name: 'wizard-4', scene: 'empty', path: '/launch', then: (page) => toStage(page, 3) },
  { name: 'wizard-5', scene: 'empty', path: '/launch', then: (page) => toStage(page, 4) },
  { name: 'wizard-loading', scene: 'loading', path: '/launch' },
  { name: 'wizard-broken', scene: 'broken', path: '/launch' },
  { name: 'watch', scene: 'watch', path: LAUNCH },
  { name: 'watch-step', scene: 'watch', path: LAUNCH, then: click(/Create the Xperience project/) },
  { name: 'watch-connect', scene: 'watch', path: LAUNCH, then: click('Connect…') },
  { name: 'watch-paid', scene: 'paid', path: '/servers/launch-3' },
  { name: 'watch-reconnecting', scene: 'reconnecting', path: LAUNCH },
  { name: 'watch-parked', scene: 'parked', path: LAUNCH },
  { name: 'watch-retrying', scene: 'retrying', path: '/servers/launch-4' },
  { name: 'servers-retrying', scene: 'retrying' },
  { name: 'watch-mismatched', scene: 'mismatched', path: '/servers/launch-4' },
  { name: 'watch-no-room', scene: 'no-room', path: '/servers/launch-4' },
  { name: 'watch-no-network', scene: 'unconnected', path: '/servers/launch-4' },
  { name: 'watch-expired', scene: 'expired', path: '/servers/launch-4' },
  { name: 'watch-silent', scene: 'silent', path: '/servers/launch-4' },
  { name: 'watch-silent-inside', scene: 'silent', path: '/servers/launch-4', then: lookInside },
  { name: 'watch-mismatch', scene: 'mismatch', path: '/servers/launch-4' },
  { name: 'watch-away', scene: 'away', path: '/servers/launch-3' },
  { name: 'watch-loading', scene: 'loading', path: LAUNCH },
  { name: 'watch-broken', scene: 'broken', path: LAUNCH },
  { name: 'watch-imaging', scene: 'imaging', path: LAUNCH },
  { name: 'watch-imaging-waits', scene: 'imaging-waits', path: LAUNCH },
  { name: 'images-waits', scene: 'imaging-waits', path: '/images' },
  { name: 'ready', scene: 'ready', path: LAUNCH },
  { name: 'ready-paid', scene: 'paid', path: LAUNCH },
  { name: 'ready-stop', scene: 'paid', path: LAUNCH, then: stop },
  { name: 'ready-log', scene: 'ready', path: LAUNCH, then: click('Show the full log') },
  { name: 'ready-terminate', scene: 'ready', path: LAUNCH, then: click('Terminate…') },
  { name: 'stopped', scene: 'busy', path: '/servers/launch-4' },
  { name: 'stopped-paid', scene: 'paid-off', path: LAUNCH },
  { name: 'failed', scene: 'failed', path: LAUNCH },
  { name: 'failed-paid', scene: 'paid', path: '/servers/launch-2' },
  { name: 'images', scene: 'busy', path: '/images' },
  { name: 'images-empty', scene: 'empty', path: '/images' },
  { name: 'images-loading', scene: 'loading', path: '/images' },
  { name: 'images-broken', scene: 'broken', path: '/images' },
  { name: 'images-delete', scene: 'busy', path: '/images', then: click(/Delete… orchard-base-2/) },
  { name: 'recipes', scene: 'empty', path: '/recipes' },
  { name: 'recipes-loading', scene: 'loading', path: '/recipes' },
  { name: 'recipes-files', scene: 'recipe-files', path: '/recipes' },
  { name: 'recipes-broken', scene: 'broken', path: '/recipes' },
  { name: 'recipe', scene: 'empty', path: '/recipes/xperience' },
  { name: 'recipe-broken', scene: 'broken', path: '/recipes/xperience' },
  { name: 'profiles', scene: 'paid', path: '/profiles' },
  { name: 'profiles-first', scene: 'empty', path: '/profiles' },
  { name: 'profiles-check', scene: 'paid', path: '/profiles', then: click('Check Contoso') },
  { name: 'profiles-add', scene: 'paid', path: '/profiles', then: refusedKey },
  { name: 'profiles-remove', scene: 'paid', path: '/profiles', then: click('Remove… Contoso') },
  { name: 'profiles-leftovers', scene: 'paid', path: '/profiles', then: lookForLeftovers },
  { name: 'profiles-loading', scene: 'loading', path: '/profiles' },
  { name: 'profiles-broken', scene: 'profiles-broken', path: '/profiles', then: click('Check Contoso') },
  { name: 'settings', scene: 'empty', path: '/settings' },
  { name: 'settings-loading', scene: 'settings-loading', path: '/settings' },
  { name: 'settings-broken', scene: 'settings-broken', path: '/settings' },
  { name: 'settings-unsaved', scene: 'unsaved', path: '/settings', then: (page) => page.getByRole('radio', { name: /^Dark/ }).click() },
  { name: 'nowhere', scene: 'empty', path: '/nowhere' },
  { name: 'hostile-servers', scene: 'hostile' },
  { name: 'hostile-ready', scene: 'hostile', path: LAUNCH },
  { name: 'hostile-failed', scene: 'hostile', path: '/servers/launch-2' },
  { name: 'hostile-parked', scene: 'hostile', path: '/servers/launch-4' },
  { name: 'hostile-watch', scene: 'hostile', path: '/servers/launch-5' },
  { name: 'hostile-wizard', scene: 'hostile', path: '/launch' },
  { name: 'hostile-images', scene: 'hostile', path: '/images' },
  { name: 'hostile-recipes', scene: 'hostile', path: '/recipes' },
  { name: 'hostile-recipe', scene: 'hostile', path: '/recipes/xperience' },
  { name: 'hostile-profiles', scene: 'hostile', path: '/profiles' },
  { name: 'hostile-settings', scene: 'hostile', path: '/settings' },
];
