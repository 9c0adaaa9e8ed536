// Several users beside the installation's own, on plans of the price list: their quotas are looked at in the end.
import { hashSecret } from '../../api/api-key.ts';
import { openDatabase } from '../../database/connect-database.ts';
import type { World } from '../faults/world.ts';

export type ChaosUser = { readonly name: string; readonly key: string; readonly projectId: string };

const plans = ['unlimited', 'enterprise', 'business', 'pro'] as const;

/** Each with a project of its own. */
export async function makeUsers(world: World): Promise<readonly [ChaosUser, ...ChaosUser[]]> {
  const database = openDatabase(world.stack.environment.DATABASE_URL ?? '', { connectionsMax: 1 });
  try {
    const users: ChaosUser[] = [];
    for (const plan of plans) {
      const [userId, secret, projectId] = [`user_${plan}`, `secret-of-${plan}-0123456789`, `project_${plan}`];
      await database.accounts.createUser({ userId, email: `${plan}@example.org`, plan });
      await database.accounts.createKey({ keyId: plan, userId, secretHash: hashSecret(secret), name: plan });
      await database.accounts.createProject({ projectId, userId, name: plan });
      users.push({ name: plan, key: `sm_${plan}.${secret}`, projectId });
    }
    const { apiKey, projectId } = world.stack;
    return [{ name: 'owner', key: apiKey, projectId }, ...users];
  } finally {
    await database.close();
  }
}
