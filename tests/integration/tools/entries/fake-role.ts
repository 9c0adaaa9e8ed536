// Stands in for the API and for a worker where only the stack itself is tested: answers its health check, or dies as told.
import { createServer } from 'node:http';
import { readSettings } from '../../../../contract/settings.ts';

const settings = readSettings(process.env);
const isWorker = settings.HEALTH_PORT > 0;
const role = isWorker ? 'worker' : 'api';

if (process.env.FAKE_DIES === role) {
  process.stderr.write(`the ${role} found no luck\n`);
  process.exitCode = 3;
} else {
  const port = isWorker ? settings.HEALTH_PORT : settings.API_PORT;
  createServer((request, response) => {
    const isKnown = request.url === (isWorker ? '/healthz' : '/readyz');
    response.writeHead(isKnown ? 200 : 404).end(String(process.pid));
  }).listen(port, '127.0.0.1');
}
