// All scenes' sound in a row as one stream of raw samples, read in small pieces.
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { RenderError } from '../contract/errors.ts';
import { bytesPerSample } from './render-sound.ts';

export type SceneSound = {
  /** How many samples the scene takes in the film; its file may hold more. */
  readonly samples: number;
  /** The raw file; null where the scene is silent. */
  readonly path: string | null;
};

/** Never more than this of the film's sound is in memory, beside the stream's own buffer of the same size. */
const chunkBytes = 256 * 1024;

/** Exactly the samples of all scenes; fails with ASSEMBLE_FAILED where a file is too short. */
export function sceneBus(scenes: readonly SceneSound[]): Readable {
  return Readable.from(sceneChunks(scenes), { objectMode: false, highWaterMark: chunkBytes });
}

async function* sceneChunks(scenes: readonly SceneSound[]): AsyncGenerator<Buffer> {
  for (const { path, samples } of scenes) {
    if (samples > 0) yield* path === null ? silence(samples) : recorded(path, samples);
  }
}

function* silence(samples: number): Generator<Buffer> {
  const zeros = Buffer.alloc(chunkBytes);
  for (let left = samples * bytesPerSample; left > 0; left -= chunkBytes) {
    yield zeros.subarray(0, Math.min(left, chunkBytes));
  }
}

async function* recorded(path: string, samples: number): AsyncGenerator<Buffer> {
  const wanted = samples * bytesPerSample;
  let found = 0;
  const file: AsyncIterable<Buffer> = createReadStream(path, { end: wanted - 1, highWaterMark: chunkBytes });
  for await (const chunk of file) {
    found += chunk.length;
    yield chunk;
  }
  if (found === wanted) return;
  throw new RenderError(
    'ASSEMBLE_FAILED',
    `A scene's sound has ${found / bytesPerSample} of ${samples} samples.`,
    {
      hint: 'The stored sound is damaged; the scene must be rendered again.',
    },
  );
}
