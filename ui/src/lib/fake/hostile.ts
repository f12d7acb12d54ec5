// A world whose every text tries to do harm: markup, terminal codes, direction overrides, endless lines.
import { World } from './world';

const SHARP = [
  '<img src=x onerror="window.harmed=1">',
  '<script>window.harmed=1</script>',
  '"><svg onload=window.harmed=1>',
  "javascript:window.harmed=1//'",
  '{{constructor.constructor("window.harmed=1")()}}',
  '${window.harmed=1}',
  '<style>*{display:none}</style>',
  '<a href="javascript:window.harmed=1">x</a>',
  '\u001b[2J\u001b[31mcleared\u001b]8;;http://x\u0007link\u001b]8;;\u0007',
  '\u202egnp.exe\u2066 abc \u200f',
  'a\u0000b\u0008\u0007c\r\nd\te',
  '🚀👩‍👩‍👧‍👦🏳️‍🌈 e\u0301 \u5bb6\u65cf',
  'Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320\u034d A\u036b\u0357\u0334\u0362',
  "'; DROP TABLE launches; --",
  '../../../../etc/passwd%00',
  '&lt;b&gt;&#x3c;script&#x3e;',
];

/** `wanted` different texts. */
export function hostileTexts(wanted: number): string[] {
  return Array.from({ length: wanted }, (_, at) => {
    const sharp = SHARP[at % SHARP.length] ?? '';
    const grown = sharp.repeat(1 + (Math.floor(at / SHARP.length) % 6));
    return at % 50 === 49 ? `${grown}${'W'.repeat(2000 + at)}` : `${grown} ${at}`;
  });
}

/** Every text of the world is one of them. */
export function hostileWorld(): World {
  const world = new World();
  const texts = hostileTexts(2_100);
  const text = () => texts.pop() ?? '<b>';
  const draft = { stage: 0, recipe: 'xperience', image: null, inputs: {}, region: 'practice', network: null };
  const rest = { size: 'practice.medium', disk_gib: 60, own_password: false, public_site: true };
  world.recipes = world.recipes.map((one) => ({ ...one, title: text(), description: text(), version: text(), steps: one.steps.map((step) => ({ ...step, title: text() })), inputs: one.inputs.map((input) => ({ ...input, title: text(), hint: text() })) }));
  for (const fail_at of [null, 'sql-express']) world.launch({ ...draft, ...rest, name: text(), fail_at });
  world.clock.advance(25 * 60_000);
  const running = world.launch({ ...draft, ...rest, name: text(), fail_at: null });
  world.clock.advance(9 * 60_000);
  world.images.push({ id: text(), name: text(), description: text(), state: 'failed', percent: 0, size_gib: 60, created: world.clock.now, recipe: null, server: text(), usd_per_month: null, error: { kind: 'image_failed', sentence: text(), hint: text(), causes: [text()], request_id: text() } });
  const failed = world.machine('launch-2').view;
  if (failed.failure !== null) Object.assign(failed.failure.error, { sentence: text(), hint: text(), causes: [text(), text()], request_id: text() });
  for (const machine of world.machines) machine.say('sql-express', 'error', `${text()}${'M'.repeat(1_048_576)}`);
  while (texts.length > 0) running.say(texts.length % 3 ? text() : null, texts.length % 5 ? 'info' : 'warn', text(), text());
  return world;
}
