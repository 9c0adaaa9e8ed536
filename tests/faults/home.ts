import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of one world; FAULTS_KEEP=1 leaves it behind with its logs. */
export async function makeHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'scenemill-faults-'));
  // The account "postgres" has to reach the data below it.
  await chmod(home, 0o755);
  return home;
}

export async function removeHome(home: string): Promise<void> {
  if (process.env.FAULTS_KEEP !== '1') await rm(home, { recursive: true, force: true });
}
