// One launch in the fake world: it goes through its phases and steps as the clock moves.
import type { LaunchView, LineLevel, LogLine, RailPhase, StepView } from '../bindings';
import { FakeClock } from './clock';
import { LINES } from './recipes';
import { accessOf, actsOf, BEFORE, movedFrom, SITE_UP, type Place } from './views';

export interface Hooks {
  changed: (launch: LaunchView) => void;
  said: (id: string, lines: LogLine[]) => void;
}

/** Why a step fails that was asked to: the words of a real installer. */
const REASON = {
  sentence: 'A computer restart is required (rule RebootRequiredCheck)',
  hint: 'Windows asks for a restart before this can be installed. Restarting the server and going on from this step usually works.',
};

/** A failed server that costs money stops itself after so long. */
const FAILED_MS = 4 * 3_600_000;

export class Machine {
  readonly view: LaunchView;
  /** What was said since the page was opened. */
  readonly log: LogLine[] = [];
  /** So many lines were said before; they are made up when they are read, so that they take no memory. */
  before = 0;
  place: Place;
  #clock: FakeClock;
  #hooks: Hooks;
  #failAt: string | null;
  /** Work that was planned in an earlier life is not done. */
  #life = 0;

  constructor(view: LaunchView, place: Place, failAt: string | null, clock: FakeClock, hooks: Hooks) {
    this.view = view;
    this.place = place;
    this.#failAt = failAt;
    this.#clock = clock;
    this.#hooks = hooks;
  }

