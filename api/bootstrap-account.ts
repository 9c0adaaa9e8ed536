import type { AccountRepository } from '../database/ports.ts';
import { hashSecret, parseApiKey } from './api-key.ts';

const USER_ID = 'user_owner';
const PROJECT_ID = 'default';

/** Makes sure that the key exists, with a user without limits and a project "default", so that a new installation can be used at once. */
export async function bootstrapAccount(accounts: AccountRepository, apiKey: string): Promise<void> {
  const key = parseApiKey(apiKey);
  if (key === null) throw new Error('BOOTSTRAP_API_KEY is not in the form sm_<id>.<secret of 16 or more>.');
  await accounts.createUser({ userId: USER_ID, email: 'owner@localhost', plan: 'unlimited' });
  await accounts.createKey({
    keyId: key.keyId,
    userId: USER_ID,
    secretHash: hashSecret(key.secret),
    name: 'bootstrap',
  });
  if ((await accounts.findProject(USER_ID, PROJECT_ID)) !== null) return;
  await accounts.createProject({ projectId: PROJECT_ID, userId: USER_ID, name: 'default' });
}
