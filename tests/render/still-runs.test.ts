// Pictures that stand still are encoded for a moment and repeated: the film must not show it.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderPicture } from '../../ffmpeg/render-picture.ts';
import { SkipFrameMaker, type SkipFrames } from '../../ffmpeg/skip-frames.ts';
import { encodedFrames, pictureRuns } from '../../plan-compiler/picture-runs.ts';
import type { OutputSpec, PicturePlan } from '../../plan-compiler/render-plan.ts';
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
import { pictureTimes } from '../support/packets.ts';
import { frameLikeness, pictureHashes } from '../support/picture-likeness.ts';
import { testSkipFrames } from '../support/skip-frames.ts';
import { verifyClip } from '../support/verify-clip.ts';

const skipFrames = testSkipFrames();
let folder: TestFolder;
let media: SceneMedia;
beforeAll(async () => {
  folder = await makeFolder();
  media = await makeSceneMedia(folder);
}, 60_000);
afterAll(() => folder.remove());

type Shown = {
  readonly picture: PicturePlan;
  readonly encoded: number;
  readonly rate?: '30' | '7' | 'ntsc';
  readonly gop?: number;
};

/** What is shown and how many of its frames are encoded; at this size repeating is worth its while from 288 frames on. */
const parts: Record<string, Shown> = {
  'a plain background': { picture: part(320, []), encoded: 16 },
  'a title on a picture': {
    picture: part(330, [photo({ frames: 330 }), drawn({ frames: 330 })]),
    encoded: 16,
    rate: 'ntsc',
  },
  'a title that fades in and out': {
    picture: part(400, [photo({ frames: 400 }), drawn({ frames: 400, fade: 15 })]),
    encoded: 15 + 16 + 2 + 15,
    rate: '7',
  },
  'a title that comes and goes at once': {
    picture: part(500, [photo({ frames: 500 }), drawn({ from: 160, frames: 170 })]),
    encoded: 16 + 16 + 10 + 16,
  },
  'two titles, the second after the first': {
    picture: part(500, [
      photo({ frames: 500 }),
      drawn({ frames: 176 }),
      drawn({ from: 176, frames: 324, opacity: 0.9 }),
    ]),
    encoded: 16 + 16,
  },
  'a clip that stops and stands': {
    picture: part(400, [clip(50, { frames: 400 }), drawn({ from: 20, frames: 380 })]),
    encoded: 49 + 16,
  },
  'a clip after a long still': {
    picture: part(420, [photo({ frames: 420 }), clip(60, { from: 350, frames: 60 })]),
    encoded: 16 + 14 + 60 + 10,
  },
  'a still longer than key frames may be apart': {
    picture: part(500, [photo({ frames: 500 }), drawn({ frames: 500, fade: 10 })]),
    encoded: 10 + 4 * 16 + 20,
    gop: 120,
  },
  'turned and translucent layers': {
    picture: part(400, [
      photo({ frames: 400 }),
      turnedPhoto({ frames: 400, opacity: 0.6 }),
      drawn({ from: 30, frames: 370, opacity: 0.5 }),
    ]),
    encoded: 16 + 14 + 16,
  },
  'a clip and a title hidden under a picture': {
    picture: part(400, [clip(40, { frames: 400 }), drawn({ frames: 100 }), photo({ frames: 400 })]),
    encoded: 39 + 16 + 13 + 16,
  },
  'the second part of a scene, whose layers began in the first': {
    picture: part(400, [
      clip(30, { from: -100, frames: 500 }),
      turnedPhoto({ from: -400, frames: 1000, fade: 20 }),
      drawn({ from: -10, frames: 700, fade: 25 }),
    ]),
    encoded: 29 + 16,
  },
};

async function render(name: string, picture: PicturePlan, output: OutputSpec): Promise<string> {
  const outputPath = folder.path(`${name.replaceAll(' ', '_')}.mp4`);
  const stills = picture.layers
    .filter(({ kind }) => kind === 'drawn')
    .map((_, index) => (index % 2 === 0 ? media.title : media.secondTitle));
  const { assets } = media;
  await renderPicture(testTools, { picture, output, assets, stills, outputPath, skipFrames, what: name });
  await verifyClip(testTools, { path: outputPath, frames: picture.frames, output });
  return outputPath;
}

