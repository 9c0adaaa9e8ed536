// Whether servers that the environment names answer: a setting that points nowhere is found here and not at the first film.
import pgPromise from 'pg-promise';
import { errorMessage } from '../contract/errors.ts';
import { type Finding, missing, ok } from './doctor-finding.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const answerMsMax = 3_000;

export async function examineDatabase(url: string): Promise<Finding> {
  const place = URL.canParse(url) ? new URL(url).host : 'an address that is no URL';
  try {
    await askDatabase(url);
    return ok('postgres', `the server of DATABASE_URL, ${place}`);
  } catch (error) {
    const detail = `the server of DATABASE_URL (${place}) does not answer: ${errorMessage(error)}`;
    return missing('postgres', detail, 'unset DATABASE_URL');
  }
}

/** Any answer will do: without a signature an S3 server refuses, but it is there. */
export async function examineStore(environment: Environment): Promise<Finding> {
  const endpoint = environment.S3_ENDPOINT ?? '';
  if (endpoint === '') return ok('store', 'a folder on disk');
  try {
    const response = await fetch(endpoint, { signal: AbortSignal.timeout(answerMsMax), redirect: 'manual' });
    await response.body?.cancel();
    return ok('store', `the server of S3_ENDPOINT, ${endpoint}`);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const detail = `the server of S3_ENDPOINT (${endpoint}) does not answer: ${errorMessage(cause)}`;
    return missing('store', detail, 'unset S3_ENDPOINT');
  }
}

async function askDatabase(connectionString: string): Promise<void> {
  const client = pgPromise({ noWarnings: true });
  const database = client({ connectionString, max: 1, connectionTimeoutMillis: answerMsMax });
  database.$pool.on('error', () => undefined);
  try {
    await database.one('SELECT 1 AS answer');
  } finally {
    await database.$pool.end();
  }
}
