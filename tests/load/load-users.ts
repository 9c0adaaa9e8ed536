import { hashSecret, newSecret, writeApiKey } from '../../api/api-key.ts';
import { BenchProject } from '../../bench/stack-films.ts';
import { openDatabase } from '../../database/connect-database.ts';
import type { LoadSite } from './load-site.ts';

/** No bound of minutes or jobs, so that the load is not refused; with a bound of requests, as users have. */
const plan = 'enterprise';

/** Users of one plan, each with a project of their own. */
export async function makeUsers({ stack }: LoadSite, count: number): Promise<readonly BenchProject[]> {
  const database = openDatabase(stack.environment.DATABASE_URL ?? '', { connectionsMax: 1 });
  const { accounts } = database;
  try {
    const projects: BenchProject[] = [];
    for (let number = 1; number <= count; number += 1) {
      const userId = `user_load_${number}`;
      const key = { keyId: `load${number}`, secret: newSecret() };
      await accounts.createUser({ userId, email: `load${number}@localhost`, plan });
      await accounts.createKey({
        keyId: key.keyId,
        userId,
        name: 'load',
        secretHash: hashSecret(key.secret),
      });
      projects.push(await BenchProject.create({ apiUrl: stack.apiUrl, apiKey: writeApiKey(key) }, {}));
    }
    return projects;
  } finally {
    await database.close();
  }
}
