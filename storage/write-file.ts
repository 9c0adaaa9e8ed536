import { createWriteStream } from 'node:fs';
import { link, rm } from 'node:fs/promises';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { asScratchFault } from '../contract/errors.ts';
import { measureFile } from './hash-file.ts';
import { linkOrCopy } from './link-file.ts';
import { Meter } from './meter.ts';
import type { Written } from './object-store.ts';

/**
 * Streams into a file that must not exist yet; it appears whole or not at all, and nothing partial stays behind. A full disk
 * is SCRATCH_FULL, which no caller takes for a fault of the place that the bytes come from.
 */
export async function writeNewFile(
  path: string,
  body: Readable,
  signal: AbortSignal | undefined,
): Promise<Written> {
  const temporary = `${path}.part`;
  const meter = new Meter();
  try {
    await pipeToNewFile([body, meter], temporary, signal);
    // A link, unlike a rename, never replaces a file.
    await link(temporary, path);
    return meter.written();
  } catch (error) {
    throw asScratchFault(error);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The same with the bytes of a file that is there, shared with it where the file system can. */
export async function linkNewFile(
  path: string,
  source: string,
  signal: AbortSignal | undefined,
): Promise<Written> {
  const temporary = `${path}.part`;
  try {
    await linkOrCopy(source, temporary);
    const written = await measureFile(temporary, { ...(signal && { signal }) });
    await link(temporary, path);
    return written;
  } catch (error) {
    throw asScratchFault(error);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Rejects only once the file is closed: one that a failed body left half opened could still appear after its removal. */
export async function pipeToNewFile(
  [body, meter]: readonly [Readable, Transform],
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const file = createWriteStream(path, { flags: 'wx' });
  const closed = new Promise<void>((resolve) => file.once('close', resolve));
  try {
    await pipeline(body, meter, file, { ...(signal && { signal }) });
  } catch (error) {
    await closed;
    throw error;
  }
}
