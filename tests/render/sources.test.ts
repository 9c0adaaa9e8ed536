import { randomUUID } from 'node:crypto';
// Files as people have them, from the upload's probe to the pixels of the clip: turned, stretched, with alpha, in other
// colour systems, of odd sizes. Every one must come out with the right picture, colours and number of frames.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeAsset } from '../../ffmpeg/probe-asset.ts';
import { renderPicture } from '../../ffmpeg/render-picture.ts';
import { testTools } from '../support/ffmpeg-tools.ts';
import { ffmpeg } from '../support/frame-counter.ts';
import type { LayerInput } from '../support/layer-input.ts';
import { hashOf, planOf } from '../support/plan-inputs.ts';
import { testSkipFrames } from '../support/skip-frames.ts';
import { verifyClip } from '../support/verify-clip.ts';

const canvas = { width: 128, height: 64 };
const [red, green, blue, black, white] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [0, 0, 0],
  [255, 255, 255],
] as const;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-sources-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A source made by FFmpeg: left half of one colour, right half of another, 1 s at 30 fps, then the given options. */
async function halves(
  name: string,
  options: readonly string[],
  colors: readonly [string, string] = ['red', 'blue'],
  size = '64x32',
): Promise<string> {
  const path = join(folder, name);
  const [left, right] = colors;
  const [width = 0, height = 0] = size.split('x').map(Number);
  const half = `color=c=${right}:s=${Math.floor(width / 2)}x${height}:r=30`;
  const graph = `color=c=${left}:s=${size}:r=30[a];${half}[b];[a][b]overlay=x=${Math.ceil(width / 2)}:format=gbrp,trim=end_frame=30,format=gbrp`;
  await ffmpeg(['-f', 'lavfi', '-i', graph, ...options, path]);
  return path;
}

const bt709 = [
  '-vf',
  'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p',
  '-colorspace',
  'bt709',
  '-color_range',
  'tv',
];
const x264 = ['-c:v', 'libx264', '-crf', '5', '-preset', 'ultrafast'];

type Look = (x: number, y: number) => readonly number[];

/** Probes the file, plans one scene with it over a green background, renders it, and looks at a frame in the middle. */
async function show(path: string, layer: Partial<LayerInput> = {}): Promise<Look> {
  const facts = await probeAsset(testTools, { path });
  const asset = { assetId: 'it', sha256: hashOf(path), bytes: 1, objectKey: 'assets/u/it', facts };
  const kind = facts.kind === 'image' ? 'image' : 'video';
  const whole = { type: kind, src: 'asset:it', fit: 'contain', duration: 'fill', ...layer } as LayerInput;
  const movie = {
    ...canvas,
    backgroundColor: '#00ff00',
    scenes: [{ id: 'one', duration: 0.5, layers: [whole] }],
  };
  const plan = planOf(movie, { assets: [asset] });
  const [scene] = plan.scenes;
  const planned = plan.assets[asset.sha256];
  if (scene === undefined || planned === undefined)
    throw new Error('The plan lacks the scene or its source.');
  const outputPath = `${path}.${randomUUID()}.mp4`;
  const assets = new Map([[asset.sha256, { path, asset: planned }]]);
  await renderPicture(testTools, {
    picture: scene.picture,
    output: plan.output,
    assets,
    stills: [],
    outputPath,
    skipFrames: testSkipFrames(),
    what: 'it',
  });
  await verifyClip(testTools, { path: outputPath, frames: 15, output: plan.output });
  const filter = 'select=eq(n\\,7),scale=in_color_matrix=bt709:in_range=tv,format=rgb24';
  const bytes = await ffmpeg(['-i', outputPath, '-vf', filter, '-frames:v', '1', '-f', 'rawvideo', 'pipe:1']);
  return (x, y) => [...bytes.subarray((y * canvas.width + x) * 3, (y * canvas.width + x) * 3 + 3)];
}

