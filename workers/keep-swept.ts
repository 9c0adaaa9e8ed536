import type { AssetCache } from '../storage/asset-cache.ts';
import type { Scratch } from '../storage/scratch.ts';
import type { WorkerTelemetry } from './worker-telemetry.ts';

/** Several times within the age at which a worker elsewhere is taken for gone (storage/worker-instance.ts). */
const sweepMs = 60_000;

type Swept = { readonly scratch: Pick<Scratch, 'sweep'>; readonly sources: Pick<AssetCache, 'sweep'> };

/** Sweeps this worker's folders now and then while it runs; returns what ends that. */
export function keepSwept({ scratch, sources }: Swept, log: WorkerTelemetry['log']): () => void {
  let isSweeping = false;
  const sweep = async (): Promise<void> => {
    if (isSweeping) return;
    isSweeping = true;
    try {
      const removed = [...(await scratch.sweep()), ...(await sources.sweep())];
      if (removed.length > 0) log.info({ removed: removed.length }, 'swept scratch');
    } catch (error) {
      // The next time it may work; what lies there is in nobody's way before the disk is full, of which metrics tell.
      log.warn({ err: error }, 'scratch could not be swept');
    } finally {
      isSweeping = false;
    }
  };
  const timer = setInterval(() => void sweep(), sweepMs);
  timer.unref();
  return () => clearInterval(timer);
}
