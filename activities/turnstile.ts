/** Lets one task through at a time, in the order in which they came; one that fails does not stop the next. */
export class Turnstile {
  #last: Promise<unknown> = Promise.resolve();

  pass<Result>(task: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(task);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
