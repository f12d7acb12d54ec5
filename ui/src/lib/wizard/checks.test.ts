import { describe, expect, it } from 'vitest';
import type { Draft, InputView } from '../bindings';
import { check, type Known } from './checks';

const GOOD: Draft = {
  stage: 0,
  name: 'contoso-web',
  recipe: 'site',
  image: null,
  inputs: { title: 'Contoso' },
  family: null,
  region: 'here',
  network: null,
  size: 'small',
  disk_gib: 60,
  own_password: false,
  public_site: true,
  stop_after_minutes: null,
  stop_failed_after_minutes: null,
  allowed_from: [],
  fail_at: null,
  run_own_recipe: false,
};
const TITLE: InputView = {
  id: 'title',
  title: 'Site name',
  hint: '',
  kind: 'text',
  required: true,
  default: '',
  longest: 20,
  choices: [],
};
const KNOWN: Known = { questions: [TITLE], leastDisk: 45, names: ['taken'], sizes: ['small'], noNetwork: false, asksToRun: false };

function problems(part: Partial<Draft>, known: Partial<Known> = {}, password = ''): string[] {
  const answers = { draft: { ...GOOD, ...part }, password, secrets: {} };
  return Object.keys(check(answers, { ...KNOWN, ...known }));
}

describe('the wizard', () => {
  it('finds nothing wrong with good answers', () => expect(problems({})).toEqual([]));
  it.each(['', 'a b', '-a', '.a', 'č', 'x'.repeat(64), 'taken', '<b>'])('refuses the name “%s”', (name) =>
    expect(problems({ name })).toEqual(['name']),
  );
  it('takes an image in place of a recipe', () => expect(problems({ recipe: '', image: 'ami' })).toEqual([]));
  it('asks for something to install', () => expect(problems({ recipe: '' })).toEqual(['recipe']));
  it('asks before a recipe of one’s own runs on this computer', () => {
    expect(problems({}, { asksToRun: true })).toEqual(['run']);
    expect(problems({ run_own_recipe: true }, { asksToRun: true })).toEqual([]);
  });
  it.each([
    ['a', ['input-title']],
    ['12345', ['input-title']],
    ['123456', []],
    ['', ['input-title']],
  ])('takes a secret such as “%s” where it can be kept out of the log', (title, expected) => {
    const questions: InputView[] = [{ ...TITLE, kind: 'secret' }];
    const answers = { draft: GOOD, password: '', secrets: { title } };
    expect(Object.keys(check(answers, { ...KNOWN, questions }))).toEqual(expected);
  });
  it('refuses a disk below what the recipe needs', () => expect(problems({ disk_gib: 44 })).toEqual(['disk']));
  it('asks for a network where there is none', () => expect(problems({}, { noNetwork: true })).toEqual(['network']));
  it('refuses half a GiB', () => expect(problems({ disk_gib: 60.5 })).toEqual(['disk']));
  it('refuses a size that is not offered', () => expect(problems({ size: 'huge' })).toEqual(['size']));
  it('asks for required answers', () => expect(problems({ inputs: {} })).toEqual(['input-title']));
  it('refuses an answer that is too long', () =>
    expect(problems({ inputs: { title: 'x'.repeat(21) } })).toEqual(['input-title']));
  it('asks for no password of one’s own where a random one is made', () => expect(problems({})).toEqual([]));
  it.each(['short', 'alllowercaseletters', 'lowercase12345', 'Administrator-99'])('refuses the weak password “%s”', (password) =>
    expect(problems({ own_password: true }, {}, password)).toEqual(['password']),
  );
  it('takes a strong password', () => expect(problems({ own_password: true }, {}, 'Correct-Horse-9')).toEqual([]));
  it('refuses what is no e-mail address', () => {
    const questions: InputView[] = [{ ...TITLE, kind: 'email' }];
    expect(problems({}, { questions })).toEqual(['input-title']);
  });
});
