import { pbkdf2 } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pipeToNewFile, writeNewFile } from '../../../storage/write-file.ts';

const derive = promisify(pbkdf2);
/** More than Node's thread pool has by default. */
const THREADS_MAX = 16;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-write-file-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a new file', () => {
  it('appears whole', async () => {
    await writeNewFile(join(folder, 'out'), Readable.from([Buffer.from('ab'), Buffer.from('c')]), undefined);
    expect(await readFile(join(folder, 'out'), 'utf8')).toBe('abc');
    expect(await readdir(folder)).toEqual(['out']);
  });

  it('on a disk that is full is SCRATCH_FULL, and nothing of it stays', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const body = new PassThrough();
    body.write('abc');
    setTimeout(() => body.destroy(full), 20);
    await expect(writeNewFile(join(folder, 'out'), body, undefined)).rejects.toMatchObject({
      code: 'SCRATCH_FULL',
      retryable: true,
      cause: full,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not made any more once its body has failed', async () => {
    const path = join(folder, 'out.part');
    const failing = Readable.from(
      (function* () {
        throw new Error('cut');
      })(),
    );
    // While every thread is busy, the file cannot be opened; the body fails meanwhile.
    const busy = Array.from({ length: THREADS_MAX }, () => derive('a', 'b', 20_000, 32, 'sha512'));
    await expect(pipeToNewFile([failing, new PassThrough()], path, undefined)).rejects.toThrow('cut');
    rmSync(path, { force: true });
    await Promise.all([...busy, stat(folder)]);
    expect(await readdir(folder)).toEqual([]);
  });
});
