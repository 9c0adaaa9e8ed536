type Look<Value> = {
  readonly running: Promise<Value>;
  /** Begins when the running one has ended. */
  next: Promise<Value> | null;
};

/**
 * Many who want to know the same ask once. Whoever comes while a look is under way is told by the next one: the one under way
 * may have looked before the change that they heard of.
 */
export class SharedLooks<Value> {
  readonly #looks = new Map<string, Look<Value>>();

  look(key: string, ask: () => Promise<Value>): Promise<Value> {
    const open = this.#looks.get(key);
    if (open === undefined) return this.#begin(key, ask);
    open.next ??= ended(open.running).then(() => this.#begin(key, ask));
    return open.next;
  }

  #begin(key: string, ask: () => Promise<Value>): Promise<Value> {
    const look: Look<Value> = { running: ask(), next: null };
    this.#looks.set(key, look);
    void ended(look.running).then(() => {
      if (look.next === null) this.#looks.delete(key);
    });
    return look.running;
  }
}

/** Well or not. */
async function ended(running: Promise<unknown>): Promise<void> {
  await running.catch(() => undefined);
}
