import { readCursor, toPage } from './page-cursor.ts';
import type { NewKey, PlanRow, UserRow } from './ports.ts';
import { question } from './question.ts';
import type { Pool } from './session.ts';

export type ListedUser = UserRow & {
  readonly createdAt: Date;
  /** Those that work. */
  readonly keys: number;
  readonly minutesThisMonth: number;
};

/** What a user starts with. */
export type NewUser = UserRow & {
  readonly project: { readonly projectId: string; readonly name: string };
  readonly key: NewKey;
};

const questions = {
  listUsers: question('accounts/list-users'),
  listPlans: question('accounts/list-plans'),
  findUser: question('accounts/find-user'),
  insertUser: question('accounts/insert-user'),
  createProject: question('accounts/create-project'),
  createKey: question('accounts/create-key'),
  setPlan: question('accounts/set-plan'),
};

/** All users, for the operator. No question here is bound to one user, so no route may ask them. */
export class PgUserRegister {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Newest first. */
  async list(page: {
    readonly limit: number;
    readonly cursor: string | null;
  }): Promise<{ readonly users: readonly ListedUser[]; readonly nextCursor: string | null }> {
    const values = { ...readCursor(page.cursor), limit: page.limit + 1 };
    const found = await this.#pool.all<ListedUser>(questions.listUsers, values);
    const { rows, nextCursor } = toPage(found, page.limit, ({ createdAt, userId }) => ({
      createdAt,
      id: userId,
    }));
    return { users: rows, nextCursor };
  }

  /** The smallest first. */
  plans(): Promise<readonly PlanRow[]> {
    return this.#pool.all(questions.listPlans, {});
  }

  /** User, project and key, or nothing at all; false where the id or the address is taken. */
  add({ project, key, ...user }: NewUser): Promise<boolean> {
    return this.#pool.transaction('add a user', async (session) => {
      if ((await session.change(questions.insertUser, user)) === 0) return false;
      await session.change(questions.createProject, { ...project, userId: user.userId });
      await session.change(questions.createKey, key);
      return true;
    });
  }

  async exists(userId: string): Promise<boolean> {
    return (await this.#pool.first(questions.findUser, { userId })) !== null;
  }

  /** False where there is no such user. */
  async setPlan(userId: string, plan: string): Promise<boolean> {
    return (await this.#pool.change(questions.setPlan, { userId, plan })) > 0;
  }
}
