import { expect, test } from 'vitest';
import type { LogLine } from '../bindings';
import { said } from './said';

const line = (part: Partial<LogLine>): LogLine => ({
  number: 1,
  attempt: 1,
  time: 0,
  step: 'database',
  level: 'info',
  kind: 'line',
  text: '',
  ...part,
});

test('begins and ends of steps are said where they bring no text of their own', () => {
  expect(said(line({ kind: 'step_started' }))).toBe('begins');
  expect(said(line({ kind: 'step_finished' }))).toBe('done');
  expect(said(line({ kind: 'step_finished', level: 'error' }))).toBe('failed');
  expect(said(line({ kind: 'step_finished', text: 'code 3' }))).toBe('code 3');
  expect(said(line({ kind: 'order_done' }))).toBe('What was asked for is done.');
});
