import type { ClipClaim, ClipClaims } from '../../storage/clip-claims.ts';

/** Claims in memory, which lapse only when a test takes them away. */
export class FakeClaims implements ClipClaims {
  readonly held = new Map<string, ClipClaim>();

  claim(claim: ClipClaim): Promise<boolean> {
    const present = this.held.get(claim.key);
    const isFree =
      present === undefined || (present.holder === claim.holder && present.attempt <= claim.attempt);
    if (isFree) this.held.set(claim.key, claim);
    return Promise.resolve(isFree);
  }

  renew(claim: ClipClaim): Promise<boolean> {
    return Promise.resolve(this.#isHeldBy(claim));
  }

  release(claim: ClipClaim): Promise<void> {
    if (this.#isHeldBy(claim)) this.held.delete(claim.key);
    return Promise.resolve();
  }

  #isHeldBy({ key, holder, attempt }: ClipClaim): boolean {
    const present = this.held.get(key);
    return present?.holder === holder && present.attempt === attempt;
  }
}
