import { expect, test } from 'vitest';
import { waitingFor } from '../fake/waits';
import { failure } from '../fake/world';
import { triesOf } from './waiting';

const waiting = waitingFor({ kind: 'network', what: 's3' }, 'Waiting for S3 to answer', failure('cloud_trouble', 'S3 answered 501.'), {
  since: 10_000,
  tries: 5,
  next: 90_000,
});

test('tells how often, since when, and when next', () => {
  expect(triesOf(waiting, 73_000)).toBe('Tried 5 times in 1 min 3 s; next try in 17 s.');
  expect(triesOf({ ...waiting, tries: 1 }, 91_000)).toBe('Tried once in 1 min 21 s; trying now.');
  expect(triesOf({ ...waiting, tries: 0 }, 31_000)).toBe('No answer for 21 s.');
  expect(triesOf({ ...waiting, next: null }, 73_000)).toBe('Tried 5 times in 1 min 3 s.');
});
