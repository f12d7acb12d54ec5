// The lines on the screen: a window of at most 400 onto the log, at its end while following, anywhere while paused.
import type { Backend } from '../backend';
import type { LogLine, LogQuery } from '../bindings';
import { failureOf, type Failure } from '../failure';
import { Player } from './player';

/** The most rows in the page. */
export const MOST_ROWS = 400;
const PAGE = 200;

export interface Filter {
  step: string | null;
  search: string;
  warningsOnly: boolean;
}

export class Tail {
  lines = $state.raw<LogLine[]>([]);
  total = $state(0);
  following = $state(true);
  failure = $state.raw<Failure | null>(null);
  loaded = $state(false);
  /** There may be lines before the first, and after the last. */
  earlier = $state(false);
  later = $state(false);
  filter = $state.raw<Filter>({ step: null, search: '', warningsOnly: false });
  #backend: Backend;
  #id: string;
  #asked = 0;
  #player = new Player(
    (lines) => this.#append(lines),
    () => matchMedia('(prefers-reduced-motion: reduce)').matches,
  );

  constructor(backend: Backend, id: string) {
    this.#backend = backend;
    this.#id = id;
  }

  /** New lines of the launch, as they come, and how many before them came too fast to be told. */
  hear(lines: LogLine[], leftOut: number): void {
    const wanted = lines.filter((line) => matches(this.filter, line));
    this.total += leftOut + wanted.length;
    if (!this.following) this.later ||= leftOut + wanted.length > 0;
    else if (leftOut > 0) this.#jump(lines);
    else this.#player.push(wanted);
  }

  /** The newest lines, and follow. */
  async follow(): Promise<void> {
    this.#player.stop();
    this.following = true;
    const shown = this.lines.at(-1)?.number ?? 0;
    await this.#page({}, (found) => {
      // What was told while the page was on its way may be newer than it.
      const last = Math.max(shown, found.at(-1)?.number ?? 0);
      const since = this.lines.filter((line) => line.number > last);
      this.lines = [...found, ...since].slice(-MOST_ROWS);
      this.earlier = found.length < this.total;
      this.later = false;
    });
  }

  pause(): void {
    this.following = false;
  }

  async filterBy(part: Partial<Filter>): Promise<void> {
    this.filter = { ...this.filter, ...part };
    await this.follow();
  }

  /** Goes back in the log; the far end is dropped. */
  async back(): Promise<void> {
    const first = this.lines[0];
    if (first === undefined || !this.earlier) return;
    this.pause();
    await this.#page({ before: first.number }, (found) => {
      const all = [...found, ...this.lines];
      this.later ||= all.length > MOST_ROWS;
      this.lines = all.slice(0, MOST_ROWS);
      this.earlier = found.length === PAGE;
    });
  }

  /** Goes forward in the log; the near end is dropped. */
  async forth(): Promise<void> {
    const last = this.lines.at(-1);
    if (last === undefined || !this.later) return;
    await this.#page({ after: last.number }, (found) => {
      const all = [...this.lines, ...found];
      this.earlier ||= all.length > MOST_ROWS;
      this.lines = all.slice(-MOST_ROWS);
      this.later = found.length === PAGE;
    });
  }

  close(): void {
    this.#player.stop();
  }

  /** Too many lines came at once to be played one after the other: shows the newest. */
  #jump(newest: LogLine[]): void {
    const { step, search, warningsOnly } = this.filter;
    // Which of those left out pass a filter, only the log knows.
    if (step !== null || search !== '' || warningsOnly) return void this.follow();
    this.#player.stop();
    // A page that was asked for before is older than these.
    this.#asked++;
    this.lines = newest;
    this.earlier = true;
    this.failure = null;
    this.loaded = true;
  }

  #append(found: LogLine[]): void {
    const last = this.lines.at(-1)?.number ?? 0;
    const all = [...this.lines, ...found.filter((line) => line.number > last)];
    this.earlier ||= all.length > MOST_ROWS;
    this.lines = all.slice(-MOST_ROWS);
  }

  async #page(where: Partial<LogQuery>, put: (found: LogLine[]) => void): Promise<void> {
    const mine = ++this.#asked;
    const { step, search, warningsOnly } = this.filter;
    const query = { after: null, before: null, limit: PAGE, step, search: search || null, warnings_only: warningsOnly };
    try {
      const page = await this.#backend.logPage(this.#id, { ...query, ...where });
      if (mine !== this.#asked) return;
      this.total = page.total;
      put(page.lines);
      this.failure = null;
      this.loaded = true;
    } catch (thrown) {
      if (mine === this.#asked) this.failure = failureOf(thrown);
    }
  }
}

/** Whether a line passes the filter; the engine decides the same way for pages. */
export function matches(filter: Filter, line: LogLine): boolean {
  if (filter.step !== null && line.step !== filter.step) return false;
  if (filter.warningsOnly && line.level === 'info') return false;
  return line.text.toLowerCase().includes(filter.search.toLowerCase());
}
