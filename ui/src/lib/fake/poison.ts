// A world on an account whose every text tries to do harm. What the app itself makes, such as launch ids, stays.
import { hostileTexts } from './hostile';
import type { Machine } from './machine';
import type { World } from './world';

/** Fields that hold text from elsewhere: from recipes, servers, AWS, or people. */
const FREE = new Set([
  'about', 'account', 'data_folder', 'description', 'doing', 'fix', 'hint', 'host', 'instance', 'name', 'my_address',
  'problem', 'profile', 'recipe', 'region', 'request_id', 'sentence', 'server', 'site_url', 'size', 'step_title', 'text',
  'title', 'url', 'user', 'version', 'zone', 'image', 'default',
]);
/** Acts that are refused with such texts: as a note in the corner, and in the form that asked. */
const REFUSED = ['openSite', 'addProfile'];
/** Lists of such texts. */
const FREE_LISTS = new Set(['causes', 'choices', 'allowed_from', 'leftovers']);
const MEGABYTE = 1_048_576;

/** Poisons a world with the `batch`th of so many batches of 2,000 texts. */
export function poison(world: World, batch: number, batches: number): void {
  const all = hostileTexts(2_000);
  const size = Math.ceil(all.length / batches);
  const mine = all.slice((batch % batches) * size, (batch % batches) * size + size);
  let next = 0;
  const take = () => mine[next++ % mine.length] ?? '';
  for (const machine of world.machines) say(machine, mine);
  poisonOne(world.recipes, take);
  poisonOne(world.brokenRecipes, take);
  poisonOne(world.images, take);
  for (const { view } of world.machines) poisonOne(view, take);
  poisonOne(world.paidCatalog, take);
  poisonOne(world.fileProfiles, take);
  poisonOne(world.leftovers, take);
  poisonOne(world.profiles, take);
  poisonOne(world.settings, take);
  world.findings = world.findings.map((one) => ({ ...one, about: take(), text: take(), fix: take() }));
  world.console = mine.join('\n');
  for (const act of REFUSED) {
    world.faults.set(act, { kind: 'internal', sentence: take(), hint: take(), causes: [take(), take()], request_id: take() });
  }
  if (next < mine.length) throw new Error(`only ${next} of ${mine.length} texts found a place`);
  // Servers are listed by the name of their profile.
  for (const { view } of world.machines) view.server.profile = world.profile.name;
}

function say(machine: Machine, texts: string[]): void {
  texts.forEach((text, at) => machine.say(at % 3 ? text : null, at % 5 ? 'info' : 'warn', text, at % 7 ? 'line' : text));
  machine.say('sql-express', 'error', `${texts[0] ?? ''}${'M'.repeat(MEGABYTE)}`);
  if (machine.view.failure !== null) machine.view.failure.last_lines = machine.log.slice(-6);
}

function poisonOne(value: unknown, take: () => string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, held] of Object.entries(value)) {
    const into = value as Record<string, unknown>;
    if (typeof held === 'string' && FREE.has(key)) into[key] = take();
    else if (Array.isArray(held) && FREE_LISTS.has(key)) into[key] = [take(), take()];
    else poisonOne(held, take);
  }
}
