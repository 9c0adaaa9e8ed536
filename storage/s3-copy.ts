import { CopyDestinationOptions, CopySourceOptions } from 'minio';
import { type S3Target, withMultipart } from './s3-upload.ts';

export type CopyBounds = {
  /** What S3 copies in one call. */
  readonly copyBytesMax: number;
  /** How much of a larger object is copied at a time. */
  readonly partBytes: number;
};

export const defaultCopyBounds: CopyBounds = { copyBytesMax: 5_000_000_000, partBytes: 1_000_000_000 };

/**
 * Copies inside the server. Above the bound in parts of our own making: the client's composeObject gives every part
 * of one source the same number and range.
 */
export async function copyObject(
  target: S3Target,
  source: { readonly key: string; readonly bytes: number },
  { copyBytesMax, partBytes, signal }: CopyBounds & { readonly signal: AbortSignal | undefined },
): Promise<void> {
  const { client, bucket, key } = target;
  if (source.bytes <= copyBytesMax) {
    const from = new CopySourceOptions({ Bucket: bucket, Object: source.key });
    await client.copyObject(from, new CopyDestinationOptions({ Bucket: bucket, Object: key }));
    return;
  }
  const stat = await client.statObject(bucket, source.key);
  const contentType = contentTypeOf(stat.metaData);
  await withMultipart(target, { 'Content-Type': contentType }, async (sendPart) => {
    for (let start = 0; start < source.bytes; start += partBytes) {
      signal?.throwIfAborted();
      const end = Math.min(start + partBytes, source.bytes) - 1;
      await sendPart({
        'x-amz-copy-source': `${bucket}/${source.key}`,
        'x-amz-copy-source-range': `bytes=${start}-${end}`,
        // Of the object as it was looked at: one that is replaced meanwhile must not be mixed in.
        'x-amz-copy-source-if-match': stat.etag,
      });
    }
  });
}

function contentTypeOf(metaData: Readonly<Record<string, unknown>>): string {
  const value = metaData['content-type'];
  return typeof value === 'string' ? value : 'application/octet-stream';
}
