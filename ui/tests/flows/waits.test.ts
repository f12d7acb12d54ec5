// What waits says what for, why, since when, how often it was tried, when next, and what can be done.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { FakeControl } from '../../src/lib/backend.fake';
import type { Event } from '../../src/lib/bindings';
import { serve, visit, type Site } from '../site';

const MINUTE = 60_000;
let site: Site;
beforeAll(async () => (site = await serve()));
afterAll(() => site.close());

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

describe('a launch that waits', () => {
  it.each(['expired', 'no-room', 'silent'])('shows why and a way on: %s', async (scene) => {
    const { page } = await visit(site, { scene, path: '/servers/launch-4' });
    await page.getByText('Tried 13 times in 3 min; next try in 9 s. Nothing is lost.').waitFor();
    await button(page, 'Try again').waitFor();
    await button(page, 'Cancel the launch').waitFor();
    await page.close();
  });

  it('says what is retried, why it failed, how often and when next, and counts on', async () => {
    const { page, advance } = await visit(site, { scene: 'retrying', path: '/servers/launch-4' });
    await page.getByRole('heading', { name: 'S3 answered 501 (Not Implemented) to PutObject.' }).waitFor();
    await page.getByText('Waiting for S3 to answer. Tried 7 times in 1 min 3 s; next try in 17 s.').waitFor();
    await advance(20_000);
    await page.getByText('Tried 7 times in 1 min 23 s; trying now.').waitFor();
    await button(page, 'Try again').waitFor();
    await button(page, 'Cancel the launch').click();
    await page.getByText('The launch is being cancelled.').waitFor();
    await page.close();
  });

  it('whose keys do not match is never offered to trust them', async () => {
    const { page } = await visit(site, { scene: 'mismatched', path: '/servers/launch-4' });
    await button(page, 'Cancel the launch').waitFor();
    expect(await button(page, /Trust/).count()).toBe(0);
    await page.close();
  });

  it('is told in the list, and for an image too', async () => {
    const { page } = await visit(site, { scene: 'retrying' });
    await page.getByText('Waiting for S3 to answer').waitFor();
    await page.close();
    const images = await visit(site, { scene: 'imaging-waits', path: '/images' });
    await images.page.getByText('Waiting for AWS to accept more requests. Tried 4 times in 41 s; next try in 24 s.').waitFor();
    await images.page.close();
    const watch = await visit(site, { scene: 'imaging-waits', path: '/servers/launch-1' });
    await watch.page.getByText('EC2 refused DescribeImages: too many requests.').waitFor();
    await watch.page.close();
  });

  it('without room, takes another place only when it is clicked', async () => {
    const { page, advance } = await visit(site, { scene: 'no-room', path: '/servers/launch-4' });
    const offers = page.getByRole('list', { name: 'Where there is room' });
    await offers.getByText('$0.260 an hour, $0.020 less').waitFor();
    await offers.getByText('price unknown').waitFor();
    await button(page, 'Launch there: t3a.xlarge in eu-central-1a').click();
    await advance(MINUTE);
    await page.getByText(/^Installing ·/).waitFor();
    await page.getByText('t3a.xlarge', { exact: true }).waitFor();
    await page.close();
  });

  it('without a network, makes the default one and goes on', async () => {
    const { page, advance } = await visit(site, { scene: 'unconnected', path: '/servers/launch-4' });
    await button(page, 'Create the default network').click();
    await page.getByText('The default network was made.').waitFor();
    await advance(MINUTE);
    await page.getByText(/^Installing ·/).waitFor();
    await page.close();
  });

  it('whose address changed goes on by one click', async () => {
    const { page, advance } = await visit(site, { scene: 'silent', path: '/servers/launch-4' });
    await button(page, 'Allow my current address').click();
    await advance(MINUTE);
    await page.getByText(/^Installing ·/).waitFor();
    await page.close();
  });

  it('is asked about a changed address after half a minute of silence', async () => {
    const { page } = await visit(site, { scene: 'away', path: '/servers/launch-3' });
    await button(page, 'Allow my current address').click();
    await page.getByText('This computer’s present address is let in.').waitFor();
    await button(page, 'Allow my current address').waitFor({ state: 'detached' });
    await page.close();
  });
});

describe('a command that takes longer than usual', () => {
  it('says what it waits for, why and what can be done, for as long as it lasts', async () => {
    const { page } = await visit(site, { scene: 'paid', path: '/servers' });
    const tell = (wait: unknown) =>
      page.evaluate(
        (told) => (window as unknown as { slipwayFake: FakeControl }).slipwayFake.world.tell({ type: 'waits', wait: told } as Event),
        wait,
      );
    const what = 'The keychain is locked and asks for its password, for at most 2 minutes.';
    await tell({ what, hint: 'Look for its dialog.', reason: null, error: null, since: 0, tries: 2 });
    const note = page.getByRole('status').filter({ hasText: what });
    await note.waitFor();
    expect(await note.textContent()).toMatch(/Waiting for .*, 2 tries\. Look for its dialog\./);
    await tell(null);
    await note.waitFor({ state: 'detached' });
    await page.close();
  });
});
