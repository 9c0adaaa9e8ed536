// Whether FFmpeg can be shut in here: bubblewrap is really run, since some kernels and containers forbid what it does.
import { type Finding, missing, ok, warning } from './doctor-finding.ts';
import { ask, findOnPath } from './find-program.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Weighed by what SANDBOX asks for: a worker with "bwrap" does not start without. */
export async function examineSandbox(environment: Environment): Promise<Finding> {
  const mode = environment.SANDBOX ?? 'auto';
  if (mode === 'none') return warning('sandbox', 'none, as SANDBOX says', 'unset SANDBOX');
  const lacking = mode === 'bwrap' ? missing : warning;
  const path = findOnPath('bwrap', environment.PATH);
  if (path === null) {
    const fix = process.platform === 'linux' ? 'sudo apt-get install -y bubblewrap' : null;
    return lacking('sandbox', 'none: bubblewrap is not here; FFmpeg keeps its own bounds', fix);
  }
  const answer = await ask(path, ['--unshare-all', '--die-with-parent', '--ro-bind', '/', '/', '/bin/true']);
  if (answer.code === 0) return ok('sandbox', `bubblewrap, ${path}`);
  const said = answer.stderr.trim().split('\n').at(-1) ?? '';
  return lacking(
    'sandbox',
    `none: ${path} does not work here (${said}); FFmpeg keeps its own bounds`,
    fixOf(said),
  );
}

/** Debian's and Ubuntu's switches for user namespaces; in a container only its owner can allow them. */
function fixOf(said: string): string | null {
  if (!/namespace|uid map|Operation not permitted/.test(said)) return null;
  return 'sudo sysctl -w kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0';
}
