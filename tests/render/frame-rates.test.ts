// A picture that is repeated has a rate of its own, which FFmpeg believes: no frame may be shown twice or left out for it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderPicture } from '../../ffmpeg/render-picture.ts';
import type { FrameRate, OutputSpec, PictureLayer } from '../../plan-compiler/render-plan.ts';
import { makeFolder, type TestFolder, testTools } from '../support/ffmpeg-tools.ts';
import {
  drawn,
  layeredOutput,
  makeSceneMedia,
  part,
  photo,
  type SceneMedia,
} from '../support/layered-scene.ts';
import { pictureHashes } from '../support/picture-likeness.ts';
import { testSkipFrames } from '../support/skip-frames.ts';

let folder: TestFolder;
let media: SceneMedia;
beforeAll(async () => {
  folder = await makeFolder();
  media = await makeSceneMedia(folder);
}, 60_000);
afterAll(() => folder.remove());

const frames = 20;

/** Fills a canvas of so many pixels, and comes closer with every frame. */
function closingIn(size: { readonly width: number; readonly height: number }): PictureLayer {
  const still = photo({ frames });
  if (still.kind !== 'image') throw new Error('A photo is an image.');
  const { framing } = still;
  return {
    ...still,
    framing: {
      ...framing,
      scaledWidth: size.width,
      scaledHeight: size.height,
      cut: { x: 0, y: 0, ...size },
    },
    motion: {
      from: { x: 0, y: 0, width: 1, height: 1 },
      to: { x: 0.35, y: 0.35, width: 0.3, height: 0.3 },
      easing: 'linear',
    },
  };
}

const small = { width: 640, height: 360 };
/** Large enough for a slow move to be made in strips. */
const large = { width: 1280, height: 720 };

const grounds: Record<string, { size: typeof small; layers: readonly PictureLayer[] }> = {
  'a slow move': { size: small, layers: [closingIn(small)] },
  'a slow move in strips': { size: large, layers: [closingIn(large)] },
  'a title that fades in over a photo': {
    size: small,
    layers: [photo({ frames }), drawn({ frames: 200, fade: 60 })],
  },
};

const rates: readonly FrameRate[] = [
  { num: 60, den: 1 },
  { num: 24_000, den: 1001 },
  { num: 7, den: 1 },
];

describe('every frame is shown once', () => {
  it.each(Object.entries(grounds))('of %s', { timeout: 60_000 }, async (name, { size, layers }) => {
    for (const fps of rates) {
      // Without losses, so that a frame that is shown twice is the very same.
      const output: OutputSpec = { ...layeredOutput({ crf: 0 }), ...size, fps };
      const outputPath = folder.path(`${name.replaceAll(' ', '-')}-${fps.num}.mp4`);
      await renderPicture(testTools, {
        picture: part(frames, layers),
        output,
        assets: media.assets,
        stills: [media.title],
        outputPath,
        skipFrames: testSkipFrames(),
        what: name,
      });
      const hashes = await pictureHashes(outputPath);
      expect(hashes).toHaveLength(frames);
      expect(new Set(hashes).size, `${fps.num}/${fps.den}`).toBe(frames);
    }
  });
});
