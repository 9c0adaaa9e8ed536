// Uploads in parts that nobody has completed. The client's own removal is not used: it takes the latest upload of a key, which
// may be at work, and its list asks for the parts of each, which fails where one ends meanwhile.
import type { Client } from 'minio';
import type { S3Target } from './s3-upload.ts';
import { errorCode } from './store-error.ts';

export type UploadPage = {
  readonly uploads: readonly {
    readonly key: string;
    readonly uploadId: string;
    readonly initiated: Date;
  }[];
  /** Where the next page begins; null: there is none. */
  readonly next: string | null;
};

/**
 * The page that begins after a key, or the first. The client loses the second half of a page's end, the id of its last upload: of
 * a key whose uploads go over the end of a page the rest is found by a later round.
 */
export async function pageOfUploads(client: Client, bucket: string, after: string): Promise<UploadPage> {
  const { uploads, isTruncated, nextKeyMarker } = await client.listIncompleteUploadsQuery(
    bucket,
    '',
    after,
    '',
    '',
  );
  // One that does not move on would be asked for ever.
  return { uploads, next: isTruncated && nextKeyMarker !== after ? nextKeyMarker : null };
}

/** Removes its parts; false where it has ended meanwhile. */
export async function dropUpload({ client, bucket, key }: S3Target, uploadId: string): Promise<boolean> {
  try {
    await client.abortMultipartUpload(bucket, key, uploadId);
    return true;
  } catch (error) {
    if (errorCode(error) === 'NoSuchUpload') return false;
    throw error;
  }
}
