import { describe, expect, it } from 'vitest';
import type { FindingView, Verdict } from '../bindings';
import { blockedBy } from './blocked';

const found = (about: string, verdict: Verdict): FindingView => ({ about, verdict, text: 'text', fix: '' });

describe('what the checks found', () => {
  it.each<Verdict>(['good', 'unknown', 'warning'])('keeps nothing from being launched where it is %s', (verdict) =>
    expect(blockedBy([found('Permissions', verdict)])).toBe(''),
  );
  it('is named where it blocks', () =>
    expect(blockedBy([found('Clock', 'warning'), found('vCPU quota', 'blocking')])).toBe('“vCPU quota” stands in the way.'));
  it('is named one by one', () =>
    expect(blockedBy([found('Size', 'blocking'), found('Network', 'blocking'), found('Name', 'blocking')])).toBe(
      '“Size”, “Network” and “Name” stand in the way.',
    ));
});
