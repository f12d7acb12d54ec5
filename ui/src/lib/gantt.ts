// Where the bars of the steps lie: what was, what is, and what comes if the rest takes its usual time.
import type { PlannedStep, PieceState, StepView } from './bindings';

/** A bar; `from` and `to` in milliseconds after the install began. */
export interface Bar {
  id: string;
  title: string;
  state: PieceState;
  critical: boolean;
  from: number;
  to: number;
  /** What stands at the end of the row, in milliseconds; null where it is not known. */
  length: number | null;
  /** The length is what is usual, not what was measured. */
  estimated: boolean;
  alreadyDone: boolean;
}

export interface Chart {
  bars: Bar[];
  /** The end of the axis. */
  end: number;
  /** Where the axis is marked. */
  marks: number[];
}

/** The chart of an install. `now` is the time that running steps have got to. */
export function chartOf(steps: StepView[], began: number | null, now: number): Chart {
  const elapsed = began === null ? 0 : Math.max(0, now - began);
  const ends = new Map<string, number>();
  const bars = steps.map((step) => {
    const ready = Math.max(elapsed, ...step.needs.map((id) => ends.get(id) ?? 0));
    const bar = barOf(step, began ?? 0, elapsed, ready);
    ends.set(step.id, expectedEnd(step, bar));
    return bar;
  });
  return withAxis(bars, began === null ? 0 : Math.max(...ends.values(), 0));
}

/** The chart of a recipe that nobody has started. */
export function chartOfPlan(steps: PlannedStep[]): Chart {
  const bars = steps.map((step) => ({
    id: step.id,
    title: step.title,
    state: 'waiting' as const,
    critical: step.critical,
    from: step.planned_start,
    to: step.planned_end,
    length: step.usual,
    estimated: true,
    alreadyDone: false,
  }));
  return withAxis(bars, 0);
}

/** How much shorter it became because steps ran side by side. */
export function saved(steps: StepView[]): number {
  const done = steps.filter((step) => step.started !== null && step.ended !== null);
  const spans = done.map((step): [number, number] => [step.started ?? 0, step.ended ?? 0]);
  spans.sort((a, b) => a[0] - b[0]);
  let [worked, covered, reached] = [0, 0, -Infinity];
  for (const [from, to] of spans) {
    worked += to - from;
    covered += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return worked - covered;
}

function barOf(step: StepView, began: number, elapsed: number, ready: number): Bar {
  const { id, title, state, critical, already_done: alreadyDone } = step;
  const bar = { id, title, state, critical, alreadyDone };
  if (step.started === null) {
    // Before the install begins the recipe's own plan is the best guess.
    const from = began === 0 ? step.planned_start : ready;
    const to = began === 0 ? step.planned_end : from + (step.usual ?? 0);
    return { ...bar, from, to, length: step.usual, estimated: true };
  }
  const from = Math.max(0, step.started - began);
  const to = Math.max(from, step.ended === null ? elapsed : step.ended - began);
  return { ...bar, from, to, length: to - from, estimated: false };
}

function expectedEnd(step: StepView, bar: Bar): number {
  return step.state === 'running' ? Math.max(bar.to, bar.from + (step.usual ?? 0)) : bar.to;
}

function withAxis(bars: Bar[], reach: number): Chart {
  const end = Math.max(1000, reach, ...bars.map((bar) => bar.to)) * 1.02;
  const step = markStep(end);
  const marks = Array.from({ length: Math.floor(end / step) + 1 }, (_, at) => at * step);
  return { bars, end, marks };
}

// Round distances that leave at most six marks.
function markStep(end: number): number {
  const round = [1, 2, 5, 10, 15, 30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400];
  return (round.find((seconds) => end / (seconds * 1000) <= 6) ?? 604_800) * 1000;
}
