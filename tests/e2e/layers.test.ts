// Every layer type through the whole product, looked at in the finished film.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderFilm, upload } from '../support/film-client.ts';
import { ffmpeg, writeCounterVideo } from '../support/frame-counter.ts';
import type { LayerInput } from '../support/layer-input.ts';
import { decodeSound } from '../support/packets.ts';

const size = { width: 160, height: 90 };
let folder = '';
let green = '';
let tone = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-layers-'));
  await ffmpeg([
    '-f',
    'lavfi',
    '-i',
    'color=c=0x00c040:s=200x100',
    '-frames:v',
    '1',
    join(folder, 'green.png'),
  ]);
  await ffmpeg(['-f', 'lavfi', '-i', 'sine=f=1000:d=5:r=44100', '-ac', '2', join(folder, 'tone.wav')]);
  await writeCounterVideo(join(folder, 'clip.mp4'), { width: 64, height: 64, fps: '30', frames: 60 });
  const send = async (name: string): Promise<string> =>
    `asset:${(await upload(name, await readFile(join(folder, name)))).assetId}`;
  green = await send('green.png');
  tone = await send('tone.wav');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function film(
  layers: readonly LayerInput[],
  more: { duration?: number; background?: string } = {},
): Promise<string> {
  const scene = { id: 'one', duration: more.duration ?? 1, layers: [...layers] };
  const { path } = await renderFilm(
    { ...size, backgroundColor: more.background ?? '#000000', scenes: [scene] },
    folder,
  );
  return path;
}

/** One frame as RGB. */
async function frame(path: string, number: number): Promise<(x: number, y: number) => readonly number[]> {
  const filter = `select=eq(n\\,${number}),scale=in_color_matrix=bt709,format=rgb24`;
  const bytes = await ffmpeg(['-i', path, '-vf', filter, '-frames:v', '1', '-f', 'rawvideo', 'pipe:1']);
  return (x, y) => [...bytes.subarray((y * size.width + x) * 3, (y * size.width + x) * 3 + 3)];
}

function expectColor(found: readonly number[], wanted: readonly number[], tolerance = 14): void {
  const distance = Math.max(...wanted.map((value, index) => Math.abs(value - (found[index] ?? 0))));
  if (distance > tolerance) throw new Error(`found ${found.join(',')} where ${wanted.join(',')} is wanted`);
}

