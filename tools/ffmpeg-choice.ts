// Chooses the FFmpeg programs: each candidate is judged by what it can do, not by where it comes from.
import { createRequire } from 'node:module';
import {
  type FfmpegFeatures,
  featureOptions,
  isFitVersion,
  missingFeatures,
  parseFeatures,
  versionMin,
} from './ffmpeg-features.ts';
import { installFfmpeg, installHint } from './ffmpeg-install.ts';
import { ask, findOnPath } from './find-program.ts';

export type FfmpegProgram = 'ffmpeg' | 'ffprobe';

type Candidate = {
  /** Where it comes from, in words. */
  readonly from: string;
  readonly path: string;
  /** Named by the user: where it is not fit we say so and do not look further. */
  readonly isWanted: boolean;
};

export type ChosenProgram = { readonly path: string; readonly from: string; readonly version: string };
export type ChosenFfmpeg = { readonly ffmpeg: ChosenProgram; readonly ffprobe: ChosenProgram };

/** What the search may use beside the machine itself; a test gives its own. */
export type FfmpegSearch = {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly onLog?: (line: string) => void;
  /** Installs FFmpeg where we may; false: nothing was installed. */
  readonly install?: (onLog: (line: string) => void, signal?: AbortSignal) => Promise<boolean>;
  /** Breaks an installation off. */
  readonly signal?: AbortSignal;
};

/** Both programs, installed with apt-get where none is fit and we are root on a Debian-like system. Throws with the command that helps. */
export async function chooseFfmpeg(search: FfmpegSearch = {}): Promise<ChosenFfmpeg> {
  const environment = search.environment ?? process.env;
  const onLog = search.onLog ?? (() => undefined);
  const first = await chooseBoth(environment);
  if (first.chosen !== null) return first.chosen;
  const install = search.install ?? installFfmpeg;
  if (!first.isUsersChoice && (await install(onLog, search.signal))) {
    const second = await chooseBoth(environment);
    if (second.chosen !== null) return second.chosen;
  }
  throw new Error(
    `No FFmpeg that is fit (${versionMin.join('.')} or newer with its usual parts) was found.\n${first.faults.join('\n')}\nInstall it: ${await installHint()}`,
  );
}

/** The first fit candidate, or why each is not; installs nothing. */
export async function chooseProgram(
  program: FfmpegProgram,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<{
  readonly chosen: ChosenProgram | null;
  readonly faults: readonly string[];
  readonly isUsersChoice: boolean;
}> {
  const faults: string[] = [];
  for (const candidate of candidates(program, environment)) {
    const verdict = await judge(program, candidate.path);
    if (verdict.faults.length === 0) {
      const { path, from } = candidate;
      return { chosen: { path, from, version: verdict.version }, faults, isUsersChoice: candidate.isWanted };
    }
    faults.push(`  ${program} of ${candidate.from} (${candidate.path}): ${verdict.faults.join(', ')}`);
    if (candidate.isWanted) return { chosen: null, faults, isUsersChoice: true };
  }
  if (faults.length === 0) faults.push(`  There is no ${program} on this machine.`);
  return { chosen: null, faults, isUsersChoice: false };
}

/** In the order in which they are tried. */
function candidates(
  program: FfmpegProgram,
  environment: Readonly<Record<string, string | undefined>>,
): readonly Candidate[] {
  const variable = program === 'ffmpeg' ? 'FFMPEG_PATH' : 'FFPROBE_PATH';
  const named = environment[variable] ?? '';
  const onPath = findOnPath(program, environment.PATH);
  const packaged = packagedPath(program);
  return [
    ...(named === '' ? [] : [{ from: variable, path: named, isWanted: true }]),
    ...(packaged === null ? [] : [{ from: `${program}-static`, path: packaged, isWanted: false }]),
    ...(onPath === null ? [] : [{ from: 'PATH', path: onPath, isWanted: false }]),
  ];
}

/** What is wrong with a program; no faults: it is fit. */
async function judge(
  program: FfmpegProgram,
  path: string,
): Promise<{ readonly version: string; readonly faults: readonly string[] }> {
  const answer = await ask(path, ['-version']);
  const version = answer.stdout.split('\n')[0]?.split(' ')[2] ?? '';
  if (answer.code !== 0) return { version, faults: ['does not run'] };
  if (!isFitVersion(answer.stdout)) {
    return {
      version,
      faults: [`version ${version || 'unknown'}, needed is ${versionMin.join('.')} or newer`],
    };
  }
  // FFprobe has the same libraries inside; it encodes and filters nothing for us.
  if (program === 'ffprobe') return { version, faults: [] };
  const missing = missingFeatures(await readFeatures(path));
  return { version, faults: missing.map((name) => `lacks ${name}`) };
}

async function chooseBoth(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ chosen: ChosenFfmpeg | null; faults: readonly string[]; isUsersChoice: boolean }> {
  const [ffmpeg, ffprobe] = await Promise.all([
    chooseProgram('ffmpeg', environment),
    chooseProgram('ffprobe', environment),
  ]);
  const isWhole = ffmpeg.chosen !== null && ffprobe.chosen !== null;
  return {
    chosen: isWhole ? { ffmpeg: ffmpeg.chosen, ffprobe: ffprobe.chosen } : null,
    faults: [
      ...(ffmpeg.chosen === null ? ffmpeg.faults : []),
      ...(ffprobe.chosen === null ? ffprobe.faults : []),
    ],
    isUsersChoice: [ffmpeg, ffprobe].some((search) => search.chosen === null && search.isUsersChoice),
  };
}

async function readFeatures(path: string): Promise<Record<keyof FfmpegFeatures, ReadonlySet<string>>> {
  const read = async (kind: keyof FfmpegFeatures): Promise<ReadonlySet<string>> => {
    const answer = await ask(path, ['-hide_banner', featureOptions[kind]]);
    return parseFeatures(kind, answer.stdout);
  };
  return {
    encoders: await read('encoders'),
    decoders: await read('decoders'),
    filters: await read('filters'),
    muxers: await read('muxers'),
    demuxers: await read('demuxers'),
    protocols: await read('protocols'),
  };
}

const require = createRequire(import.meta.url);

/** Both packages are optional: their download may have failed, and then they are not there. */
function packagedPath(program: FfmpegProgram): string | null {
  try {
    const found: unknown = require(`${program}-static`);
    if (typeof found === 'string') return found;
    if (typeof found === 'object' && found !== null && 'path' in found && typeof found.path === 'string')
      return found.path;
    return null;
  } catch {
    return null;
  }
}
