import { describe, expect, it } from 'vitest';
import type { StepView } from './bindings';
import { chartOf, saved } from './gantt';

function step(id: string, part: Partial<StepView> = {}): StepView {
  const base = { id, title: id, needs: [], state: 'waiting', progress: null, started: null, ended: null, usual: 1000 };
  return { ...base, planned_start: 0, planned_end: 1000, critical: false, already_done: false, ...part } as StepView;
}

const BEGAN = 1_000_000;

describe('the chart of an install', () => {
  it('shows the plan before anything has begun', () => {
    const chart = chartOf([step('a', { planned_start: 500, planned_end: 900 })], null, BEGAN);
    expect(chart.bars[0]).toMatchObject({ from: 500, to: 900, estimated: true });
  });

  it('grows a running bar up to now', () => {
    const chart = chartOf([step('a', { state: 'running', started: BEGAN + 100 })], BEGAN, BEGAN + 700);
    expect(chart.bars[0]).toMatchObject({ from: 100, to: 700, estimated: false });
  });

  it('moves a waiting step behind the slow one that it waits for', () => {
    const slow = step('a', { state: 'running', started: BEGAN, usual: 1000 });
    const chart = chartOf([slow, step('b', { needs: ['a'] })], BEGAN, BEGAN + 5000);
    expect(chart.bars[1]).toMatchObject({ from: 5000, to: 6000 });
  });

  it('keeps a waiting step where it will begin while the one before still has time', () => {
    const running = step('a', { state: 'running', started: BEGAN, usual: 3000 });
    const chart = chartOf([running, step('b', { needs: ['a'] })], BEGAN, BEGAN + 500);
    expect(chart.bars[1]).toMatchObject({ from: 3000, to: 4000 });
  });

  it('invents no length for a step whose usual time is not known', () => {
    const chart = chartOf([step('a', { usual: null })], BEGAN, BEGAN);
    expect(chart.bars[0]?.length).toBeNull();
  });

  it('has at most seven marks however long it takes', () => {
    for (const end of [900, 59_000, 754_000, 9_000_000]) {
      const chart = chartOf([step('a', { state: 'done', started: BEGAN, ended: BEGAN + end })], BEGAN, BEGAN + end);
      expect(chart.marks.length).toBeLessThanOrEqual(7);
    }
  });
});

describe('what parallel steps saved', () => {
  it('is nothing in a row', () => {
    const row = [step('a', { started: 0, ended: 10 }), step('b', { started: 10, ended: 30 })];
    expect(saved(row)).toBe(0);
  });
  it('is the time that was worked twice', () => {
    const side = [step('a', { started: 0, ended: 10 }), step('b', { started: 4, ended: 30 })];
    expect(saved(side)).toBe(6);
  });
});
