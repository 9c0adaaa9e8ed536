import type { Settings } from '../contract/settings.ts';
import { FileStore } from './file-store.ts';
import type { ObjectStore } from './object-store.ts';

/** The store that the settings name: an S3 server, else a folder. Nothing is asked of it yet. */
export async function createStore(settings: Settings): Promise<ObjectStore> {
  if (settings.S3_ENDPOINT !== '') {
    // Its client is 20 MB in memory, which a folder does not need.
    const { S3Store } = await import('./s3-store.ts');
    return new S3Store({
      endpoint: settings.S3_ENDPOINT,
      region: settings.S3_REGION,
      bucket: settings.S3_BUCKET,
      accessKey: settings.S3_ACCESS_KEY,
      secretKey: settings.S3_SECRET_KEY,
    });
  }
  if (settings.STORE_DIR === '') throw new Error('Set STORE_DIR to a folder or S3_ENDPOINT to an S3 server.');
  return new FileStore(settings.STORE_DIR);
}