function expectColors(
  look: Look,
  wanted: readonly (readonly [readonly [number, number], readonly number[]])[],
  tolerance = 24,
): void {
  const found = wanted.map(([[x, y], color]) => ({ at: [x, y], color, found: look(x, y) }));
  const wrong = found.filter((entry) =>
    entry.color.some((value, index) => Math.abs(value - (entry.found[index] ?? 0)) > tolerance),
  );
  expect(wrong).toEqual([]);
}

describe('a source', () => {
  it('in the film’s own format keeps its colours to the bit of the coder', async () => {
    const look = await show(await halves('plain.mp4', [...bt709, ...x264]));
    expectColors(
      look,
      [
        [[20, 32], red],
        [[108, 32], blue],
      ],
      8,
    );
  });

  it('in BT.601, as standard-definition files are, has the same colours', async () => {
    const options = [
      '-vf',
      'scale=out_color_matrix=bt601:out_range=tv,format=yuv420p',
      '-colorspace',
      'smpte170m',
      '-color_range',
      'tv',
    ];
    expectColors(
      await show(await halves('sd.mp4', [...options, ...x264])),
      [
        [[20, 32], red],
        [[108, 32], blue],
      ],
      8,
    );
  });

  it('that does not say its colours and is small is taken for BT.601', async () => {
    const options = ['-vf', 'scale=out_color_matrix=bt601:out_range=tv,format=yuv420p', ...x264];
    expectColors(
      await show(await halves('untagged.mkv', options)),
      [
        [[20, 32], red],
        [[108, 32], blue],
      ],
      8,
    );
  });

  it('in full range is neither washed out nor crushed', async () => {
    const options = [
      '-vf',
      'scale=out_color_matrix=bt709:out_range=pc,format=yuv420p',
      '-color_range',
      'pc',
      '-colorspace',
      'bt709',
    ];
    const look = await show(await halves('full.mp4', [...options, ...x264], ['white', '0x808080']));
    expectColors(
      look,
      [
        [[20, 32], white],
        [
          [108, 32],
          [128, 128, 128],
        ],
      ],
      5,
    );
  });

  it('of 10 bits and 4:4:4 comes out right', async () => {
    const options = [
      '-vf',
      'scale=out_color_matrix=bt709:out_range=tv,format=yuv444p10le',
      '-colorspace',
      'bt709',
      '-color_range',
      'tv',
    ];
    expectColors(
      await show(await halves('deep.mkv', [...options, ...x264])),
      [
        [[20, 32], red],
        [[108, 32], blue],
      ],
      10,
    );
  });

  it('with pixels twice as wide as high is shown twice as wide', async () => {
    const options = [
      '-vf',
      'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,setsar=2',
      '-colorspace',
      'bt709',
      ...x264,
    ];
    const look = await show(await halves('wide.mp4', options, ['red', 'blue'], '64x64'));
    expectColors(look, [
      [[8, 32], red],
      [[120, 32], blue],
    ]);
  });

  it('that a phone turned stands upright', async () => {
    const flat = await halves('flat.mp4', [...bt709, ...x264]);
    const turned = join(folder, 'turned.mp4');
    await ffmpeg(['-display_rotation', '-90', '-i', flat, '-c', 'copy', turned]).catch(() =>
      ffmpeg(['-i', flat, '-c', 'copy', '-metadata:s:v', 'rotate=90', turned]),
    );
    // FFmpeg's versions disagree on which way that option turns, so a plain decode says what a player shows.
    const played = await ffmpeg([
      '-i',
      turned,
      '-frames:v',
      '1',
      '-pix_fmt',
      'rgb24',
      '-f',
      'rawvideo',
      'pipe:1',
    ]);
    expect(played).toHaveLength(32 * 64 * 3);
    const [above, below] = (played[16 * 3] ?? 0) > 128 ? [red, blue] : [blue, red];
    expectColors(await show(turned), [
      [[64, 8], above],
      [[64, 56], below],
      [[40, 32], green],
      [[88, 32], green],
    ]);
  });

  it('with alpha in VP9 lets the background through', async () => {
    const path = join(folder, 'alpha.webm');
    const graph =
      'color=c=red:s=64x32:r=30,format=yuva420p,geq=lum=lum(X\\,Y):cb=cb(X\\,Y):cr=cr(X\\,Y):a=if(lt(X\\,32)\\,0\\,255),trim=end_frame=30';
    await ffmpeg([
      '-f',
      'lavfi',
      '-i',
      graph,
      '-c:v',
      'libvpx-vp9',
      '-b:v',
      '1M',
      '-auto-alt-ref',
      '0',
      path,
    ]);
    const look = await show(path);
    expectColors(look, [[[20, 32], green]]);
    expect(look(108, 32)[0]).toBeGreaterThan(200);
  });

  it('that is a PNG with alpha and an odd size lies where it should', async () => {
    const path = join(folder, 'odd.png');
    await ffmpeg(['-f', 'lavfi', '-i', 'color=c=blue@0.5:s=31x17,format=rgba', '-frames:v', '1', path]);
    const look = await show(path, { fit: 'none', width: 31, height: 17, x: 11, y: 7, anchor: 'top-left' });
    expectColors(look, [
      [
        [26, 15],
        [0, 128, 128],
      ],
      [[4, 15], green],
      [[50, 15], green],
      [[26, 40], green],
    ]);
  });

  it('that is interlaced keeps its length and its picture', async () => {
    const options = [
      '-vf',
      'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,setfield=tff',
      '-flags',
      '+ildct+ilme',
      '-top',
      '1',
      '-colorspace',
      'bt709',
    ];
    const path = await halves('fields.mp4', [...options, '-c:v', 'mpeg2video', '-q:v', '2']).catch(() =>
      halves('fields.mkv', [
        ...options.filter((option) => option !== '-top' && option !== '1'),
        '-c:v',
        'mpeg2video',
        '-q:v',
        '2',
      ]),
    );
    expectColors(await show(path), [
      [[20, 32], red],
      [[108, 32], blue],
    ]);
  });

  it('in HDR is brought to the film’s range: white stays bright, black stays black', async () => {
    const path = join(folder, 'hdr.mp4');
    const graph =
      'color=c=black:s=64x32:r=30[a];color=c=white:s=32x32:r=30[b];[a][b]overlay=32:0,trim=end_frame=30,scale=out_color_matrix=bt2020:out_range=tv,format=yuv420p10le';
    const tags = [
      '-colorspace',
      'bt2020nc',
      '-color_trc',
      'smpte2084',
      '-color_primaries',
      'bt2020',
      '-color_range',
      'tv',
    ];
    await ffmpeg(['-f', 'lavfi', '-i', graph, ...tags, ...x264, path]);
    const look = await show(path);
    expectColors(look, [[[20, 32], black]]);
    expect(Math.min(...look(108, 32))).toBeGreaterThan(180);
  });

  it('that is cropped shows the part that is left', async () => {
    const path = await halves('crop.mp4', [...bt709, ...x264]);
    const look = await show(path, { crop: { left: 0.5 }, fit: 'fill' });
    expectColors(look, [
      [[6, 32], blue],
      [[120, 32], blue],
    ]);
  });

  it('that is mirrored and turned by a quarter shows its right half below', async () => {
    const path = await halves('mirror.mp4', [...bt709, ...x264]);
    const layer = { width: 64, height: 32, fit: 'fill' as const };
    expectColors(await show(path, { ...layer, rotation: 90 }), [
      [[64, 8], red],
      [[64, 56], blue],
    ]);
    expectColors(await show(path, { ...layer, flipH: true, rotation: 90 }), [
      [[64, 8], blue],
      [[64, 56], red],
    ]);
  });
});
