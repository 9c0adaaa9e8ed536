// What a test gives the compiler: facts of files that need not exist, fonts, limits, and a movie as a caller writes it.
import { createHash } from 'node:crypto';
import type { AudioFacts, ResolvedAsset, VideoFacts } from '../../contract/asset.ts';
import type { DocumentIssue } from '../../contract/issue.ts';
import { Movie, type MovieInput } from '../../contract/movie.ts';
import { compileMovie } from '../../plan-compiler/compile-movie.ts';
import type { CompileInput, EngineLimits, SceneSource } from '../../plan-compiler/compile-types.ts';
import type { FontReference, RenderPlan } from '../../plan-compiler/render-plan.ts';

export const testLimits: EngineLimits = {
  canvasWidth: { min: 16, max: 3840 },
  canvasHeight: { min: 16, max: 2160 },
  fpsMax: 120,
  filmSecondsMax: 7200,
  partSecondsMax: 20,
};

export const testFonts: readonly FontReference[] = [
  font('Noto Sans', 400),
  font('Noto Sans', 700),
  font('Noto Sans', 400, 'italic'),
  font('Noto Naskh Arabic', 400),
  font('Noto Sans JP', 400),
];

export function font(family: string, weight: number, style: 'normal' | 'italic' = 'normal'): FontReference {
  return { family, weight, style, sha256: hashOf(`${family} ${weight} ${style}`) };
}

/** SHA-256 of a name, standing in for that of a file. */
export function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

function videoFacts(facts: Partial<VideoFacts> = {}): VideoFacts {
  const { width = 640, height = 360, durationSeconds = 10 } = facts;
  return {
    codec: 'h264',
    width,
    height,
    codedWidth: width,
    codedHeight: height,
    rotation: 0,
    fps: '30/1',
    frames: Math.round(durationSeconds * 30),
    durationSeconds,
    pixelFormat: 'yuv420p',
    hasAlpha: false,
    isInterlaced: false,
    colorSpace: 'bt709',
    colorTransfer: 'bt709',
    colorPrimaries: 'bt709',
    colorRange: 'tv',
    ...facts,
  };
}

function audioFacts(facts: Partial<AudioFacts> = {}): AudioFacts {
  return { codec: 'aac', sampleRate: 48_000, channels: 2, durationSeconds: 10, ...facts };
}

/** A video of 10 s, 640 × 360, with sound. */
export function videoAsset(
  assetId: string,
  facts: { readonly video?: Partial<VideoFacts>; readonly audio?: Partial<AudioFacts> | null } = {},
): ResolvedAsset {
  const video = videoFacts(facts.video);
  const audio =
    facts.audio === null ? null : audioFacts({ durationSeconds: video.durationSeconds, ...facts.audio });
  return resolved(assetId, {
    kind: 'video',
    demuxer: 'mov',
    durationSeconds: video.durationSeconds,
    video,
    audio,
  });
}

export function imageAsset(assetId: string, width = 800, height = 600): ResolvedAsset {
  const video = videoFacts({
    codec: 'png',
    width,
    height,
    durationSeconds: 0,
    fps: '0/0',
    pixelFormat: 'rgb24',
  });
  return resolved(assetId, { kind: 'image', demuxer: 'png_pipe', durationSeconds: 0, video, audio: null });
}

export function audioAsset(assetId: string, durationSeconds = 10): ResolvedAsset {
  const audio = audioFacts({ durationSeconds });
  return resolved(assetId, { kind: 'audio', demuxer: 'mp3', durationSeconds, video: null, audio });
}

function resolved(assetId: string, facts: ResolvedAsset['facts']): ResolvedAsset {
  return { assetId, sha256: hashOf(assetId), bytes: 1000, objectKey: `assets/user/${assetId}`, facts };
}

/** "clip" (video with sound), "mute" (video without), "photo", "song". */
export const testAssets: readonly ResolvedAsset[] = [
  videoAsset('clip'),
  videoAsset('mute', { audio: null }),
  imageAsset('photo'),
  audioAsset('song'),
];

type InputOverrides = Partial<Omit<CompileInput, 'movie' | 'assets'>> & {
  readonly assets?: readonly ResolvedAsset[];
};

/** A small canvas unless the movie says otherwise. */
export function compileInput(movie: MovieInput, overrides: InputOverrides = {}): CompileInput {
  const { assets = testAssets, ...rest } = overrides;
  return {
    movie: Movie.parse({ width: 160, height: 90, ...movie }),
    assets: new Map(assets.map((asset) => [asset.assetId, asset])),
    fonts: testFonts,
    limits: testLimits,
    scope: 'project',
    renderer: 'test-renderer',
    encoding: { crf: 23, threads: 2, repeatsStills: true, audioBitsPerSecond: 192_000 },
    ...rest,
  };
}

/** The plan of a movie that must compile. */
export function planOf(movie: MovieInput, overrides: InputOverrides = {}): RenderPlan {
  return compiled(movie, overrides).plan;
}

export function sourcesOf(movie: MovieInput, overrides: InputOverrides = {}): readonly SceneSource[] {
  return compiled(movie, overrides).sources;
}

/** The faults of a movie that must not compile. */
export function issuesOf(movie: MovieInput, overrides: InputOverrides = {}): readonly DocumentIssue[] {
  const result = compileMovie(compileInput(movie, overrides));
  if (result.kind === 'compiled') throw new Error('The movie compiled, though it should not.');
  return result.issues;
}

function compiled(movie: MovieInput, overrides: InputOverrides) {
  const result = compileMovie(compileInput(movie, overrides));
  if (result.kind === 'compiled') return result;
  throw new Error(`The movie did not compile:\n${JSON.stringify(result.issues, null, 2)}`);
}
