// A whole film of 120 tiny scenes, made by the real mix and the real join.
import { rm, writeFile } from 'node:fs/promises';
import { type FilmClip, joinFilm } from '../../ffmpeg/join-film.ts';
import { mixProgramme } from '../../ffmpeg/mix-programme.ts';
import { type SceneSound, sceneBus } from '../../ffmpeg/scene-bus.ts';
import { sampleAt, samplesCovering } from '../../plan-compiler/frame-time.ts';
import type { FrameRate } from '../../plan-compiler/render-plan.ts';
import { type TestFolder, testTools } from './ffmpeg-tools.ts';
import { makeClip, tinyOutput } from './film-output.ts';

const sampleRate = 48_000;

export type ShortFilm = {
  readonly path: string;
  readonly clips: readonly FilmClip[];
  readonly programmePath: string;
  readonly fps: FrameRate;
  /** First frame of each scene, and the end of the last. */
  readonly starts: readonly number[];
  readonly totalFrames: number;
  readonly totalSamples: number;
};

/** A pulse of 1 ms with its top in the middle: what AAC keeps in place. */
const pulse = (distance: number): number => 0.8 * Math.exp(-((distance / 12) ** 2));

/** The scenes with a pulse. */
export const markedScenes = [0, 59, 119];

/** 120 scenes of 1–9 frames, those of an even number with two B-frames in a row; with a pulse in the middle of the marked ones. */
export async function makeShortFilm(folder: TestFolder, fps: FrameRate): Promise<ShortFilm> {
  const name = `${fps.num}-${fps.den}`;
  const lengths = Array.from({ length: 120 }, (_, index) => 1 + ((index * 7) % 9));
  for (const frames of new Set(lengths))
    await makeClip(folder.path(`${name}-${frames}.mp4`), frames, { fps, bFrames: frames % 2 === 0 ? 2 : 1 });
  const starts = lengths.reduce((list, frames) => [...list, (list.at(-1) ?? 0) + frames], [0]);
  const sounds = await Promise.all(
    lengths.map((frames, index) => sceneSound(folder, index, { start: starts[index] ?? 0, frames, fps })),
  );
  const totalFrames = starts.at(-1) ?? 0;
  const totalSamples = sampleAt(totalFrames, fps, sampleRate);
  const programmePath = folder.path(`${name}.m4a`);
  await mixProgramme(testTools, {
    programme: { totalSamples, tracks: [] },
    output: tinyOutput(fps),
    sceneSounds: sceneBus(sounds),
    assets: new Map(),
    outputPath: programmePath,
  });
  const path = folder.path(`${name}-film.mp4`);
  const clips = lengths.map((frames) => ({ path: folder.path(`${name}-${frames}.mp4`), frames }));
  await rm(path, { force: true });
  await joinFilm({ clips, programmePath, outputPath: path });
  return { path, clips, programmePath, fps, starts, totalFrames, totalSamples };
}

/** Silent but for the marked scenes, whose files hold more than the film takes, as a scene's file does. */
async function sceneSound(
  folder: TestFolder,
  index: number,
  scene: { readonly start: number; readonly frames: number; readonly fps: FrameRate },
): Promise<SceneSound> {
  const first = sampleAt(scene.start, scene.fps, sampleRate);
  const samples = sampleAt(scene.start + scene.frames, scene.fps, sampleRate) - first;
  if (!markedScenes.includes(index)) return { samples, path: null };
  const held = samplesCovering(scene.frames, scene.fps, sampleRate);
  const raw = Buffer.alloc(held * 8);
  for (let sample = 0; sample < held; sample += 1) {
    const value = pulse(sample - Math.floor(samples / 2));
    raw.writeFloatLE(value, sample * 8);
    raw.writeFloatLE(value, sample * 8 + 4);
  }
  const path = folder.path(`${scene.fps.num}-${scene.fps.den}-${index}.f32`);
  await writeFile(path, raw);
  return { samples, path };
}
