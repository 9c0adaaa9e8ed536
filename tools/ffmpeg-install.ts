// Installs FFmpeg where that is one command and we may run it; elsewhere names the command.
import { readFile } from 'node:fs/promises';
import { startChild } from './child-process.ts';
import { findOnPath } from './find-program.ts';

const installMsMax = 900_000;
/** apt-get that is interrupted ends the step that dpkg is at, so that no package is left half installed. */
const interruptMsMax = 60_000;

/** True: installed. False: this is not our business here. Throws where the installation fails. */
export async function installFfmpeg(onLog: (line: string) => void, signal?: AbortSignal): Promise<boolean> {
  const aptGet = findOnPath('apt-get');
  if (aptGet === null || process.getuid?.() !== 0) return false;
  onLog('FFmpeg is missing or too old: installing it with apt-get (about 1 minute).');
  await run(aptGet, ['update'], { onLog, signal });
  await run(aptGet, ['install', '-y', '--no-install-recommends', 'ffmpeg'], { onLog, signal });
  return true;
}

/** The command for this system. */
export async function installHint(): Promise<string> {
  return hintFor(process.platform, await readFile('/etc/os-release', 'utf8').catch(() => ''));
}

export function hintFor(platform: NodeJS.Platform, osRelease: string): string {
  if (platform === 'darwin') return 'brew install ffmpeg';
  if (platform === 'win32') return 'winget install --id Gyan.FFmpeg';
  const families = [...osRelease.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap(([, ids = '']) =>
    ids.split(' '),
  );
  const known = families.find((family) => family in linuxCommands);
  return known === undefined
    ? 'install FFmpeg 5.1 or newer, or set FFMPEG_PATH and FFPROBE_PATH'
    : (linuxCommands[known] ?? '');
}

const linuxCommands: Readonly<Record<string, string>> = {
  debian: 'sudo apt-get update && sudo apt-get install -y --no-install-recommends ffmpeg',
  ubuntu: 'sudo apt-get update && sudo apt-get install -y --no-install-recommends ffmpeg',
  fedora: 'sudo dnf install -y ffmpeg --allowerasing',
  arch: 'sudo pacman -S --needed ffmpeg',
  alpine: 'sudo apk add ffmpeg',
  suse: 'sudo zypper install ffmpeg',
};

type Installing = {
  readonly onLog: (line: string) => void;
  readonly signal: AbortSignal | undefined;
};

async function run(program: string, args: readonly string[], { onLog, signal }: Installing): Promise<void> {
  signal?.throwIfAborted();
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const child = await startChild({ file: program, args, environment, stopSignal: 'SIGINT', onLine: onLog });
  const stop = (): void => void child.stop(interruptMsMax);
  const timer = setTimeout(stop, installMsMax);
  signal?.addEventListener('abort', stop, { once: true });
  const exit = await child.exited;
  clearTimeout(timer);
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (exit.code !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${child.tail()}`);
}
