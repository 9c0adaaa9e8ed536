import type { AssetRepository } from '../database/asset-ports.ts';
import type { JobRepository, SceneHistory } from '../database/ports.ts';
import type { Drawer } from '../drawing/index.ts';
import type { FfmpegTools } from '../ffmpeg/ffmpeg-command.ts';
import type { SkipFrameMaker } from '../ffmpeg/skip-frames.ts';
import type { CompileInput, EngineLimits } from '../plan-compiler/compile-types.ts';
import type { FontReference, Hash } from '../plan-compiler/render-plan.ts';
import type { AssetCache } from '../storage/asset-cache.ts';
import type { ClipClaims } from '../storage/clip-claims.ts';
import type { ClipIndex } from '../storage/clip-index.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { SceneCache } from '../storage/scene-cache.ts';
import type { Scratch } from '../storage/scratch.ts';
import type { HouseServices } from './house.ts';
import type { MemoryGate } from './memory-gate.ts';
import type { PlanFiles } from './plan-files.ts';

/** What activities are made of; built once by the worker. */
export type ControlServices = HouseServices & {
  readonly jobs: JobRepository;
  readonly assets: AssetRepository;
  readonly history: SceneHistory;
  readonly store: ObjectStore;
  readonly cache: SceneCache;
  readonly plans: PlanFiles;
  readonly fonts: readonly FontReference[];
  /** Identifies encoder build, drawing and our own rendering version: part of every key. */
  readonly renderer: Hash;
  readonly limits: EngineLimits;
  readonly encoding: Pick<CompileInput['encoding'], 'threads' | 'repeatsStills'>;
  readonly jobSecondsMax: number;
};

export type MediaServices = {
  readonly jobs: JobRepository;
  readonly assets: AssetRepository;
  readonly store: ObjectStore;
  readonly clips: ClipIndex;
  readonly claims: ClipClaims;
  readonly cache: SceneCache;
  readonly plans: PlanFiles;
  readonly sources: AssetCache;
  readonly scratch: Scratch;
  readonly drawer: Drawer;
  readonly ffmpeg: FfmpegTools;
  readonly memory: MemoryGate;
  readonly skipFrames: SkipFrameMaker;
  readonly renderer: Hash;
};
