import { Resolver } from 'node:dns/promises';

const TRY_MS_MAX = 2_000;
const TRIES_MAX = 2;

/**
 * All addresses of a name by DNS alone. Not `dns.lookup`: it waits in one of Node's four threads for files, where a few
 * nameservers that never answer would hold up the whole process. So names in the hosts file are not found.
 */
export async function resolveHost(
  host: string,
  signal: AbortSignal,
  /** Asked instead of the system's own. */
  nameservers: readonly string[] = [],
): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: TRY_MS_MAX, tries: TRIES_MAX });
  if (nameservers.length > 0) resolver.setServers(nameservers);
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    signal.throwIfAborted();
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (found.length > 0) return found;
    const failure = answers.find((answer) => answer.status === 'rejected');
    throw new Error(`The host was not found (${codeOf(failure?.reason)}).`);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function codeOf(failure: unknown): string {
  const hasCode = typeof failure === 'object' && failure !== null && 'code' in failure;
  return hasCode ? String(failure.code) : 'no address';
}
