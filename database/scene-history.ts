import type { SceneHistory } from './ports.ts';
import { question } from './question.ts';
import type { Pool } from './session.ts';

const questions = { last: question('history/last'), record: question('history/record') };

/** What each scene of a project was last rendered from, so that a cache miss can be explained. */
export class PgSceneHistory implements SceneHistory {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async last(
    projectId: string,
    sceneIds: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly key: string; readonly source: unknown }>> {
    type Row = { sceneId: string; key: string; source: unknown };
    const rows = await this.#pool.all<Row>(questions.last, { projectId, sceneIds });
    return new Map(rows.map(({ sceneId, key, source }) => [sceneId, { key, source }]));
  }

  async record(projectId: string, scenes: Parameters<SceneHistory['record']>[1]): Promise<void> {
    const rows = scenes.map(({ sceneId, key, source }) => ({ sceneId, key, source: JSON.stringify(source) }));
    await this.#pool.change(questions.record, { projectId, scenes: rows });
  }
}
