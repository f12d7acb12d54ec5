// Something that is asked for: not there yet, there, or refused. What was there stays while it is asked for again.
import { failureOf, type Failure } from '../failure';

export class Loadable<T> {
  value = $state.raw<T | null>(null);
  failure = $state.raw<Failure | null>(null);
  #ask: () => Promise<T>;
  #latest = 0;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  /** True until the first answer. */
  get loading(): boolean {
    return this.value === null && this.failure === null;
  }

  /** Asks; an answer that was overtaken by a later question is dropped. */
  async load(): Promise<void> {
    const mine = ++this.#latest;
    try {
      const value = await this.#ask();
      if (mine === this.#latest) this.put(value);
    } catch (thrown) {
      if (mine === this.#latest) this.failure = failureOf(thrown);
    }
  }

  put(value: T): void {
    this.value = value;
    this.failure = null;
  }

  forget(): void {
    this.#latest += 1;
    this.value = null;
    this.failure = null;
  }
}
