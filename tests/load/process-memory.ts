// What each process holds before, while and after there is work, and how long the API's event loop stood still.
import { setTimeout as sleep } from 'node:timers/promises';
import { meteredProcesses } from '../../bench/bench-stack.ts';
import { readResident } from '../../bench/process-meter.ts';
import { readMemory, readTrees } from '../../bench/process-tree.ts';
import type { LoadSite } from './load-site.ts';

export type ProcessMemory = {
  readonly before: Sizes;
  readonly peak: Sizes;
  readonly after: Sizes;
  /** The longest that the API's event loop stood still at once. */
  readonly apiStoodSeconds: number;
};

type Sizes = Readonly<Record<string, number>>;

const sampleMs = 250;
/** The thread that judges large documents ends after ten seconds; nothing tells of it outside. */
const settleMs = 12_000;

/** Our own processes by their resident size; the database's many by what they hold together, shared pages once. */
export async function watchMemory<Result>(
  site: LoadSite,
  task: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly memory: ProcessMemory }> {
  const before = await readSizes(site);
  const peak: Record<string, number> = { ...before };
  // What stood still before does not count: each answer starts anew.
  await readStoodSeconds(site);
  let apiStoodSeconds = 0;
  const over = new AbortController();
  const sampling = (async () => {
    while (!over.signal.aborted) {
      await sleep(sampleMs, undefined, { signal: over.signal }).catch(() => undefined);
      for (const [name, bytes] of Object.entries(await readSizes(site))) {
        peak[name] = Math.max(peak[name] ?? 0, bytes);
      }
      apiStoodSeconds = Math.max(apiStoodSeconds, await readStoodSeconds(site));
    }
  })();
  try {
    const result = await task();
    over.abort();
    await sampling;
    await sleep(settleMs);
    return { result, memory: { before, peak, after: await readSizes(site), apiStoodSeconds } };
  } finally {
    over.abort();
  }
}

async function readSizes({ stack }: LoadSite): Promise<Sizes> {
  const ours = await readResident(meteredProcesses(stack).watched);
  const pidOf = (name: string): number[] =>
    stack.children.filter((child) => child.name === name).map(({ pid }) => pid);
  const [temporal, postgres] = await Promise.all(
    ['temporal', 'postgres'].map(async (name) => readMemory(await readTrees(pidOf(name)))),
  );
  return { ...ours, temporal: temporal ?? 0, postgres: postgres ?? 0 };
}

async function readStoodSeconds({ metricsUrl }: LoadSite): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  const [, seconds] = /^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text) ?? [];
  if (seconds === undefined) throw new Error(`${metricsUrl} says nothing of the event loop.`);
  return Number(seconds);
}
