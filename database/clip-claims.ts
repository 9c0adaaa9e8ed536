import { question } from './question.ts';
import type { Pool } from './session.ts';

/** One attempt at rendering a clip. The storage room names the same shape as its port; the rooms do not know each other. */
export type ClaimRow = { readonly key: string; readonly holder: string; readonly attempt: number };

const questions = {
  claim: question('claims/claim'),
  renew: question('claims/renew'),
  release: question('claims/release'),
};

/** Who renders which clip now. The server's clock decides, since those of the workers may differ. */
export class PgClipClaims {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async claim(claim: ClaimRow, seconds: number): Promise<boolean> {
    return (await this.#pool.change(questions.claim, { ...claim, seconds })) > 0;
  }

  async renew(claim: ClaimRow, seconds: number): Promise<boolean> {
    return (await this.#pool.change(questions.renew, { ...claim, seconds })) > 0;
  }

  async release(claim: ClaimRow): Promise<void> {
    await this.#pool.change(questions.release, claim);
  }
}
