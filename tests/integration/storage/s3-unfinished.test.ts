// Uploads that were broken off, as a server tells of them. Made up here: MinIO names none without being given their key.
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { S3Store } from '../../../storage/s3-store.ts';

type Upload = { readonly key: string; readonly uploadId: string; readonly initiated: Date };

const pageSize = 2;
const old = new Date('2026-01-01T00:00:00.000Z');
const young = new Date('2026-01-02T00:00:00.000Z');
const before = new Date('2026-01-01T12:00:00.000Z');

let server: Server;
let uploads: readonly Upload[];
/** Those that end between the list and the removal. */
let ended: ReadonlySet<string>;
let dropped: string[];

beforeEach(async () => {
  [uploads, ended, dropped] = [[], new Set(), []];
  server = createServer((request, response) => {
    const { searchParams, pathname } = new URL(request.url ?? '', 'http://store');
    const uploadId = searchParams.get('uploadId');
    if (request.method === 'DELETE' && uploadId !== null) {
      const isThere = !ended.has(uploadId);
      if (isThere) dropped.push(`${pathname} ${uploadId}`);
      response.writeHead(isThere ? 204 : 404).end(isThere ? '' : '<Error><Code>NoSuchUpload</Code></Error>');
    } else if (searchParams.has('uploads')) response.end(page(searchParams.get('key-marker') ?? ''));
    else response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** In the order of keys, those after the one given. */
function page(marker: string): string {
  const following = uploads.filter(({ key }) => key > marker);
  const shown = following.slice(0, pageSize);
  const last = shown.at(-1);
  const entries = shown.map(
    ({ key, uploadId, initiated }) =>
      `<Upload><Key>${key}</Key><UploadId>${uploadId}</UploadId><Initiated>${initiated.toISOString()}</Initiated></Upload>`,
  );
  return `<?xml version="1.0"?><ListMultipartUploadsResult>
    <IsTruncated>${String(following.length > pageSize)}</IsTruncated>
    <NextKeyMarker>${last?.key ?? ''}</NextKeyMarker><NextUploadIdMarker>${last?.uploadId ?? ''}</NextUploadIdMarker>
    ${entries.join('')}</ListMultipartUploadsResult>`;
}

function store(): S3Store {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const endpoint = `http://127.0.0.1:${address.port}`;
  return new S3Store({
    endpoint,
    region: 'us-east-1',
    bucket: 'films',
    accessKey: 'k',
    secretKey: 'a secret',
  });
}

describe('uploads that were broken off', () => {
  it('are removed by their own id: a younger one of the same key goes on', async () => {
    uploads = [
      { key: 'cache/scenes/a.mp4', uploadId: 'stale', initiated: old },
      { key: 'cache/scenes/a.mp4', uploadId: 'at-work', initiated: young },
    ];
    expect(await store().removeUnfinished(before)).toBe(1);
    expect(dropped).toEqual(['/films/cache/scenes/a.mp4 stale']);
  });

  it('are found on every page, and one that has ended meanwhile is no fault', async () => {
    uploads = Array.from({ length: 5 }, (_, number) => ({
      key: `assets/u/${number}`,
      uploadId: `id-${number}`,
      initiated: old,
    }));
    ended = new Set(['id-2']);
    expect(await store().removeUnfinished(before)).toBe(4);
    expect(dropped).toHaveLength(4);
    expect(dropped.at(-1)).toBe('/films/assets/u/4 id-4');
  });

  it('are none', async () => {
    expect(await store().removeUnfinished(before)).toBe(0);
  });
});
