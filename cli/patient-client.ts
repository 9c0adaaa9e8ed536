import type { ApiClient } from './api-client.ts';
import type { ApiError } from './api-error.ts';
import type { Terminal } from './terminal.ts';
import { formatSeconds } from './terminal-text.ts';

const triesMax = 5;
const pauseMs = 1_000;

/** For work of many calls: waits where the server asks for it, saying so, and ends with the signal. */
export function patientClient(client: ApiClient, terminal: Terminal, signal: AbortSignal): ApiClient {
  const onWait = ({ status, message }: ApiError, waitMs: number): void => {
    const why = status === 429 ? 'the server takes no more requests of this key yet' : message;
    terminal.say(`waiting ${formatSeconds(waitMs / 1000)}: ${why}`);
  };
  return client.with({ triesMax, pauseMs, signal, onWait });
}
