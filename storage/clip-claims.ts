/** One attempt at rendering a clip. */
export type ClipClaim = {
  /** Content hash of the clip's instructions. */
  readonly key: string;
  /** The work, the same for every attempt at it. */
  readonly holder: string;
  readonly attempt: number;
};

/** Who renders which clip now; implemented by the database. A claim that is not renewed in time lapses. */
export interface ClipClaims {
  /** False where another holds it. A later attempt of the same holder takes it from an earlier one. */
  claim(claim: ClipClaim, seconds: number): Promise<boolean>;
  /** False where it was lost: what was rendered under it must not be stored. */
  renew(claim: ClipClaim, seconds: number): Promise<boolean>;
  /** Releasing what was lost does nothing. */
  release(claim: ClipClaim): Promise<void>;
}
