import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEvents, type ServerEvent } from '../../../cli/event-stream.ts';

async function eventsOf(chunks: readonly Uint8Array[]): Promise<ServerEvent[]> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of readEvents(stream)) events.push(event);
  return events;
}

const text =
  'retry: 2000\n\n: still here\n\nid: 3\nevent: progress\ndata: {"a":\ndata: "é 日本"}\n\ndata:last\n\n';
const expected = [
  { id: '3', name: 'progress', data: '{"a":\n"é 日本"}' },
  { id: null, name: 'message', data: 'last' },
];

test('comments and empty events are passed over, data lines are joined', async () => {
  expect(await eventsOf([Buffer.from(text)])).toEqual(expected);
});

test('it does not matter where the network cuts, nor how lines end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(200), { maxLength: 8 }),
      fc.constantFrom('\n', '\r\n'),
      async (cuts, lineEnd) => {
        const bytes = Buffer.from(text.replaceAll('\n', lineEnd));
        const places = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, at) => bytes.subarray(places[at], end));
        expect(await eventsOf(chunks)).toEqual(expected);
      },
    ),
  );
});

test('an event that is not whole when the stream ends is not given', async () => {
  expect(await eventsOf([Buffer.from('data: one\n\ndata: tw')])).toEqual([
    { id: null, name: 'message', data: 'one' },
  ]);
});
