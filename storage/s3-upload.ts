// Uploads in parts. The client's own putObject is not used for them: it goes on with an unfinished upload of the
// same key, so two attempts at once would mix their parts, and it hangs when the source stream fails.
import type { Client } from 'minio';

export type S3Target = { readonly client: Client; readonly bucket: string; readonly key: string };

export type UploadOptions = {
  readonly contentType: string;
  /** Null where it is not known before the end. */
  readonly bytes: number | null;
  readonly signal: AbortSignal | undefined;
};

const PART_BYTES = 8 * 1024 * 1024;
/** S3's bound. */
const PARTS_MAX = 10_000;

type Part = { readonly part: number; readonly etag: string };

/** Sends a stream, holding one part in memory. Nothing is visible before the end, and no part stays behind after a failure. */
export async function uploadStream(
  target: S3Target,
  body: AsyncIterable<Buffer>,
  options: UploadOptions,
): Promise<void> {
  const headers = { 'Content-Type': options.contentType };
  const parts = splitIntoParts(body, partBytes(options.bytes))[Symbol.asyncIterator]();
  const first = await parts.next();
  const second = await parts.next();
  if (second.done === true) {
    const whole = first.done === true ? Buffer.alloc(0) : first.value;
    options.signal?.throwIfAborted();
    await target.client.putObject(target.bucket, target.key, whole, whole.length, headers);
    return;
  }
  await withMultipart(target, headers, async (sendPart) => {
    if (first.done !== true) await sendPart({}, first.value);
    await sendPart({}, second.value);
    for (let next = await parts.next(); next.done !== true; next = await parts.next()) {
      options.signal?.throwIfAborted();
      await sendPart({}, next.value);
    }
  });
}

type SendPart = (headers: Readonly<Record<string, string>>, payload?: Buffer) => Promise<void>;

/** Opens an upload of our own, lets parts be sent in order, and completes it; on failure all parts are dropped. */
export async function withMultipart(
  { client, bucket, key }: S3Target,
  headers: Readonly<Record<string, string>>,
  send: (sendPart: SendPart) => Promise<void>,
): Promise<void> {
  const uploadId = await client.initiateNewMultipartUpload(bucket, key, { ...headers });
  const sent: Part[] = [];
  try {
    await send(async (partHeaders, payload) => {
      const partNumber = sent.length + 1;
      if (partNumber > PARTS_MAX) throw new Error(`An object cannot have more than ${PARTS_MAX} parts.`);
      const place = { bucketName: bucket, objectName: key, uploadID: uploadId, partNumber };
      const answer = await client.uploadPart({ ...place, headers: { ...partHeaders } }, payload);
      sent.push({ part: partNumber, etag: answer.etag });
    });
    await client.completeMultipartUpload(bucket, key, uploadId, sent);
  } catch (error) {
    // The failure is what the caller must hear of; a part that cannot be dropped now is the server's to expire.
    await client.abortMultipartUpload(bucket, key, uploadId).catch(() => undefined);
    throw error;
  }
}

function partBytes(bytes: number | null): number {
  return bytes === null ? PART_BYTES : Math.max(PART_BYTES, Math.ceil(bytes / PARTS_MAX));
}

async function* splitIntoParts(body: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer, void> {
  let gathered: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    let rest = chunk;
    while (bytes + rest.length >= size) {
      const taken = size - bytes;
      yield Buffer.concat([...gathered, rest.subarray(0, taken)]);
      rest = rest.subarray(taken);
      gathered = [];
      bytes = 0;
    }
    if (rest.length === 0) continue;
    gathered.push(rest);
    bytes += rest.length;
  }
  if (bytes > 0) yield Buffer.concat(gathered);
}
