import { createWriteStream } from 'node:fs';
import { link, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Meter } from './meter.ts';
import type { Written } from './object-store.ts';

/** Streams into a file that must not exist yet; it appears whole or not at all, and nothing partial stays behind. */
export async function writeNewFile(
  path: string,
  body: Readable,
  signal: AbortSignal | undefined,
): Promise<Written> {
  const temporary = `${path}.part`;
  const meter = new Meter();
  try {
    await pipeline(body, meter, createWriteStream(temporary, { flags: 'wx' }), { ...(signal && { signal }) });
    // A link, unlike a rename, never replaces a file.
    await link(temporary, path);
    return meter.written();
  } finally {
    await rm(temporary, { force: true });
  }
}
