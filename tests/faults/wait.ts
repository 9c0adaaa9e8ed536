import { setTimeout as sleep } from 'node:timers/promises';
import type { JobView } from '../../contract/job.ts';
import { isFinal, type Phase } from '../../contract/names.ts';
import type { World } from './world.ts';

const pollMs = 50;

/** Looks again and again until there is something; faults of the look itself count as nothing. */
export async function until<Found>(
  look: () => Promise<Found | null | false>,
  what: string,
  limitMs: number,
): Promise<Found> {
  const deadline = performance.now() + limitMs;
  let last: unknown = null;
  while (performance.now() < deadline) {
    try {
      const found = await look();
      if (found !== null && found !== false) return found;
    } catch (error) {
      last = error;
    }
    await sleep(pollMs);
  }
  throw new Error(`${what} did not come within ${limitMs / 1000} s.`, { cause: last });
}

/** The job once it is over, however it ended; the API may be away meanwhile. */
export function untilEnded(world: World, jobId: string, limitMs = 90_000): Promise<JobView> {
  return until(
    async () => {
      const view = await world.job(jobId);
      return isFinal(view.status) ? view : null;
    },
    `the end of ${jobId}`,
    limitMs,
  );
}

export function untilPhase(world: World, jobId: string, phase: Phase): Promise<JobView> {
  return until(
    async () => {
      const view = await world.job(jobId);
      if (isFinal(view.status)) throw new Error(`${jobId} is ${view.status} already: ${view.error ?? ''}`);
      return view.phase === phase ? view : null;
    },
    `${jobId} in ${phase}`,
    30_000,
  );
}

/** Which media worker runs a misbehaving FFmpeg now: it alone has a child of that path. */
export function untilEncoding(world: World, runs = 1): Promise<true> {
  return until(async () => (await world.encoder.taken()) >= runs, 'an encoder at work', 30_000).then(
    () => true,
  );
}
