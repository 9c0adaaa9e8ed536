// A file and an address that nothing may touch, and the proof that nothing did.

import { once } from 'node:events';
import { mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { makeMedia } from '../support/ffmpeg-tools.ts';

export type Canary = {
  /** A transport stream outside of every scratch folder. */
  readonly path: string;
  /** The same from a folder beside it. */
  readonly relativePath: string;
  /** A server on loopback. */
  readonly url: string;
  /** How often somebody called the address. */
  visits(): number;
  /** Whether the file was read since it was made or last asked. */
  wasRead(): Promise<boolean>;
  remove(): Promise<void>;
};

/** Read and written at the same old moment: the next reading moves the first of the two times. */
const longAgo = new Date('2020-01-01T00:00:00Z');

export async function placeCanary(): Promise<Canary> {
  const folder = await mkdtemp(join(tmpdir(), 'scenemill-canary-'));
  const path = join(folder, 'canary.ts');
  await makeMedia(
    '-f',
    'lavfi',
    '-i',
    'color=magenta:size=64x36:rate=25:duration=1',
    '-c:v',
    'mpeg2video',
    path,
  );
  let visits = 0;
  const server = createServer((_request, response) => {
    visits += 1;
    response.end();
  });
  const port = await listen(server);
  await utimes(path, longAgo, longAgo);
  return {
    path,
    relativePath: `../${basename(folder)}/canary.ts`,
    url: `http://127.0.0.1:${port}`,
    visits: () => visits,
    wasRead: async () => {
      const { atimeMs } = await stat(path);
      await utimes(path, longAgo, longAgo);
      return atimeMs !== longAgo.getTime();
    },
    remove: async () => {
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
