// A clock that only moves when it is told to, and does what falls due on the way.

interface Task {
  at: number;
  order: number;
  work: () => void;
}

export class FakeClock {
  now: number;
  #tasks: Task[] = [];
  #order = 0;

  constructor(now: number) {
    this.now = now;
  }

  /** Does the work after a delay in milliseconds. */
  after(delay: number, work: () => void): void {
    this.#tasks.push({ at: this.now + delay, order: this.#order++, work });
    this.#tasks.sort((a, b) => a.at - b.at || a.order - b.order);
  }

  /** Moves on; what is done on the way may plan more. */
  advance(millis: number): void {
    const end = this.now + millis;
    for (let task = this.#tasks[0]; task !== undefined && task.at <= end; task = this.#tasks[0]) {
      this.#tasks.shift();
      this.now = task.at;
      task.work();
    }
    this.now = end;
  }

  /** Runs so many times faster than the real one, until the returned function is called. */
  run(speed: () => number): () => void {
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      this.advance((now - last) * speed());
      last = now;
    }, 100);
    return () => clearInterval(timer);
  }
}