/** Positions of the key frames. */
async function keyFrames(path: string): Promise<number[]> {
  const entries = ['-select_streams', 'v:0', '-show_entries', 'packet=flags', '-of', 'csv=p=0'];
  const { stdout } = await promisify(execFile)(testTools.ffprobePath, ['-v', 'error', ...entries, path]);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.flatMap((flags, index) => (flags.startsWith('K') ? [index] : []));
}

describe('a part with still stretches', () => {
  it.each(Object.entries(parts))('%s', { timeout: 60_000 }, async (name, { picture, encoded, ...format }) => {
    const output = layeredOutput(format);
    expect(encodedFrames(pictureRuns(picture, output))).toBe(encoded);
    expect(await skipFrames.forFormat(output)).not.toBeNull();
    const repeated = await render(name, picture, output);
    const every = await render(
      `${name} every frame`,
      picture,
      layeredOutput({ ...format, repeatsStills: false }),
    );
    // Times on the grid, as many as planned (verifyClip), and every one of them decodes.
    expect(await pictureHashes(repeated)).toHaveLength(picture.frames);
    const { ticks } = await pictureTimes(repeated);
    expect(ticks).toEqual((await pictureTimes(every)).ticks);
    const likeness = await frameLikeness(repeated, every);
    expect(likeness).toHaveLength(picture.frames);
    expect(Math.min(...likeness)).toBeGreaterThan(0.99);
    const keys = [...(await keyFrames(repeated)), picture.frames];
    const distances = keys.slice(1).map((key, index) => key - (keys[index] ?? 0));
    expect(keys[0]).toBe(0);
    expect(Math.max(...distances)).toBeLessThanOrEqual(output.video.gopFrames);
  });

  it('does not change at all while it stands', { timeout: 60_000 }, async () => {
    const picture = part(400, [photo({ frames: 400 }), drawn({ frames: 400, fade: 15 })]);
    const hashes = await pictureHashes(await render('standing', picture, layeredOutput()));
    // The frames that are repeated: behind 15 that fade and 16 that settle, a whole number of cycles.
    expect(new Set(hashes.slice(15 + 15, 15 + 16 + 352)).size).toBe(1);
    expect(new Set(hashes).size).toBeGreaterThan(30);
  });
});

/** Gives what the encoder of the stream did not make. */
class FixedSkipFrames extends SkipFrameMaker {
  readonly #given: SkipFrames | null;

  constructor(given: SkipFrames | null) {
    super(testTools, () => Promise.reject(new Error('Nothing is made here.')));
    this.#given = given;
  }

  override forFormat(): Promise<SkipFrames | null> {
    return Promise.resolve(this.#given);
  }
}

describe('a part that cannot be repeated', () => {
  const picture = part(320, []);
  const output = layeredOutput();
  const request = (maker: SkipFrameMaker, name: string) => ({
    picture,
    output,
    stills: [],
    skipFrames: maker,
    what: 'scene one',
    assets: media.assets,
    outputPath: folder.path(name),
  });

  it('is encoded frame by frame where the encoder is not as it has to be', async () => {
    const path = folder.path('fallback.mp4');
    await renderPicture(testTools, request(new FixedSkipFrames(null), 'fallback.mp4'));
    await verifyClip(testTools, { path, frames: 320, output });
    const every = await render('fallback every frame', picture, layeredOutput({ repeatsStills: false }));
    expect(await pictureHashes(path)).toEqual(await pictureHashes(every));
  });

  it('fails with advice where the stream has other settings than the repeated pictures', async () => {
    const other = await skipFrames.forFormat({ ...output, width: 320 });
    const rendering = renderPicture(testTools, request(new FixedSkipFrames(other), 'other.mp4'));
    await expect(rendering).rejects.toMatchObject({
      code: 'SCENE_RENDER_FAILED',
      hint: expect.stringContaining('REPEAT_STILLS=off') as unknown,
    });
  });
});
