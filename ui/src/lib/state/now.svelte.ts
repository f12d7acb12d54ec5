// The time, for everything that counts up on the screen. It ticks only while something there reads it.
import { createSubscriber } from 'svelte/reactivity';

const SECOND_MS = 1000;
/** Often enough for what is told in minutes. A page that wakes each second keeps the processor awake. */
const CALM_MS = 5000;

export class Now {
  #ask: () => number;
  #everySecond = ticking(SECOND_MS);
  #calmly = ticking(CALM_MS);

  constructor(ask: () => number) {
    this.#ask = ask;
  }

  /** To the second. */
  get value(): number {
    this.#everySecond();
    return this.#ask();
  }

  /** For what is told in minutes. */
  get calm(): number {
    this.#calmly();
    return this.#ask();
  }
}

/** Has whoever calls it run again so often, until nobody does. */
function ticking(every: number): () => void {
  return createSubscriber((update) => {
    const timer = setInterval(update, every);
    return () => clearInterval(timer);
  });
}
