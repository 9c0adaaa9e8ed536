// Cache keys: SHA-256 over RFC 8785 JSON of everything that decides the bytes, and of nothing else.
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { CompileInput } from './compile-types.ts';
import type {
  FontReference,
  Hash,
  OutputSpec,
  PicturePlan,
  PlanAsset,
  ProgrammePlan,
  SoundPlan,
} from './render-plan.ts';

/** Raised when the same instructions are rendered differently; older clips are then never found again. */
const SCHEMA = 1;

export type KeyMaker = {
  pictureKey(picture: PicturePlan): Hash;
  soundKey(sound: SoundPlan): Hash;
  programmeKey(programme: Omit<ProgrammePlan, 'key'>): Hash;
  sceneKey(pictureKeys: readonly Hash[], soundKey: Hash | null): Hash;
};

export function createKeyMaker(
  input: Pick<CompileInput, 'scope' | 'renderer'>,
  output: OutputSpec,
  assets: ReadonlyMap<Hash, PlanAsset>,
): KeyMaker {
  const common = { schema: SCHEMA, scope: input.scope, renderer: input.renderer };
  const { width, height, fps, video, sampleRate, audio } = output;
  const readAs = (hashes: Iterable<Hash>) =>
    [...new Set(hashes)].map((hash) => ({ hash, ...sourceFormat(assets.get(hash)) }));
  return {
    pictureKey: (picture) =>
      hashJson({
        ...common,
        of: 'picture',
        output: { width, height, fps, video },
        sources: readAs(picture.layers.flatMap((layer) => (layer.kind === 'drawn' ? [] : [layer.asset]))),
        picture: { ...picture, layers: picture.layers.map(withoutFontNames) },
      }),
    soundKey: (sound) =>
      hashJson({
        ...common,
        of: 'sound',
        sampleRate,
        sources: readAs(sound.layers.map((layer) => layer.asset)),
        sound,
      }),
    programmeKey: ({ scenes, tracks, totalSamples }) =>
      hashJson({
        ...common,
        of: 'programme',
        sampleRate,
        audio,
        totalSamples,
        sources: readAs(tracks.map((track) => track.asset)),
        // Without `index`: how pictures are cut into parts does not change the sound.
        scenes: scenes.map(({ soundKey, samples }) => ({ soundKey, samples })),
        tracks,
      }),
    sceneKey: (pictureKeys, soundKey) => hashJson({ of: 'scene', pictureKeys, soundKey }),
  };
}

/** SHA-256 in hex over canonical JSON; the order of object keys does not count. */
export function hashJson(value: unknown): Hash {
  return createHash('sha256')
    .update(canonicalize(value) ?? 'undefined')
    .digest('hex');
}

// How a source is read follows from its bytes and the prober; a better prober must not find clips of the older one.
function sourceFormat(asset: PlanAsset | undefined): Pick<PlanAsset, 'demuxer' | 'video'> | null {
  return asset === undefined ? null : { demuxer: asset.demuxer, video: asset.video };
}

function withoutFontNames(layer: PicturePlan['layers'][number]): unknown {
  if (layer.kind !== 'drawn' || layer.drawing.type !== 'text') return layer;
  return { ...layer, drawing: { ...layer.drawing, fonts: layer.drawing.fonts.map(fontFile) } };
}

function fontFile({ sha256, weight, style }: FontReference): Omit<FontReference, 'family'> {
  return { sha256, weight, style };
}
