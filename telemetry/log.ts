// The log of a process: one line of JSON for each event, with ids, never a secret or what a document says.
import pino, { type DestinationStream, type Logger } from 'pino';
import type { Settings } from '../contract/settings.ts';
import { describeError } from './describe-error.ts';

export type Log = Logger;

/** Should anyone ever log such a thing by mistake, it is not written. */
const SECRETS = ['apiKey', 'secret', 'authorization', 'x-api-key', 'cookie', 'password'] as const;

export type LogOptions = Pick<Settings, 'LOG_LEVEL'> & {
  /** Which process speaks: "api", "worker". */
  readonly name: string;
  /** Where lines go; default: standard output. */
  readonly destination?: DestinationStream;
};

export function createLog({ LOG_LEVEL, name, destination }: LogOptions): Log {
  const serialize = (error: unknown): unknown => describeError(error, LOG_LEVEL === 'debug');
  const options: pino.LoggerOptions = {
    level: LOG_LEVEL,
    name,
    serializers: { err: serialize, error: serialize },
    redact: { paths: SECRETS.flatMap((secret) => [`["${secret}"]`, `*["${secret}"]`]), censor: '[secret]' },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