describe('a film shows', () => {
  it('the background of the movie and of a scene', async () => {
    const pixel = await frame(await film([], { background: '#c86432' }), 10);
    expectColor(pixel(80, 45), [200, 100, 50], 4);
  });

  it('a colour layer with its size, place and opacity', async () => {
    const layer: LayerInput = {
      type: 'color',
      color: '#ff0000',
      x: 20,
      y: 10,
      anchor: 'top-left',
      width: 40,
      height: 20,
      opacity: 0.5,
    };
    const pixel = await frame(await film([layer], { background: '#0000ff' }), 5);
    expectColor(pixel(40, 20), [128, 0, 128]);
    expectColor(pixel(100, 60), [0, 0, 255]);
    expectColor(pixel(24, 40), [0, 0, 255]);
  });

  it('a rectangle turned by 90 degrees', async () => {
    const layer: LayerInput = {
      type: 'shape',
      shape: 'rectangle',
      fill: '#ffffff',
      width: 60,
      height: 10,
      rotation: 90,
    };
    const pixel = await frame(await film([layer]), 5);
    expectColor(pixel(80, 20), [255, 255, 255]);
    expectColor(pixel(100, 45), [0, 0, 0]);
  });

  it('a circle with a border', async () => {
    const layer: LayerInput = {
      type: 'shape',
      shape: 'circle',
      fill: '#ff0000',
      border: { width: 6, color: '#00ff00' },
      width: 60,
      height: 60,
    };
    const pixel = await frame(await film([layer]), 5);
    expectColor(pixel(80, 45), [255, 0, 0]);
    expectColor(pixel(53, 18), [0, 0, 0]);
    const edge = pixel(80, 17);
    expect(edge[1]).toBeGreaterThan(120);
  });

  it('an image contained, flipped and within its time only', async () => {
    const layer: LayerInput = {
      type: 'image',
      src: green,
      fit: 'contain',
      width: 80,
      height: 80,
      start: 0.5,
      duration: 0.25,
    };
    const path = await film([layer]);
    const shown = await frame(path, 16);
    expectColor(shown(80, 45), [0, 192, 64]);
    expectColor(shown(80, 15), [0, 0, 0]);
    expectColor((await frame(path, 14))(80, 45), [0, 0, 0]);
    expectColor((await frame(path, 23))(80, 45), [0, 0, 0]);
  });

  it('text where it is put, in its colour', async () => {
    const layer: LayerInput = {
      type: 'text',
      text: 'IIIIII',
      color: '#ffff00',
      fontSize: 30,
      fontWeight: 900,
      x: '50%',
      y: '50%',
    };
    const pixel = await frame(await film([layer]), 5);
    const yellow = Array.from({ length: size.width }, (_, x) => pixel(x, 45)).filter(
      ([r = 0, g = 0, b = 0]) => r > 180 && g > 180 && b < 90,
    );
    expect(yellow.length).toBeGreaterThan(8);
    expectColor(pixel(4, 4), [0, 0, 0]);
  });

  it('an overlay over all scenes, with a fade that goes on across the cut', async () => {
    const scenes = [1, 2].map((number) => ({ id: `s${number}`, duration: 1, layers: [] }));
    const overlay = { type: 'color' as const, color: '#ffffff', in: { type: 'fade' as const, duration: 2 } };
    const { path } = await renderFilm({ ...size, scenes, overlays: [overlay] }, folder);
    for (const number of [0, 15, 29, 30, 45, 59]) {
      const [red = 0] = (await frame(path, number))(80, 45);
      expect(Math.abs(red - (number / 60) * 255)).toBeLessThan(14);
    }
  });

  it('the same frames in parts as in one piece: a scene longer than a part', async () => {
    const clip = `asset:${(await upload('clip.mp4', await readFile(join(folder, 'clip.mp4')))).assetId}`;
    const layer: LayerInput = {
      type: 'video',
      src: clip,
      loop: true,
      duration: 'fill',
      width: 64,
      height: 64,
      x: 0,
      y: 0,
      anchor: 'top-left',
      fit: 'fill',
    };
    const { path, job } = await renderFilm(
      { ...size, scenes: [{ id: 'long', duration: 9, layers: [layer] }] },
      folder,
    );
    expect(job.children?.total).toBe(3);
    const { readCounters } = await import('../support/frame-counter.ts');
    const shown = await readCounters(path, { width: 64, height: 64 }, 'crop=64:64:0:0');
    expect(shown).toEqual(Array.from({ length: 270 }, (_, index) => index % 60));
  });
});

describe('a film sounds', () => {
  it('an audio layer at its start, for its length, at its volume, with its fades', async () => {
    const layer: LayerInput = {
      type: 'audio',
      src: tone,
      start: 0.5,
      duration: 2,
      volume: { db: -6.0206 },
      fadeIn: 0.5,
      fadeOut: 0.5,
    };
    const sound = await decodeSound(await film([layer], { duration: 3 }));
    const peak = (from: number, to: number): number =>
      sound.slice(from * 48_000, to * 48_000).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    // sine= has an amplitude of 1/8.
    const full = 0.125 / 2;
    expect(peak(0, 0.49)).toBeLessThan(0.004);
    expect(peak(1.2, 1.8)).toBeGreaterThan(full * 0.9);
    expect(peak(1.2, 1.8)).toBeLessThan(full * 1.1);
    expect(Math.abs(peak(0.7, 0.75) - full / 2)).toBeLessThan(full * 0.15);
    expect(peak(2.55, 3)).toBeLessThan(0.004);
  });

  it('music over all scenes, placed in the film', async () => {
    const scenes = [1, 2, 3].map((number) => ({ id: `s${number}`, duration: 1, layers: [] }));
    const { path } = await renderFilm(
      { ...size, scenes, audio: [{ src: tone, start: 0.75, duration: 1.5 }] },
      folder,
    );
    const sound = await decodeSound(path);
    const first = sound.findIndex((x) => Math.abs(x) > 0.07) / 48_000;
    const last = sound.findLastIndex((x) => Math.abs(x) > 0.07) / 48_000;
    expect(Math.abs(first - 0.75)).toBeLessThan(0.004);
    expect(Math.abs(last - 2.25)).toBeLessThan(0.004);
  });

  it('nothing for a muted layer', async () => {
    const sound = await decodeSound(await film([{ type: 'audio', src: tone, muted: true }]));
    expect(sound.every((x) => Math.abs(x) < 0.0001)).toBe(true);
  });
});
