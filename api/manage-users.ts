// Users as an operator keeps them: on the database itself, since no key over HTTP shall be able to make or change a user.
import { ulid } from 'ulid';
import { RenderError } from '../contract/errors.ts';
import { type Database, openDatabase } from '../database/connect-database.ts';
import type { PlanRow } from '../database/ports.ts';
import type { ListedUser } from '../database/user-register.ts';
import { hashSecret, KEYS_PER_USER_MAX, newSecret, writeApiKey } from './api-key.ts';

type AddedUser = {
  readonly userId: string;
  readonly email: string;
  readonly plan: string;
  readonly projectId: string;
  /** Shown this once. */
  readonly key: string;
};

export type UserDesk = {
  list(page: {
    limit: number;
    cursor: string | null;
  }): Promise<{ readonly users: readonly ListedUser[]; readonly nextCursor: string | null }>;
  plans(): Promise<readonly PlanRow[]>;
  /** With a project and a key; refused where another user has the address. */
  add(email: string, plan: string): Promise<AddedUser>;
  /** Holds from the user's next request on. */
  setPlan(userId: string, plan: string): Promise<void>;
  /** A further key, for one who has lost theirs. */
  issueKey(userId: string, name: string): Promise<{ readonly keyId: string; readonly key: string }>;
  close(): Promise<void>;
};

/** The URL is that of the API's own database, whose tables must be there. */
export async function openUserDesk(databaseUrl: string): Promise<UserDesk> {
  const database = openDatabase(databaseUrl, { connectionsMax: 1 });
  try {
    await database.check();
  } catch (error) {
    await database.close();
    throw error;
  }
  const { register } = database;
  return {
    list: (page) => register.list(page),
    plans: () => register.plans(),
    add: (email, plan) => addUser(database, email, plan),
    setPlan: async (userId, plan) => {
      await requirePlan(database, plan);
      if (!(await register.setPlan(userId, plan))) throw noUser(userId);
    },
    issueKey: (userId, name) => issueKey(database, userId, name),
    close: () => database.close(),
  };
}

async function addUser(database: Database, email: string, plan: string): Promise<AddedUser> {
  await requirePlan(database, plan);
  const [userId, projectId] = [`user_${ulid()}`, `project_${ulid()}`];
  const { row, text } = makeKey(userId, 'first');
  const project = { projectId, name: 'default' };
  if (!(await database.register.add({ userId, email, plan, project, key: row }))) {
    throw new RenderError('INVALID_STATE', `There is a user with the address "${email}" already.`, {
      hint: '"scenemill users list" shows all; "scenemill users key <user-id>" makes a new key.',
    });
  }
  return { userId, email, plan, projectId, key: text };
}

async function issueKey(
  database: Database,
  userId: string,
  name: string,
): Promise<{ keyId: string; key: string }> {
  if (!(await database.register.exists(userId))) throw noUser(userId);
  const { row, text } = makeKey(userId, name);
  if ((await database.accounts.issueKey(row, KEYS_PER_USER_MAX)) !== null)
    return { keyId: row.keyId, key: text };
  throw new RenderError(
    'INVALID_STATE',
    `The user has ${KEYS_PER_USER_MAX} keys, which is the most that may work.`,
    {
      hint: 'Revoke one with DELETE /v1/keys/{keyId}.',
    },
  );
}

function makeKey(userId: string, name: string) {
  const [keyId, secret] = [ulid(), newSecret()];
  const row = { keyId, userId, secretHash: hashSecret(secret), name };
  return { row, text: writeApiKey({ keyId, secret }) };
}

async function requirePlan(database: Database, plan: string): Promise<void> {
  const plans = await database.register.plans();
  if (plans.some((known) => known.plan === plan)) return;
  throw new RenderError('NOT_FOUND', `There is no plan "${plan}".`, {
    hint: `There are ${plans.map((known) => known.plan).join(', ')}.`,
  });
}

function noUser(userId: string): RenderError {
  return new RenderError('NOT_FOUND', `There is no user "${userId}".`, {
    hint: '"scenemill users list" shows all.',
  });
}
