// Runs in a worker thread: takes one piece of work on a document at a time and answers.
import { parentPort } from 'node:worker_threads';
import { doWork, type WorkRequest } from './document-work.ts';

parentPort?.on('message', (request: WorkRequest) => parentPort?.postMessage(doWork(request)));
