// Layers that stand still are put together once for all frames: the pictures must be those that are put together anew for each.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderPicture } from '../../ffmpeg/render-picture.ts';
import type { PictureLayer } from '../../plan-compiler/render-plan.ts';
import { makeFolder, type TestFolder, testTools } from '../support/ffmpeg-tools.ts';
import {
  clip,
  drawn,
  layeredOutput,
  makeSceneMedia,
  part,
  photo,
  type SceneMedia,
  turnedPhoto,
} from '../support/layered-scene.ts';
import { pictureHashes } from '../support/picture-likeness.ts';
import { testSkipFrames } from '../support/skip-frames.ts';

const frames = 12;
const whole = { frames };
/** Lossless, so that no difference is lost in the coding. */
const output = layeredOutput({ crf: 0, repeatsStills: false });

let folder: TestFolder;
let media: SceneMedia;
beforeAll(async () => {
  folder = await makeFolder();
  media = await makeSceneMedia(folder);
}, 60_000);
afterAll(() => folder.remove());

/** The same picture written so that nothing lasts from the first frame to the last. */
function halved(layers: readonly PictureLayer[]): PictureLayer[] {
  return layers.flatMap((layer): PictureLayer[] => {
    const isStanding = layer.kind !== 'video' && layer.fadeInFrames + layer.fadeOutFrames === 0;
    if (!isStanding || layer.frames !== frames) return [layer];
    const half = photo({ frames: frames / 2 }).frames;
    return [
      { ...layer, frames: half },
      { ...layer, frames: half, firstFrame: half },
    ];
  });
}

async function hashes(name: string, layers: readonly PictureLayer[]): Promise<string[]> {
  const outputPath = folder.path(name);
  await renderPicture(testTools, {
    picture: part(frames, layers),
    output,
    assets: media.assets,
    outputPath,
    stills: layers.filter(({ kind }) => kind === 'drawn').map(() => media.title),
    skipFrames: testSkipFrames(),
    what: name,
  });
  return pictureHashes(outputPath);
}

const pictures: Record<string, readonly PictureLayer[]> = {
  'a title on the background': [drawn(whole)],
  'a title on a picture': [photo(whole), drawn(whole)],
  'a translucent picture on the background': [photo({ frames, opacity: 0.7 }), drawn(whole)],
  'a turned, translucent picture and a translucent title': [
    photo(whole),
    turnedPhoto({ frames, opacity: 0.6 }),
    drawn({ frames, opacity: 0.5 }),
  ],
  'a picture that hides what is under it': [drawn(whole), turnedPhoto(whole), photo(whole), drawn(whole)],
  'a title that fades over what stands': [photo(whole), turnedPhoto(whole), drawn({ frames, fade: 4 })],
  'a clip over what stands': [photo(whole), drawn(whole), { ...clip(8, whole), opacity: 0.5 }],
  'what stands over a clip': [clip(8, whole), turnedPhoto({ frames, opacity: 0.8 }), drawn(whole)],
  'a title that comes later over what stands': [photo(whole), drawn({ from: 5, frames: 7 }), drawn(whole)],
  'a title that goes early': [photo(whole), drawn({ frames: 5 }), turnedPhoto(whole)],
};

describe('layers that stand still', () => {
  it.each(Object.entries(pictures))('%s', { timeout: 60_000 }, async (name, layers) => {
    const once = await hashes(`${name}.mp4`, layers);
    const anew = await hashes(`${name}-halved.mp4`, halved(layers));
    expect(once).toHaveLength(frames);
    expect(once).toEqual(anew);
  });
});
