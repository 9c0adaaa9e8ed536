import type { Logger, LogLevel, LogMetadata } from '@temporalio/worker';
import type { Log } from '../telemetry/log.ts';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
/** Of what the SDK knows; the rest is of no use to a reader, or repeats what our own lines say. */
const told = [
  'sdkComponent',
  'workflowType',
  'workflowId',
  'runId',
  'activityType',
  'activityId',
  'attempt',
] as const;

/** What Temporal's SDK has to say, in the log of the worker: its errors go the way of ours, without what a document says. */
export function temporalLogger(log: Log): Logger {
  const write = (level: LogLevel, message: string, meta: LogMetadata = {}): void => {
    // Our own interceptor tells of each activity, with more ids.
    const isKnown = level === 'WARN' && message === 'Activity failed';
    if (isKnown || level === 'INFO') log.debug(pick(meta), message);
    else log[levels[level]](pick(meta), message);
  };
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
}

function pick(meta: LogMetadata): Record<string, unknown> {
  const known = told
    .filter((name) => meta[name] !== undefined)
    .map((name): [string, unknown] => [name, meta[name]]);
  const error: unknown = meta.error;
  return { ...Object.fromEntries(known), ...(error === undefined ? {} : { err: error }) };
}
