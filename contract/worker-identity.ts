// How a worker calls itself to Temporal, so that its UI and `GET /readyz` can say how FFmpeg is shut in there.
const sandboxKinds = ['bwrap', 'none'] as const;
export type SandboxKind = (typeof sandboxKinds)[number];

/** What all media workers that were seen have; `mixed`: some of each; `unknown`: none was seen lately. */
export const sandboxStates = [...sandboxKinds, 'mixed', 'unknown'] as const;
export type SandboxState = (typeof sandboxStates)[number];

export function workerIdentity(worker: {
  readonly pid: number;
  readonly host: string;
  readonly sandbox: SandboxKind;
}): string {
  return `${worker.pid}@${worker.host} sandbox=${worker.sandbox}`;
}

export function sandboxOfWorkers(identities: readonly string[]): SandboxState {
  const kinds = new Set(
    sandboxKinds.filter((kind) => identities.some((name) => name.endsWith(` sandbox=${kind}`))),
  );
  const [first = 'unknown'] = kinds;
  return kinds.size > 1 ? 'mixed' : first;
}
