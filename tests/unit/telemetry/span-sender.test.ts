import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Span } from '../../../telemetry/span.ts';
import { SPANS_WAITING_MAX, SpanSender } from '../../../telemetry/span-sender.ts';

/** A collector that answers when it is told to, and counts. */
let collector: Server;
let endpoint: string;
let answers: ServerResponse[];
let received: number[];
let atOnce: number;

beforeEach(async () => {
  [answers, received, atOnce] = [[], [], 0];
  collector = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      received.push(text.split('"traceId"').length - 1);
      answers.push(response);
      atOnce = Math.max(atOnce, answers.length);
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`;
});
afterEach(() => {
  vi.useRealTimers();
  collector.closeAllConnections();
  collector.close();
});

const span: Span = {
  traceId: '1'.repeat(32),
  spanId: '2'.repeat(16),
  parentSpanId: null,
  name: 'run',
  kind: 'internal',
  startMs: 1,
  endMs: 2,
  attributes: {},
  error: null,
};
const open = () => new SpanSender({ endpoint, headers: 'x-key=a-secret', service: 'test' });
const sendMany = (sender: SpanSender, count: number): void => {
  for (let sent = 0; sent < count; sent += 1) sender.send(span);
};
const answerOne = async (): Promise<void> => {
  await vi.waitFor(() => expect(answers).toHaveLength(1), { timeout: 5_000 });
  answers.shift()?.end();
};

describe('spans for a collector that is slow', () => {
  it('wait up to a bound, one bundle is under way, and what is more is dropped', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const sender = open();
    sendMany(sender, 300);
    vi.advanceTimersToNextTimer();
    vi.useRealTimers();
    await vi.waitFor(() => expect(received).toEqual([200]), { timeout: 5_000 });
    // 100 are left; the collector has not answered yet.
    sendMany(sender, SPANS_WAITING_MAX * 3);
    const closed = sender.close();
    for (let bundle = 0; bundle < 1 + SPANS_WAITING_MAX / 200; bundle += 1) await answerOne();
    await closed;
    expect(received.reduce((sum, count) => sum + count, 0)).toBe(200 + SPANS_WAITING_MAX);
    expect(atOnce).toBe(1);
  });

  it('hold up the end of the process for a bounded time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const sender = open();
    sendMany(sender, 1_000);
    const closed = sender.close();
    await vi.advanceTimersByTimeAsync(5_000);
    await closed;
    expect(received.length).toBeLessThanOrEqual(1);
  });
});

describe('a collector that sends us on', () => {
  it('is not followed, since the headers may hold a key', async () => {
    const sender = open();
    sender.send(span);
    const closed = sender.close();
    await vi.waitFor(() => expect(answers).toHaveLength(1), { timeout: 5_000 });
    answers
      .shift()
      ?.writeHead(307, { location: `${endpoint}elsewhere` })
      .end();
    await closed;
    expect(received).toHaveLength(1);
  });
});
