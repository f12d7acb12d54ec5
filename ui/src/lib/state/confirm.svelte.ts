// Asks before something is destroyed, or comes back otherwise than it was. There is one question at a time.

export interface Question {
  /** “Terminate contoso-web?” */
  title: string;
  /** What goes for good, one line each; empty where nothing does. */
  destroys: string[];
  /** What stays, or what else it means, in a sentence; empty where there is nothing to say. */
  keeps: string;
  /** What the button says. */
  action: string;
  /** What has to be typed first; empty where a click is enough. */
  typed: string;
}

class Asking {
  question = $state.raw<Question | null>(null);
  #answer: (yes: boolean) => void = () => {};

  ask(question: Question): Promise<boolean> {
    this.#answer(false);
    this.question = question;
    return new Promise((answer) => (this.#answer = answer));
  }

  settle(yes: boolean): void {
    this.question = null;
    this.#answer(yes);
    this.#answer = () => {};
  }
}

export const asking = new Asking();

export function confirm(question: Question): Promise<boolean> {
  return asking.ask(question);
}
