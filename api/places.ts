import { RenderError } from '../contract/errors.ts';

export type PlaceBounds = {
  readonly max: number;
  /** A share of them, so that nobody can keep all others out. */
  readonly perOwnerMax: number;
  /** As in "at most 4 large documents of one user are checked at once". */
  readonly things: string;
  readonly owner: 'user' | 'job';
  readonly are: string;
  /** What to do where the share is taken. */
  readonly hint: string;
};

/** Places for what costs memory while it is under way: bounded in all and of one owner. */
export class Places {
  readonly #bounds: PlaceBounds;
  /** By owner, without those who hold none. */
  readonly #held = new Map<string, number>();
  #taken = 0;

  constructor(bounds: PlaceBounds) {
    this.#bounds = bounds;
  }

  /** Returns the way to give it back, which counts once. Throws RATE_LIMITED, or UNAVAILABLE where all together hold all. */
  take(owner: string): () => void {
    const { max, perOwnerMax, things, are, hint } = this.#bounds;
    if ((this.#held.get(owner) ?? 0) >= perOwnerMax) {
      const share = `${perOwnerMax} ${things} of one ${this.#bounds.owner}`;
      throw new RenderError('RATE_LIMITED', `At most ${share} ${are} at once.`, { hint });
    }
    if (this.#taken >= max)
      throw new RenderError('UNAVAILABLE', `At most ${max} ${things} ${are} at once.`, {
        hint: 'Come back in a moment.',
      });
    this.#count(owner, 1);
    let isHeld = true;
    return () => {
      if (isHeld) this.#count(owner, -1);
      isHeld = false;
    };
  }

  get isEmpty(): boolean {
    return this.#taken === 0;
  }

  #count(owner: string, change: 1 | -1): void {
    this.#taken += change;
    const held = (this.#held.get(owner) ?? 0) + change;
    if (held === 0) this.#held.delete(owner);
    else this.#held.set(owner, held);
  }
}
