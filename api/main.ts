// The API process: reads the environment, serves until SIGTERM or SIGINT, ends in order.
import { readSettings } from '../contract/settings.ts';
import { beginStartUp } from '../telemetry/start-up.ts';
import { startApi } from './start-api.ts';

const startUp = beginStartUp('api');
try {
  const api = await startApi(readSettings(process.env));
  console.log(`listening on ${api.url}`);
  const stop = (): void => {
    api.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  startUp.end();
} catch (error) {
  startUp.fail(error);
}