  start(): void {
    this.#phase('requested');
    this.later(BEFORE.requested, () => {
      this.view.server.instance = `i-0${(this.view.server.created % 0xffffffff).toString(16).padStart(16, '5')}`;
      this.#phase('booting', 'Booting');
      this.later(BEFORE.booting, () => {
        this.#phase('windows_ready', 'Windows prepares itself');
        this.later(BEFORE.windows_ready, () => this.#install());
      });
    });
  }

  retry(restart: boolean): void {
    const { view } = this;
    this.#newLife();
    view.attempt += 1;
    view.failure = null;
    this.#failAt = null;
    Object.assign(view.server, { ended: null, stops_at: null });
    for (const step of view.steps) if (step.state === 'failed') Object.assign(step, { state: 'waiting', started: null, ended: null });
    this.status('launching', restart ? 'Restarting' : 'Going on');
    this.say(null, 'info', restart ? 'Restarting, then going on from the failed step' : 'Going on from the failed step');
    this.later(restart ? 45_000 : 1_000, () => this.#install());
  }

  /** Sets the state and forgets what was planned. */
  become(status: LaunchView['server']['status'], doing = ''): void {
    this.#newLife();
    this.status(status, doing);
  }

  /** Powered off: a server on EC2 has no public address until it starts again, and then another one. */
  off(): void {
    if (!this.view.server.practice) {
      this.view.access = null;
      this.view.server.site_url = null;
    }
    this.view.server.stops_at = null;
    this.become('stopped');
  }

  on(): void {
    const { server } = this.view;
    if (!server.practice) this.place = movedFrom(this.place);
    server.site_url = this.place.url;
    this.view.access = accessOf(this.place, this.place.url);
    this.become('ready');
  }

  status(status: LaunchView['server']['status'], doing = ''): void {
    const { server } = this.view;
    const may = actsOf(status);
    may.extend = status === 'failed' && server.stops_at !== null;
    Object.assign(server, { status, doing, may, off: status === 'stopped' });
    if (status !== 'launching' && status !== 'making_image') this.view.server.progress = null;
    this.publish();
  }

  publish(): void {
    this.view.log_lines = this.before + this.log.length;
    this.#hooks.changed(this.view);
  }

  later(delay: number, work: () => void): void {
    const life = this.#life;
    this.#clock.after(delay, () => life === this.#life && work());
  }

  say(step: string | null, level: LineLevel, text: string, kind = 'line'): void {
    const number = (this.log.at(-1)?.number ?? this.before) + 1;
    const line = { number, attempt: this.view.attempt, time: this.#clock.now, step, level, kind, text };
    this.log.push(line);
    this.view.log_lines = number;
    this.#hooks.said(this.view.server.id, [line]);
  }

  /** Every line, oldest first. */
  *lines(): Generator<LogLine> {
    const { before, view } = this;
    const time = view.server.created;
    for (let number = 1; number <= before; number += 1) {
      const level = number % 97 === 0 ? 'warn' : 'info';
      yield { number, attempt: 1, time, step: 'sql-express', level, kind: 'line', text: `Line ${number} of a long log` };
    }
    yield* this.log;
  }

  #newLife(): void {
    this.#life += 1;
  }

  #phase(phase: RailPhase, doing = 'Checking'): void {
    const at = this.view.rail.findIndex((one) => one.phase === phase);
    const before = this.view.rail[at - 1];
    if (before !== undefined && before.ended === null) Object.assign(before, { state: 'done', ended: this.#clock.now, progress: null });
    const rail = this.view.rail[at];
    if (rail !== undefined) Object.assign(rail, { state: 'running', started: rail.started ?? this.#clock.now, ended: null });
    this.view.server.doing = doing;
    this.publish();
  }

  #install(): void {
    const now = this.#clock.now;
    this.view.install_started ??= now;
    this.view.connection = { state: 'live', verified: true, trusted: false, mismatched: false, since: now };
    this.view.access = accessOf(this.place, null);
    this.view.server.may = { ...this.view.server.may, connect: true };
    this.#phase('installing', 'Installing');
    this.#startWhatIsFree();
  }

  #startWhatIsFree(): void {
    const done = new Set(this.view.steps.filter((one) => one.state === 'done').map((one) => one.id));
    if (done.size === this.view.steps.length) return this.#finish();
    const free = this.view.steps.filter((one) => one.state === 'waiting' && one.needs.every((id) => done.has(id)));
    free.forEach((step) => this.#run(step));
    const running = this.view.steps.find((one) => one.state === 'running' && one.critical);
    this.view.server.doing = (running ?? this.view.steps.find((one) => one.state === 'running'))?.title ?? 'Installing';
    this.#progress(done.size);
    this.publish();
  }

  #run(step: StepView): void {
    Object.assign(step, { state: 'running', started: this.#clock.now });
    this.say(step.id, 'info', `${step.title}: started`, 'step_started');
    const length = Math.round((step.usual ?? 1000) * (0.9 + (step.id.length % 5) * 0.05));
    const lines = LINES[step.id] ?? [`${step.title}: at work`];
    lines.forEach((text, at) => this.later((length * (at + 0.5)) / lines.length, () => this.#line(step, text)));
    if (step.id === this.#failAt) this.later(length * 0.9, () => this.#fail(step));
    else this.later(length, () => this.#end(step));
  }

  #line(step: StepView, text: string): void {
    if (text.startsWith('! ')) this.say(step.id, 'warn', text.slice(2));
    else this.say(step.id, 'info', text);
  }

  #end(step: StepView): void {
    Object.assign(step, { state: 'done', ended: this.#clock.now });
    this.say(step.id, 'info', `${step.title}: done`, 'step_finished');
    this.#startWhatIsFree();
  }

  #fail(step: StepView): void {
    const now = this.#clock.now;
    this.#newLife();
    // What ran beside it is stopped as well and begins again with the retry.
    Object.assign(step, { state: 'failed', ended: now });
    for (const other of this.view.steps) if (other.state === 'running') Object.assign(other, { state: 'waiting', started: null });
    this.say(step.id, 'error', REASON.sentence);
    this.say(step.id, 'info', 'Log: C:\\Program Files\\Microsoft SQL Server\\160\\Setup Bootstrap\\Log\\Summary.txt');
    const error = { kind: 'step_failed' as const, causes: ['exit code −2067529716'], request_id: null };
    const sentence = `${step.title} ended with code −2067529716.`;
    this.view.failure = {
      error: { ...error, sentence, hint: REASON.hint },
      step: step.id,
      step_title: step.title,
      last_lines: this.log.slice(-2),
      may_retry: true,
      at: now,
    };
    this.view.access = accessOf(this.place, null);
    const rail = this.view.rail[3];
    if (rail !== undefined) Object.assign(rail, { state: 'failed', ended: now });
    this.view.server.ended = now;
    if (!this.view.server.practice) this.view.server.stops_at = now + FAILED_MS;
    this.status('failed', `At “${step.title}”`);
  }

  #finish(): void {
    this.#phase('site_up', 'Asking the site');
    this.#progress(this.view.steps.length);
    this.later(SITE_UP, () => {
      const now = this.#clock.now;
      Object.assign(this.view.rail[4] ?? {}, { state: 'done', ended: now });
      const { url } = this.place;
      this.view.access = accessOf(this.place, url);
      this.view.server.site_url = url;
      this.view.server.ended = now;
      this.view.connection = { ...this.view.connection, state: 'none', since: null };
      this.say(null, 'info', 'The site answered 200', 'end');
      this.status('ready');
    });
  }

  #progress(done: number): void {
    const { steps, server, rail } = this.view;
    const share = done / Math.max(1, steps.length);
    Object.assign(server, { steps_done: done, steps_total: steps.length, progress: 0.2 + share * 0.8 });
    if (rail[3]?.state === 'running') rail[3].progress = share;
  }
}
