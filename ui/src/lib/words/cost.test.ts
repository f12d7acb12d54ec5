import { describe, expect, it } from 'vitest';
import type { PricesView, ServerView } from '../bindings';
import { costOf, imageCostOf, runningCostOf, shortCostOf, stoppedCostOf } from './cost';

const PRICES: PricesView = { disk_gib_month: 0.1, address_hour: 0.005, image_gib_month: 0.054, asked: 0 };
const server = (part: Partial<ServerView>) =>
  ({ practice: false, off: false, instance: 'i-1', status: 'ready', usd_per_hour: 0.267, usd_so_far: 0.05, disk_gib: 60, ...part }) as ServerView;

describe('what a server costs', () => {
  it.each([
    ['practice', { practice: true }],
    ['no cost yet', { instance: null }],
    ['only its disk', { off: true, usd_so_far: null }],
    ['$0.05 so far', {}],
    ['$0.267 an hour', { usd_so_far: null }],
    ['price unknown', { usd_so_far: null, usd_per_hour: null }],
  ])('reads “%s”', (text, part) => expect(costOf(server(part))).toBe(text));
  it.each([
    ['$0.267/h', { usd_so_far: null }],
    ['its disk', { off: true }],
  ])('is short in a column: “%s”', (text, part) => expect(shortCostOf(server(part))).toBe(text));
  it('is its disk while it is off', () =>
    expect(stoppedCostOf(server({}), PRICES)).toBe('Its disk of 60 GiB costs on while it is off: $6.00 a month.'));
  it('is said to be unknown while it is off and no price came', () =>
    expect(stoppedCostOf(server({}), null)).toContain('the price is not known'));
});

describe('what an image costs', () => {
  it('is no more than its whole disk', () => expect(imageCostOf(server({}), PRICES)).toBe('at most $3.24 a month'));
  it('is said to be unknown where no price came', () => expect(imageCostOf(server({}), null)).toBe('price unknown'));
  it('is nothing in the practice world', () => expect(imageCostOf(server({ practice: true }), PRICES)).toBe(''));
});

describe('what runs now', () => {
  it('costs the sum', () => expect(runningCostOf([server({}), server({})])).toBe('Running now: $0.53 an hour'));
  it('counts no server that is off', () => expect(runningCostOf([server({ status: 'parked', off: true })])).toBe(''));
  it('costs more than what is known', () =>
    expect(runningCostOf([server({}), server({ usd_per_hour: null })])).toBe('Running now: more than $0.27 an hour'));
  it('is of unknown price where none is known', () =>
    expect(runningCostOf([server({ usd_per_hour: null })])).toBe('Running now: price unknown'));
});
