// Finds out once, by really running them, which guards of FFmpeg work on this machine.
import { lstat, readlink } from 'node:fs/promises';
import { RenderError } from '../contract/errors.ts';
import { type Cage, type CageLimits, openGround, type Sandbox } from './cage.ts';
import { findProgram } from './find-program.ts';
import { findSetpriv } from './find-setpriv.ts';
import { readOutput } from './read-output.ts';

export type SandboxMode = 'auto' | 'bwrap' | 'none';

export type CageRequest = {
  readonly mode: SandboxMode;
  /** What FindProgram found: the sandbox shows the files themselves, not links to them. */
  readonly programs: readonly string[];
  readonly limits: CageLimits;
  readonly searchPath?: string;
};

const advice =
  'Install bubblewrap (apt-get install bubblewrap) and allow user namespaces, or set SANDBOX=auto or SANDBOX=none.';

/** Throws where a sandbox is demanded and does not work; with "auto" the cage says why it has none. */
export async function openCage(request: CageRequest): Promise<Cage> {
  const bounded = await bound(request);
  const sandbox = await chooseSandbox(request, bounded);
  if (request.mode === 'bwrap' && sandbox.kind === 'none') {
    throw new RenderError('INTERNAL', `SANDBOX=bwrap, but ${sandbox.reason}.`, {
      hint: advice,
      retryable: false,
    });
  }
  return { ...bounded, sandbox };
}

/** Without the sandbox; a container may forbid limits that are above its own. */
async function bound({ programs, limits, searchPath }: CageRequest): Promise<Cage> {
  const setprivPath = await findSetpriv(searchPath);
  const bounded = {
    ...openGround,
    setprivPath,
    limits,
    prlimitPath: await findProgram('prlimit', searchPath),
  };
  const runs = await failureOf(bounded, programs);
  return runs === null ? bounded : { ...bounded, prlimitPath: null };
}

async function chooseSandbox({ mode, programs, searchPath }: CageRequest, bounded: Cage): Promise<Sandbox> {
  if (mode === 'none') return { kind: 'none', reason: 'SANDBOX=none' };
  const path = await findProgram('bwrap', searchPath);
  if (path === null) return { kind: 'none', reason: 'there is no bwrap on PATH' };
  const sandbox: Sandbox = { kind: 'bwrap', path, view: await viewOf(programs) };
  const failure = await failureOf({ ...bounded, sandbox }, programs);
  return failure === null ? sandbox : { kind: 'none', reason: `bwrap does not work here: ${failure}` };
}

/** What the first program that cannot be run in there says; null where all can. */
async function failureOf(cage: Cage, programs: readonly string[]): Promise<string | null> {
  for (const path of programs) {
    const answer = await readOutput({ path, arguments: ['-version'] }, cage);
    if (!answer.isSuccess) return answer.complaint === '' ? `${path} does not run` : answer.complaint;
  }
  return null;
}

/**
 * Programs and libraries, nothing of /etc but what finds them, no /proc, no /home, no /tmp. A network of its own without a
 * way out, its own processes and users. As process 1 FFmpeg costs 2 ms a start, with bubblewrap's own process between 4.
 */
async function viewOf(programs: readonly string[]): Promise<readonly string[]> {
  const roots = await Promise.all(['/bin', '/lib', '/lib64'].map(systemFolder));
  const outside = programs.filter((path) => !path.startsWith('/usr/'));
  return [
    ...['--unshare-all', '--die-with-parent', '--new-session', '--as-pid-1', '--cap-drop', 'ALL'],
    ...['--ro-bind', '/usr', '/usr', ...roots.flat()],
    // Debian finds libblas through the first.
    ...['/etc/alternatives', '/etc/ld.so.cache'].flatMap((path) => ['--ro-bind-try', path, path]),
    ...['/dev/null', '/dev/urandom'].flatMap((path) => ['--dev-bind', path, path]),
    ...outside.flatMap((path) => ['--ro-bind', path, path]),
    ...['--chdir', '/'],
  ];
}

/** A link into /usr on most systems, a folder of its own on others. */
async function systemFolder(path: string): Promise<readonly string[]> {
  const facts = await lstat(path).catch(() => null);
  if (facts === null) return [];
  return facts.isSymbolicLink() ? ['--symlink', await readlink(path), path] : ['--ro-bind', path, path];
}
