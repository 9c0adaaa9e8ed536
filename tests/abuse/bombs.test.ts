// A12: sources whose times, sizes or rates are bombs. What is rendered of them is what the plan says, within seconds.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeAsset } from '../../ffmpeg/probe-asset.ts';
import { renderPicture } from '../../ffmpeg/render-picture.ts';
import { decodeMedia, makeFolder, makeMedia, type TestFolder, testTools } from '../support/ffmpeg-tools.ts';
import { hashOf, planOf } from '../support/plan-inputs.ts';
import { testSkipFrames } from '../support/skip-frames.ts';

const frames = 30;
const skipFrames = testSkipFrames();
/** Beside other tests on two cores; unbounded, the first takes more than a minute. */
const renderMsMax = 10_000;

let folder: TestFolder;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => folder.remove());

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'] as const;
const bombs: readonly (readonly [title: string, name: string, recipe: readonly string[]])[] = [
  [
    'two pictures ten hours apart',
    'gap.mkv',
    ['-i', 'testsrc2=size=64x36:rate=25:duration=0.08', '-vf', 'setpts=N*36000/TB'],
  ],
  ['a picture a second in 4K', 'slow.mp4', ['-i', 'testsrc2=size=3840x2160:rate=1:duration=2']],
  [
    'sixty pictures a second at uneven times',
    'uneven.mp4',
    ['-i', 'testsrc2=size=64x36:rate=60:duration=2', '-vf', 'setpts=PTS+mod(N\\,3)*0.004/TB'],
  ],
  [
    'a thousand pictures a second',
    'fast.mp4',
    ['-i', 'testsrc2=size=64x36:rate=1000:duration=2', '-video_track_timescale', '1000'],
  ],
];

describe('A12 · a bomb', () => {
  it.each(bombs)('of %s is rendered within its bounds or refused', async (_title, name, recipe) => {
    const path = folder.path(name);
    await makeMedia('-f', 'lavfi', ...recipe, ...h264, path);
    const begin = performance.now();
    await render(path).catch((error: unknown) => {
      expect(error).toMatchObject({
        code: expect.stringMatching(/ASSET_INVALID|SCENE_RENDER_FAILED/) as string,
      });
    });
    expect(performance.now() - begin).toBeLessThan(renderMsMax);
  });
});

/** One second of it, small, and every frame of that. */
async function render(path: string): Promise<void> {
  const facts = await probeAsset(testTools, { path });
  const asset = { assetId: 'bomb', sha256: hashOf(path), bytes: 1, objectKey: 'assets/u/bomb', facts };
  const layer = { type: 'video', src: 'asset:bomb', fit: 'cover', duration: 'fill' } as const;
  const movie = { width: 64, height: 36, fps: 30, scenes: [{ id: 'one', duration: 1, layers: [layer] }] };
  const plan = planOf(movie, { assets: [asset] });
  const [scene, planned] = [plan.scenes[0], plan.assets[asset.sha256]];
  if (scene === undefined || planned === undefined)
    throw new Error('The plan lacks the scene or its source.');
  const outputPath = `${path}.out.mp4`;
  const assets = new Map([[asset.sha256, { path, asset: planned }]]);
  const { picture } = scene;
  const { output } = plan;
  await renderPicture(testTools, {
    picture,
    output,
    assets,
    stills: [],
    outputPath,
    skipFrames,
    what: 'bomb',
  });
  const pixels = await decodeMedia('-i', outputPath, '-f', 'rawvideo', '-pix_fmt', 'gray');
  expect(pixels.length).toBe(frames * 64 * 36);
}
