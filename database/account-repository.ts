import { RenderError } from '../contract/errors.ts';
import type { AccountRepository, PlanRow, ProjectRow, Usage, UserRow } from './ports.ts';
import { question } from './question.ts';
import type { Pool } from './session.ts';

type KeyRow = {
  readonly secretHash: string;
  readonly isRevoked: boolean;
  readonly userId: string;
  readonly email: string;
  readonly plan: PlanRow;
};

const questions = {
  findKey: question('accounts/find-key'),
  touchKey: question('accounts/touch-key'),
  createUser: question('accounts/create-user'),
  createKey: question('accounts/create-key'),
  revokeKey: question('accounts/revoke-key'),
  usage: question('accounts/usage'),
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

  async createUser(user: UserRow): Promise<void> {
    await this.#pool.change(questions.createUser, user);
  }

  /** A key that its user has already gets the new secret; one of another user is refused. */
  async createKey(key: Parameters<AccountRepository['createKey']>[0]): Promise<void> {
    const changed = await this.#pool.change(questions.createKey, key);
    if (changed === 0) throw new RenderError('INVALID_STATE', `The key id "${key.keyId}" is taken.`);
  }

  async revokeKey(keyId: string): Promise<void> {
    await this.#pool.change(questions.revokeKey, { keyId });
  }

  async usage(userId: string, now: Date): Promise<Usage> {
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

  findProject(userId: string, projectId: string): Promise<ProjectRow | null> {
    return this.#pool.first(questions.findProject, { userId, projectId });
  }

  listProjects(userId: string): Promise<readonly ProjectRow[]> {
    return this.#pool.all(questions.listProjects, { userId });
  }
}
