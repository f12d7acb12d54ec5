import { describe, expect, it } from 'vitest';
import type { NewProfile } from '../bindings';
import { profileProblems } from './checks';

const GOOD: NewProfile = { name: 'Contoso', key_id: 'AKIAIOSFODNN7EXAMPLE', secret: 'a-secret', region: 'eu-central-1' };
const problems = (part: Partial<NewProfile>) => Object.keys(profileProblems({ ...GOOD, ...part }, ['Practice']));

describe('a new profile', () => {
  it('is fine with good answers', () => expect(problems({})).toEqual([]));
  it.each(['', '  ', 'Practice'])('is refused the name “%s”', (name) => expect(problems({ name })).toEqual(['name']));
  it.each(['', 'Frankfurt', 'eu-central', 'EU-CENTRAL-1'])('is refused the region “%s”', (region) =>
    expect(problems({ region })).toEqual(['region']),
  );
  it.each(['us-gov-west-1', 'ap-southeast-2'])('takes the region %s', (region) => expect(problems({ region })).toEqual([]));
  it.each(['', 'akiaiosfodnn7example', 'AKIA 1', 'ASIAIOSFODNN7EXAMPLE'])('is refused the key id “%s”', (key_id) =>
    expect(problems({ key_id })).toEqual(['key_id']),
  );
  it('needs a secret', () => expect(problems({ secret: ' ' })).toEqual(['secret']));
});
