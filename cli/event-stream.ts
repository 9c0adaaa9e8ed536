export type ServerEvent = { readonly id: string | null; readonly name: string; readonly data: string };

/** Longer than two heartbeats of the server: a stream silent for so long is dead. */
const silenceMsMax = 40_000;
/** Our events are a few kilobytes. */
const eventCharsMax = 4_000_000;

/** Reads server-sent events (WHATWG) from a body; throws where the stream breaks, stalls or does not speak the format. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await readOrStall(reader);
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = splitBlocks(text);
      text = blocks.rest;
      if (text.length > eventCharsMax) throw new Error('An event of the server is too long.');
      yield* blocks.whole.map(parseBlock).filter((event) => event.data !== '');
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Events end at an empty line; what follows the last one is not whole yet. Servers end lines with LF or CR LF. */
function splitBlocks(text: string): { readonly whole: readonly string[]; readonly rest: string } {
  const blocks = text.replaceAll('\r\n', '\n').split('\n\n');
  const rest = blocks.pop() ?? '';
  return { whole: blocks, rest };
}

function parseBlock(block: string): ServerEvent {
  const lines = block.split('\n').map((line) => /^([^:]+):? ?(.*)$/.exec(line));
  const valuesOf = (field: string): readonly string[] =>
    lines.filter((line) => line?.[1] === field).map((line) => line?.[2] ?? '');
  return {
    id: valuesOf('id').at(-1) ?? null,
    name: valuesOf('event').at(-1) ?? 'message',
    data: valuesOf('data').join('\n'),
  };
}

async function readOrStall(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<{ done: boolean; value?: Uint8Array | undefined }> {
  let timer: NodeJS.Timeout | undefined;
  const stall = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('The server fell silent.')), silenceMsMax);
  });
  try {
    return await Promise.race([reader.read(), stall]);
  } finally {
    clearTimeout(timer);
  }
}
