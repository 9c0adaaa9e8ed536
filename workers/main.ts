// The worker process: reads the environment, serves its queues, ends in order on SIGTERM and SIGINT.
import { readSettings } from '../contract/settings.ts';
import { startWorker } from './start-worker.ts';

const worker = await startWorker(readSettings(process.env));
await worker.run();
