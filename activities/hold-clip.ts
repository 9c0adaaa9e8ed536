// One clip, one renderer: jobs that need the same clip at the same time wait for the one that renders it, and an attempt
// that was overtaken does not store what it made.
import { setTimeout as sleep } from 'node:timers/promises';
import { RenderError } from '../contract/errors.ts';
import type { ClipClaim, ClipClaims } from '../storage/clip-claims.ts';

/** Below the heartbeat's bound, so that the attempt that follows a lost worker need not wait. */
const leaseSeconds = 20;
const renewMs = 5_000;
/** Within this of the last renewal nobody else can have taken the clip. */
const sureMs = 10_000;
const waitMs = 250;

type HeldClip = {
  /** Aborted when the clip was taken over by another attempt, or the activity is to end. */
  readonly signal: AbortSignal;
  /** Throws where it was taken over; to be called right before the clip is stored. */
  readonly confirm: () => Promise<void>;
};

export type ClipHold<Result> = {
  readonly claim: ClipClaim;
  readonly signal: AbortSignal;
  /** Asked again and again while another renders it; the result where it is there, else null. */
  readonly find: () => Promise<Result | null>;
  readonly make: (held: HeldClip) => Promise<Result>;
};

/** Finds the clip or makes it, whichever is first possible. */
export async function holdClip<Result>(claims: ClipClaims, hold: ClipHold<Result>): Promise<Result> {
  const { claim, signal, find } = hold;
  while (!(await claims.claim(claim, leaseSeconds))) {
    const found = await find();
    if (found !== null) return found;
    await sleep(waitMs, undefined, { signal });
  }
  const lease = new Lease(claims, claim);
  try {
    const held = { signal: AbortSignal.any([signal, lease.lost]), confirm: () => lease.confirm() };
    // Another may have stored it just before it gave the claim up.
    return (await find()) ?? (await hold.make(held));
  } finally {
    await lease.end();
  }
}

/** A claim that is kept while work goes on. Of a database that is away nobody else can take it, so that is no loss. */
class Lease {
  readonly #claims: ClipClaims;
  readonly #claim: ClipClaim;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #renewedMs = performance.now();

  constructor(claims: ClipClaims, claim: ClipClaim) {
    this.#claims = claims;
    this.#claim = claim;
    this.#timer = setInterval(() => void this.#renew().catch(() => undefined), renewMs);
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async confirm(): Promise<void> {
    // A process that was stopped for a while comes back here with an old renewal.
    if (performance.now() - this.#renewedMs > sureMs) await this.#renew();
    this.#lost.signal.throwIfAborted();
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    // It lapses by itself where the database is away.
    if (!this.#lost.signal.aborted) await this.#claims.release(this.#claim).catch(() => undefined);
  }

  async #renew(): Promise<void> {
    const sentMs = performance.now();
    if (await this.#claims.renew(this.#claim, leaseSeconds)) this.#renewedMs = sentMs;
    else this.#lost.abort(overtaken(this.#claim));
  }
}

function overtaken({ holder, attempt }: ClipClaim): RenderError {
  return new RenderError('INTERNAL', `Attempt ${attempt} at ${holder} was overtaken by a later one.`);
}
