import { RenderError } from '../contract/errors.ts';
import { readCursor, toPage } from './page-cursor.ts';
import type {
  AccountRepository,
  KeyInfo,
  NewKey,
  PlanRow,
  ProjectRow,
  RequestTaken,
  RequestWindow,
  Usage,
  UserRow,
} from './ports.ts';
import { question } from './question.ts';
import type { Pool } from './session.ts';

type KeyRow = {
  readonly secretHash: string;
  readonly isRevoked: boolean;
  readonly userId: string;
  readonly email: string;
  readonly plan: PlanRow;
};

/** Of the list of a user's keys, revoked ones included. */
const KEYS_LISTED_MAX = 500;
/** Of a user's revoked keys, the latest; together with those that work they fit into the list. */
const REVOKED_KEYS_MAX = 400;

const questions = {
  findKey: question('accounts/find-key'),
  touchKey: question('accounts/touch-key'),
  workingKeys: question('accounts/working-keys'),
  createUser: question('accounts/create-user'),
  createKey: question('accounts/create-key'),
  lockUser: question('jobs/lock-user'),
  insertKey: question('accounts/insert-key'),
  forgetRevoked: question('accounts/forget-revoked'),
  listKeys: question('accounts/list-keys'),
  takeRequest: question('accounts/take-request'),
  nextRequest: question('accounts/next-request'),
  revokeKey: question('accounts/revoke-key'),
  usage: question('accounts/usage'),
  insertProject: question('accounts/insert-project'),
  createProject: question('accounts/create-project'),
  findProject: question('accounts/find-project'),
  listProjects: question('accounts/list-projects'),
};

/** Users, their keys, plans, projects and minutes. What is created twice under one id stays as it was. */
export class PgAccountRepository implements AccountRepository {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async findKey(keyId: string): ReturnType<AccountRepository['findKey']> {
    const row = await this.#pool.first<KeyRow>(questions.findKey, { keyId });
    if (row === null) return null;
    const { secretHash, isRevoked, userId, email, plan } = row;
    return { secretHash, isRevoked, user: { userId, email, plan: plan.plan }, plan };
  }

  async touchKey(keyId: string): Promise<void> {
    await this.#pool.change(questions.touchKey, { keyId });
  }

  async workingKeys(keyIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#pool.all<{ keyId: string }>(questions.workingKeys, { keyIds });
    return new Set(rows.map(({ keyId }) => keyId));
  }

  async createUser(user: UserRow): Promise<void> {
    await this.#pool.change(questions.createUser, user);
  }

  /** A key that its user has already gets the new secret; one of another user is refused. */
  async createKey(key: NewKey): Promise<void> {
    const changed = await this.#pool.change(questions.createKey, key);
    if (changed === 0) throw new RenderError('INVALID_STATE', `The key id "${key.keyId}" is taken.`);
  }

  issueKey(key: NewKey, keysMax: number): Promise<KeyInfo | null> {
    return this.#pool.transaction('issue a key', async (session) => {
      await session.first(questions.lockUser, key);
      await session.change(questions.forgetRevoked, { ...key, revokedMax: REVOKED_KEYS_MAX });
      return session.first<KeyInfo>(questions.insertKey, { ...key, keysMax });
    });
  }

  listKeys(userId: string): Promise<readonly KeyInfo[]> {
    return this.#pool.all(questions.listKeys, { userId, limit: KEYS_LISTED_MAX });
  }

  async revokeKey(userId: string, keyId: string): Promise<boolean> {
    return (await this.#pool.change(questions.revokeKey, { userId, keyId })) > 0;
  }

  async takeRequest(keyId: string, window: RequestWindow): Promise<RequestTaken> {
    const entered = await this.#pool.first<{ taken: number }>(questions.takeRequest, { keyId, ...window });
    if (entered !== null) return { requestsLeft: window.requestsMax - entered.taken, waitSeconds: 0 };
    const next = await this.#pool.first<{ waitSeconds: number | null }>(questions.nextRequest, {
      keyId,
      ...window,
    });
    // The window may have emptied between the two questions; the caller was refused all the same.
    return { requestsLeft: 0, waitSeconds: Math.max(next?.waitSeconds ?? 0, Number.MIN_VALUE) };
  }

  async usage(userId: string, now: Date | null): Promise<Usage> {
    const usage = await this.#pool.first<Usage>(questions.usage, { userId, now });
    if (usage === null) throw new RenderError('INTERNAL', 'The usage question gave no row.');
    return usage;
  }

  async createProject(project: Omit<ProjectRow, 'createdAt'>): Promise<ProjectRow> {
    await this.#pool.change(questions.createProject, project);
    const created = await this.findProject(project.userId, project.projectId);
    if (created === null)
      throw new RenderError('INVALID_STATE', `The project id "${project.projectId}" is taken.`);
    return created;
  }

  addProject(project: Omit<ProjectRow, 'createdAt'>, projectsMax: number): Promise<ProjectRow | null> {
    return this.#pool.transaction('add a project', async (session) => {
      await session.first(questions.lockUser, project);
      return session.first<ProjectRow>(questions.insertProject, { ...project, projectsMax });
    });
  }

  findProject(userId: string, projectId: string): Promise<ProjectRow | null> {
    return this.#pool.first(questions.findProject, { userId, projectId });
  }

  async listProjects(
    userId: string,
    { limit, cursor }: { readonly limit: number; readonly cursor: string | null },
  ): Promise<{ readonly projects: readonly ProjectRow[]; readonly nextCursor: string | null }> {
    const values = { ...readCursor(cursor), userId, limit: limit + 1 };
    const found = await this.#pool.all<ProjectRow>(questions.listProjects, values);
    const page = toPage(found, limit, ({ createdAt, projectId }) => ({ createdAt, id: projectId }));
    return { projects: page.rows, nextCursor: page.nextCursor };
  }
}
