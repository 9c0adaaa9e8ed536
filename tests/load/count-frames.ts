import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { BenchProject } from '../../bench/stack-films.ts';
import type { JobEvent } from '../../contract/answers.ts';
import type { LoadSite } from './load-site.ts';

const run = promisify(execFile);

/** The pictures in a finished film, as the file itself has them. */
export async function countFrames(
  { stack, folder }: LoadSite,
  project: BenchProject,
  job: JobEvent,
): Promise<number> {
  const path = await project.download(job, folder);
  const query = ['-count_packets', '-select_streams', 'v:0', '-show_entries', 'stream=nb_read_packets'];
  const { stdout } = await run(stack.environment.FFPROBE_PATH ?? 'ffprobe', [
    ...['-v', 'error', ...query, '-of', 'csv=p=0', path],
  ]);
  await rm(path);
  return Number.parseInt(stdout, 10);
}
