// The compiler's door: a movie and the facts of its files become a render plan, or the list of all faults.
import { compileTracks, layOutProgramme, type ProgrammeScene } from './compile-programme.ts';
import { compileScene, type MeasuredScene, measureScene, type WholeScene } from './compile-scene.ts';
import type { CompileInput, CompileResult, SceneSource } from './compile-types.ts';
import { type FilmContext, openFilm, type Span } from './film-context.ts';
import { checkFilm, checkFilmLength } from './film-limits.ts';
import { compileOverlays, type Overlay, sliceOverlay } from './film-overlays.ts';
import { asFrames, secondsOf } from './frame-time.ts';
import { createKeyMaker, type KeyMaker } from './keys.ts';
import { outputSpec } from './output-spec.ts';
import { longestPart, partsOf } from './parts.ts';
import { assetsByHash, usedAssets } from './plan-assets.ts';
import type { Hash, OutputSpec, PicturePlan, PlanAsset, ScenePlan } from './render-plan.ts';
import { sceneCost } from './scene-cost.ts';
import { createSourceTeller } from './scene-source.ts';
import { type FrameRange, sliceLayer } from './slice-layer.ts';

/** The same input gives the same plan, to the byte. */
export function compileMovie(input: CompileInput): CompileResult {
  const film = openFilm(input);
  checkFilm(input.movie, input.limits, film.log);
  const measured = input.movie.scenes.map((scene, index) => measureScene(scene, index, film));
  const span = filmSpan(measured);
  if (span.isKnown) checkFilmLength(secondsOf(span.frames, film.rate), input.limits, film.log);
  const scenes = placeScenes(measured, film);
  const overlays = compileOverlays(span, film);
  const tracks = compileTracks(span, film);
  if (film.log.hasIssues()) return { kind: 'refused', issues: film.log.list() };

  const output = outputSpec(film);
  const assets = assetsByHash(input.assets);
  const bench: Bench = { film, output, overlays, assets, keys: createKeyMaker(input, output, assets) };
  const planned = planScenes(scenes, bench);
  const programme = layOutProgramme(planned.programmeScenes, tracks, film);
  const content = {
    scenes: planned.scenes,
    programme: { ...programme, key: bench.keys.programmeKey(programme) },
  };
  return {
    kind: 'compiled',
    plan: {
      planVersion: 1,
      output,
      totalFrames: span.frames,
      ...content,
      assets: usedAssets(content, assets),
    },
    sources: planned.sources,
  };
}

/** What planning a scene needs beside the scene. */
type Bench = {
  readonly film: FilmContext;
  readonly output: OutputSpec;
  readonly overlays: readonly Overlay[];
  readonly assets: ReadonlyMap<Hash, PlanAsset>;
  readonly keys: KeyMaker;
};

type PlacedScene = {
  readonly measured: MeasuredScene;
  readonly whole: WholeScene;
  readonly range: FrameRange;
};

function filmSpan(scenes: readonly MeasuredScene[]): Span {
  return {
    kind: 'film',
    frames: asFrames(scenes.reduce((sum, scene) => sum + scene.span.frames, 0)),
    isKnown: scenes.every((scene) => scene.span.isKnown),
  };
}

function placeScenes(scenes: readonly MeasuredScene[], film: FilmContext): readonly PlacedScene[] {
  let start = 0;
  return scenes.map((measured) => {
    const { frames } = measured.span;
    const placed = { measured, whole: compileScene(measured, film), range: { start, frames } };
    start += frames;
    return placed;
  });
}

function planScenes(
  placed: readonly PlacedScene[],
  bench: Bench,
): {
  readonly scenes: readonly ScenePlan[];
  readonly sources: readonly SceneSource[];
  readonly programmeScenes: readonly ProgrammeScene[];
} {
  const scenes: ScenePlan[] = [];
  const sources: SceneSource[] = [];
  const programmeScenes: ProgrammeScene[] = [];
  const tellSource = createSourceTeller(bench.film);
  for (const scene of placed) {
    const { range, measured } = scene;
    const parts = planParts(scene, scenes.length, bench);
    const soundKey = parts[0]?.soundKey ?? null;
    const key = bench.keys.sceneKey(
      parts.map((part) => part.pictureKey),
      soundKey,
    );
    sources.push(tellSource(measured, { overlays: bench.overlays, range }, key));
    programmeScenes.push({
      index: scenes.length,
      soundKey,
      startFrame: range.start,
      frames: range.frames,
    });
    scenes.push(...parts);
  }
  return { scenes, sources, programmeScenes };
}

function planParts(scene: PlacedScene, firstIndex: number, bench: Bench): readonly ScenePlan[] {
  const { measured, whole, range } = scene;
  const { keys, output, assets, film } = bench;
  const parts = partsOf(range.frames, longestPart(film));
  return parts.map((part, index) => {
    const picture = partPicture(scene, part, bench);
    const sound = index === 0 ? whole.sound : null;
    return {
      index: firstIndex + index,
      sceneId: measured.scene.id,
      sceneIndex: measured.index,
      part: { index, count: parts.length },
      startFrame: asFrames(range.start + part.start),
      frames: picture.frames,
      picture,
      pictureKey: keys.pictureKey(picture),
      sound,
      soundKey: sound === null ? null : keys.soundKey(sound),
      cost: sceneCost({ picture, sound }, output, assets),
    };
  });
}

function partPicture({ whole, range }: PlacedScene, part: FrameRange, { overlays }: Bench): PicturePlan {
  const inFilm = { start: range.start + part.start, frames: part.frames };
  const own = whole.layers.map((layer) => sliceLayer(layer, part));
  const over = overlays.map((overlay) => sliceOverlay(overlay, inFilm));
  return {
    frames: asFrames(part.frames),
    background: whole.background,
    layers: [...own, ...over].filter((layer) => layer !== null),
  };
}
