// The worker process: reads the environment, serves its queues, ends in order on SIGTERM and SIGINT, and at once on a second one.
import { readSettings } from '../contract/settings.ts';
import { beginStartUp } from '../telemetry/start-up.ts';
import { startWorker } from './start-worker.ts';

const startUp = beginStartUp('worker');
try {
  const worker = await startWorker(readSettings(process.env));
  // Temporal's runtime, which was made meanwhile, has heard a signal that comes from here on, or hears it.
  startUp.end();
  // A store that is silent, or work that was cut off, would keep the process alive for minutes.
  process.exit(await worker.run());
} catch (error) {
  startUp.fail(error);
}
