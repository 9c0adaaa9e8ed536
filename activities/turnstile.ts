/** Lets one task through at a time, in the order in which they came; one that fails does not stop the next. */
export class Turnstile {
  #last: Promise<unknown> = Promise.resolve();

  /** The next task begins when this one has ended, or has said by `leave` that what is left of it hinders nobody. */
  pass<Result>(task: (leave: () => void) => Promise<Result>): Promise<Result> {
    let leave: () => void = () => undefined;
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const turn = this.#last.then(() => task(leave));
    this.#last = Promise.race([left, turn.catch(() => undefined)]);
    return turn;
  }
}
