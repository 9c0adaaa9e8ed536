import { RenderError } from '../contract/errors.ts';

export type PlaceBounds = {
  readonly max: number;
  /** A share of them, so that nobody can keep all others out. */
  readonly perUserMax: number;
  /** As in "at most 4 large documents of one user are checked at once". */
  readonly things: string;
  readonly are: string;
  /** What a user does who has their share. */
  readonly hint: string;
};

/** Places for what costs memory while it is under way: bounded in all and of one user. */
export class Places {
  readonly #bounds: PlaceBounds;
  /** By user, without those who hold none. */
  readonly #held = new Map<string, number>();
  #taken = 0;

  constructor(bounds: PlaceBounds) {
    this.#bounds = bounds;
  }

  /** Returns the way to give it back, which counts once. Throws RATE_LIMITED, or UNAVAILABLE where all users together hold all. */
  take(userId: string): () => void {
    const { max, perUserMax, things, are, hint } = this.#bounds;
    if ((this.#held.get(userId) ?? 0) >= perUserMax)
      throw new RenderError('RATE_LIMITED', `At most ${perUserMax} ${things} of one user ${are} at once.`, {
        hint,
      });
    if (this.#taken >= max)
      throw new RenderError('UNAVAILABLE', `At most ${max} ${things} ${are} at once.`, {
        hint: 'Come back in a moment.',
      });
    this.#count(userId, 1);
    let isHeld = true;
    return () => {
      if (isHeld) this.#count(userId, -1);
      isHeld = false;
    };
  }

  get isEmpty(): boolean {
    return this.#taken === 0;
  }

  #count(userId: string, change: 1 | -1): void {
    this.#taken += change;
    const held = (this.#held.get(userId) ?? 0) + change;
    if (held === 0) this.#held.delete(userId);
    else this.#held.set(userId, held);
  }
}
