import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { errorMessage } from '../../contract/errors.ts';
import { type ConnectOptions, connectChecked } from './checked-socket.ts';

/** Of an answer; what comes after it is not read. */
const ANSWER_BYTES_MAX = 64 * 1024;
const ERROR_CHARACTERS_MAX = 300;

export type PostedEvent = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type PostOptions = ConnectOptions & {
  /** From looking up the host to the end of the answer. */
  readonly deadlineMs: number;
};

export type PostOutcome = {
  readonly durationMs: number;
  /** Of the answer; null where there was none. */
  readonly httpStatus: number | null;
  /** Null where the event was accepted. */
  readonly error: string | null;
};

/** One try to hand over an event, bounded in time and size. Never throws; redirects are answers like any other. */
export async function postEvent(event: PostedEvent, options: PostOptions): Promise<PostOutcome> {
  const startedMs = performance.now();
  const deadline = AbortSignal.timeout(options.deadlineMs);
  const signal = AbortSignal.any([deadline, options.signal]);
  const ended = (httpStatus: number | null, error: string | null): PostOutcome => ({
    durationMs: Math.round(performance.now() - startedMs),
    httpStatus,
    error: error?.slice(0, ERROR_CHARACTERS_MAX) ?? null,
  });
  try {
    const status = await post(event, { ...options, signal });
    return ended(status, refusalOf(status));
  } catch (error) {
    const isLate = deadline.aborted && !options.signal.aborted;
    return ended(null, isLate ? `No answer within ${options.deadlineMs / 1000} s.` : errorMessage(error));
  }
}

function refusalOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  const isRedirect = status >= 300 && status < 400;
  return `The receiver answered ${status}.${isRedirect ? ' Redirects are not followed.' : ''}`;
}

async function post({ url, headers, body }: PostedEvent, options: PostOptions): Promise<number> {
  const socket = await connectChecked(url, options);
  try {
    const request = httpRequest({
      method: 'POST',
      path: `${url.pathname}${url.search}`,
      headers: { ...headers, host: url.host, connection: 'close' },
      createConnection: () => socket,
      signal: options.signal,
    });
    request.end(body);
    const answer = await answerTo(request, options.signal);
    await readAway(answer);
    return answer.statusCode ?? 0;
  } finally {
    socket.destroy();
  }
}

async function answerTo(request: ClientRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const answered = once(request, 'response', { signal });
  // An error after the answer has nobody else to hear it.
  request.on('error', () => undefined);
  // The only thing that the event carries.
  const [answer] = (await answered) as [IncomingMessage];
  return answer;
}

/** So that a receiver which writes an answer sees it taken. The status has decided already, so nothing here is a failure. */
async function readAway(answer: IncomingMessage): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes >= ANSWER_BYTES_MAX) return;
    }
  } catch {
    // Cut off, or past the deadline.
  }
}
