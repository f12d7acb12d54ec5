import { describe, expect, it } from 'vitest';
import type { PricesView, SizeView } from '../bindings';
import { priceOf } from './price';

const SIZE: SizeView = { id: 't3.large', vcpus: 2, memory_mib: 8192, usd_per_hour: 0.119, fits: 'demo' };
const PRICES: PricesView = { disk_gib_month: 0.0952, address_hour: 0.005, image_gib_month: null, asked: 0 };

describe('the price of a draft', () => {
  it('is the sum of its parts', () => {
    const price = priceOf(SIZE, 60, PRICES);
    expect(price.parts.map((one) => one.hourly?.toFixed(4))).toEqual(['0.1190', '0.0078', '0.0050']);
    expect(price.hourly).toBeCloseTo(0.1318, 4);
    expect(price.monthly).toBeCloseTo(96.23, 1);
  });
  it('is that of the disk while it is stopped', () => expect(priceOf(SIZE, 60, PRICES).stopped).toBeCloseTo(5.71, 2));
  it.each([
    ['the size', { ...SIZE, usd_per_hour: null }, PRICES],
    ['the disk', SIZE, { ...PRICES, disk_gib_month: null }],
    ['the address', SIZE, { ...PRICES, address_hour: null }],
  ])('has no total where %s is not known', (_, size, prices) => expect(priceOf(size, 60, prices).hourly).toBeNull());
  it('has no total before any price came', () => expect(priceOf(SIZE, 60, null).monthly).toBeNull());
});
