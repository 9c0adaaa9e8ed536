import http from 'node:http';
import https from 'node:https';
import { Client, type ClientOptions } from 'minio';
import { clockFaultCode } from './store-error.ts';

export type S3Address = {
  /** URL of the server. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
};

/** How long a connection may be silent. The client itself waits for ever. */
export type S3Patience = {
  readonly silenceMs: number;
  /** While the server copies or joins parts it may have nothing to say. */
  readonly longSilenceMs: number;
};

/** Below what servers keep an idle connection for, so that we never write into one that they are closing. */
const IDLE_CONNECTION_MS = 4_000;
/** Whoever is sent an object through the API holds one for as long as they take to read; the API has places for 2,000 of them. */
const CONNECTIONS_MAX = 2_200;

/** The S3 client, over a transport that gives up on a server that accepts and never answers. */
export function createS3Client(address: S3Address, patience: S3Patience): Client {
  const url = new URL(address.endpoint);
  const useSSL = url.protocol === 'https:';
  const agent = { keepAlive: true, timeout: IDLE_CONNECTION_MS, maxSockets: CONNECTIONS_MAX };
  return new Client({
    endPoint: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    useSSL,
    region: address.region,
    accessKey: address.accessKey,
    secretKey: address.secretKey,
    transport: patientTransport(useSSL ? https : http, patience),
    transportAgent: useSSL ? new https.Agent(agent) : new http.Agent(agent),
    // Retrying is the caller's: the client would do it in silence, and only for some answers.
    retryOptions: { disableRetry: true },
  });
}

type Transport = NonNullable<ClientOptions['transport']>;
type OnResponse = (response: http.IncomingMessage) => void;

function patientTransport(base: typeof http | typeof https, patience: S3Patience): Transport {
  const request = (options: https.RequestOptions, onResponse: OnResponse): http.ClientRequest => {
    const silenceMs = isLongWork(options) ? patience.longSilenceMs : patience.silenceMs;
    let response: http.IncomingMessage | null = null;
    const sent = base.request({ ...options, timeout: silenceMs }, (received) => {
      response = received;
      const fault = clockFault(received);
      if (fault === null) {
        onResponse(received);
        return;
      }
      received.resume();
      sent.emit('error', fault);
    });
    sent.on('timeout', () => {
      // Nothing arrives where our reader is the slow one; that is not the server's silence.
      if (response !== null && response.readableLength >= response.readableHighWaterMark) {
        sent.socket?.setTimeout(silenceMs);
        return;
      }
      sent.destroy(new Error(`The server was silent for ${silenceMs / 1000} s.`));
    });
    return sent;
  };
  // The client calls it in this one of the overloads of http.request only.
  return { request: request as Transport['request'] };
}

function isLongWork(options: https.RequestOptions): boolean {
  const headers: unknown = options.headers;
  const isCopy = typeof headers === 'object' && headers !== null && 'x-amz-copy-source' in headers;
  const isJoin = options.method === 'POST' && options.path?.includes('uploadId=') === true;
  return isCopy || isJoin;
}

/** Servers take signatures that are up to 15 minutes off. */
const CLOCK_DRIFT_MS_MIN = 600_000;

/** What the client cannot tell from wrong keys where the question was HEAD: a refusal because our clock, or the server's, is wrong. */
function clockFault({ statusCode, headers }: http.IncomingMessage): Error | null {
  const driftMs = Date.now() - Date.parse(headers.date ?? '');
  if (statusCode !== 403 || !(Math.abs(driftMs) >= CLOCK_DRIFT_MS_MIN)) return null;
  const minutes = Math.round(Math.abs(driftMs) / 60_000);
  const text = `It refuses our signature, since this machine's clock is ${minutes} minutes ${driftMs > 0 ? 'ahead of' : 'behind'} its own.`;
  return Object.assign(new Error(text), { code: clockFaultCode });
}
