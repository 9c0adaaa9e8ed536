import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheDir } from './cache-dir.ts';
import { type Child, startChild } from './child-process.ts';
import { findOnPath, isExecutableFile } from './find-program.ts';

export type GoTool = {
  /** The folder of the go.mod that pins the tool. */
  readonly moduleDir: string;
  /** As in its `tool` line. */
  readonly package: string;
  /** Of the program. */
  readonly name: string;
  readonly onLog: (line: string) => void;
  readonly signal?: AbortSignal;
};

const BUILD_TIMEOUT_MS = 30 * 60_000;
const PROGRESS_INTERVAL_MS = 5_000;

/** The path of a program built from its Go module, once for each version and then kept in the cache folder. */
export async function buildGoTool(tool: GoTool): Promise<string> {
  tool.signal?.throwIfAborted();
  const path = await goToolPath(tool);
  if (isExecutableFile(path)) return path;
  const go = findOnPath('go');
  if (go === null)
    throw new Error(`Building ${tool.name} needs Go, which is not on PATH; see https://go.dev/doc/install.`);
  await mkdir(join(cacheDir(), 'bin'), { recursive: true });
  // Two builds at once each write a file of their own; the last rename wins, and both are the same program.
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await build(tool, go, temporary);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  return path;
}

/** Where the program lies once it is built. */
export async function goToolPath(tool: Pick<GoTool, 'moduleDir' | 'package' | 'name'>): Promise<string> {
  const manifest = await readFile(join(tool.moduleDir, 'go.mod'), 'utf8');
  return join(cacheDir(), 'bin', `${tool.name}-${pinnedVersion(manifest, tool.package)}`);
}

/** The version that a go.mod requires of the module a package belongs to. */
export function pinnedVersion(manifest: string, packagePath: string): string {
  const requirements = [...manifest.matchAll(/^\s*(?:require\s+)?(\S+)\s+(v\S+)/gm)];
  const owners = requirements.filter(([, module = '']) => `${packagePath}/`.startsWith(`${module}/`));
  const [closest] = owners.sort(([, a = ''], [, b = '']) => b.length - a.length);
  if (closest?.[2] === undefined)
    throw new Error(`go.mod does not say which version of ${packagePath} is meant.`);
  return closest[2];
}

async function build(tool: GoTool, go: string, output: string): Promise<void> {
  tool.onLog(`Building ${tool.name} from its Go module; this takes some minutes, once.`);
  let packages = 0;
  const child = await startChild({
    file: go,
    // -v names each package as it is compiled, which is all the progress that Go shows.
    args: ['build', '-v', '-o', output, tool.package],
    cwd: tool.moduleDir,
    environment: process.env,
    onLine: () => {
      packages += 1;
    },
  });
  const startedAtMs = Date.now();
  const stop = (): void => void child.stop();
  tool.signal?.addEventListener('abort', stop, { once: true });
  const secondsSoFar = (): number => Math.round((Date.now() - startedAtMs) / 1000);
  const progress = setInterval(
    () => tool.onLog(`Building ${tool.name}: ${packages} packages, ${secondsSoFar()} s`),
    PROGRESS_INTERVAL_MS,
  );
  try {
    await succeeds(child, tool);
  } finally {
    clearInterval(progress);
    tool.signal?.removeEventListener('abort', stop);
  }
  tool.onLog(`Built ${tool.name} in ${secondsSoFar()} s.`);
}

async function succeeds(child: Child, tool: GoTool): Promise<void> {
  const timer = new AbortController();
  const late = sleep(BUILD_TIMEOUT_MS, 'late' as const, { signal: timer.signal }).catch(
    () => 'late' as const,
  );
  const exit = await Promise.race([child.exited, late]);
  timer.abort();
  tool.signal?.throwIfAborted();
  if (exit === 'late') {
    await child.stop();
    throw new Error(`Building ${tool.name} took longer than ${BUILD_TIMEOUT_MS / 60_000} minutes.`);
  }
  if (exit.code !== 0) throw new Error(`Building ${tool.name} failed:\n${child.tail()}`);
}
