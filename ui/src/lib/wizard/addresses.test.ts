import { describe, expect, it } from 'vitest';
import { addressProblem, covers } from './addresses';

describe('addresses that may connect', () => {
  it.each(['203.0.113.7', ' 203.0.113.7', '203.0.113.0/24', '10.0.0.0/8'])('may be “%s”', (one) =>
    expect(addressProblem([one])).toBeNull(),
  );
  it.each(['home', '203.0.113', '203.0.113.256', '203.0.113.7/33', '::1', '0.0.0.0/0', '0.0.0.0/1', '10.0.0.0/7', '', '<b>'])('may not be “%s”', (one) =>
    expect(addressProblem([one])).not.toBeNull(),
  );
  it('are all looked at, but empty ones', () => {
    expect(addressProblem(['203.0.113.7', ' '])).toBeNull();
    expect(addressProblem(['203.0.113.7', 'x'])).toContain('“x”');
  });
});

describe('this computer’s address', () => {
  it.each([
    [['203.0.113.7'], true],
    [['203.0.113.8'], false],
    [['198.51.100.1', '203.0.113.0/24'], true],
    [['203.0.112.0/24'], false],
    [['203.0.0.0/16'], true],
    [[], false],
  ])('is among %j: %s', (allowed, expected) => expect(covers(allowed, '203.0.113.7')).toBe(expected));
});
