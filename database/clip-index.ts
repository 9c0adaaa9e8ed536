import { question } from './question.ts';
import type { Pool } from './session.ts';

/** Facts of a cached clip. The storage room names the same shape as its port; the rooms do not know each other. */
export type ClipRow = {
  readonly key: string;
  readonly kind: 'picture' | 'sound' | 'programme';
  readonly bytes: number;
  readonly sha256: string;
  readonly length: number;
};

const questions = {
  find: question('clips/find'),
  record: question('clips/record'),
  forget: question('clips/forget'),
};

/** Which clips are in the scene cache. */
export class PgClipIndex {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Those of the keys that are known; marks them as used. */
  find(keys: readonly string[]): Promise<readonly ClipRow[]> {
    return this.#pool.all(questions.find, { keys });
  }

  async record(clip: ClipRow): Promise<void> {
    await this.#pool.change(questions.record, clip);
  }

  async forget(key: string): Promise<void> {
    await this.#pool.change(questions.forget, { key });
  }
}
