// FFmpeg and ffprobe behind a script that notes when each run began and ended. What the script itself costs is measured first
// and counts as the run's.
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { medianBy } from './median.ts';

export type TimedPrograms = {
  /** Makes the workers use them. */
  readonly environment: Readonly<Record<string, string>>;
  /** The runs since the last call. */
  readonly takeRuns: () => Promise<readonly ProgramRun[]>;
  readonly remove: () => Promise<void>;
};

/** Seconds since 1970. */
export type ProgramRun = { readonly from: number; readonly to: number };

export async function createTimedPrograms(paths: {
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
}): Promise<TimedPrograms> {
  const folder = await mkdtemp(join(tmpdir(), 'scenemill-timed-'));
  const log = join(folder, 'runs');
  await writeFile(log, '');
  const wrap = async (name: string, program: string): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, script(program, log));
    await chmod(file, 0o755);
    return file;
  };
  const scriptSeconds = await measureScript(await wrap('nothing', '/bin/true'));
  await writeFile(log, '');
  let taken = 0;
  return {
    environment: {
      FFMPEG_PATH: await wrap('ffmpeg', paths.ffmpegPath),
      FFPROBE_PATH: await wrap('ffprobe', paths.ffprobePath),
      // The sandbox would hide the log from them.
      SANDBOX: 'none',
    },
    takeRuns: async () => {
      const runs = readRuns(await readFile(log, 'utf8'), scriptSeconds);
      const fresh = runs.slice(taken);
      taken = runs.length;
      return fresh;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Bash tells the time without starting a program for it. */
function script(program: string, log: string): string {
  return `#!/bin/bash
from=$EPOCHREALTIME
'${program}' "$@"
code=$?
echo "$from $EPOCHREALTIME" >> '${log}'
exit $code
`;
}

const measuredRuns = 15;

/** What is between starting a program by the script and starting it without. */
async function measureScript(path: string): Promise<number> {
  const secondsOf = async (program: string): Promise<number> => {
    const begun = performance.now();
    await promisify(execFile)(program);
    return (performance.now() - begun) / 1000;
  };
  const differences: number[] = [];
  for (let run = 0; run < measuredRuns; run += 1)
    differences.push((await secondsOf(path)) - (await secondsOf('/bin/true')));
  return Math.max(
    0,
    medianBy(differences, (seconds) => seconds),
  );
}

function readRuns(text: string, scriptSeconds: number): readonly ProgramRun[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [from = Number.NaN, to = Number.NaN] = line.split(' ').map(Number);
      return { from: from - scriptSeconds, to };
    });
}

/** The seconds in which at least one program ran: two at once count once. */
export function secondsCovered(runs: readonly ProgramRun[]): number {
  let covered = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const { from, to } of [...runs].sort((a, b) => a.from - b.from)) {
    covered += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return covered;
}
