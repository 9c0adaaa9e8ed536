// The worker process: reads the environment, serves its queues, ends in order on SIGTERM and SIGINT, and at once on a second one.
import { readSettings } from '../contract/settings.ts';
import { startWorker } from './start-worker.ts';

const worker = await startWorker(readSettings(process.env));
// A store that is silent, or work that was cut off, would keep the process alive for minutes.
process.exit(await worker.run());
