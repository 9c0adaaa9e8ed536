import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 of a file in lower-case hex, read as a stream. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { ...(signal && { signal }) }) as AsyncIterable<Buffer>)
    hash.update(chunk);
  return hash.digest('hex');
}
