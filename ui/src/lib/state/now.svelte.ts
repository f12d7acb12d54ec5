// The time, once a second, for everything that counts up on the screen.
export class Now {
  value = $state(0);
  #ask: () => number;

  constructor(ask: () => number) {
    this.#ask = ask;
    this.value = ask();
  }

  /** Ticks until the returned function is called. */
  run(): () => void {
    const timer = setInterval(() => (this.value = this.#ask()), 1000);
    return () => clearInterval(timer);
  }
}
