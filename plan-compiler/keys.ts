// Cache keys: SHA-256 over RFC 8785 JSON of everything that decides the bytes, and of nothing else.
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { CompileInput } from './compile-types.ts';
import type {
  DrawnPicture,
  FontReference,
  Hash,
  OutputSpec,
  PictureLayer,
  PicturePlan,
  PlanAsset,
  ProgrammePlan,
  SoundLayer,
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

/** What many scenes share (the output, an overlay) enters by its own hash, which is computed once: films of 5,000 scenes stay quick. */
export function createKeyMaker(
  input: Pick<CompileInput, 'scope' | 'renderer'>,
  output: OutputSpec,
  assets: ReadonlyMap<Hash, PlanAsset>,
): KeyMaker {
  const common = { schema: SCHEMA, scope: input.scope, renderer: input.renderer };
  const { width, height, fps, video, sampleRate, audio } = output;
  const pictureBasis = hashJson({ ...common, of: 'picture', output: { width, height, fps, video } });
  const soundBasis = hashJson({ ...common, of: 'sound', sampleRate });
  const programmeBasis = hashJson({ ...common, of: 'programme', sampleRate, audio });
  const keyOf = createLayerHasher(assets);
  return {
    pictureKey: ({ frames, background, layers }) =>
      hashJson({ basis: pictureBasis, frames, background, layers: layers.map(keyOf) }),
    soundKey: ({ samples, layers }) => hashJson({ basis: soundBasis, samples, layers: layers.map(keyOf) }),
    programmeKey: ({ scenes, tracks, totalSamples }) =>
      hashJson({
        basis: programmeBasis,
        totalSamples,
        // Without `index`: how pictures are cut into parts does not change the sound.
        scenes: scenes.map(({ soundKey, samples }) => [soundKey, samples]),
        tracks: tracks.map(keyOf),
      }),
    sceneKey: (pictureKeys, soundKey) => hashJson({ of: 'scene', pictureKeys, soundKey }),
  };
}

type KeyedLayer = PictureLayer | SoundLayer;

// By identity: slices of an overlay that are equal are one object.
function createLayerHasher(assets: ReadonlyMap<Hash, PlanAsset>): (layer: KeyedLayer) => Hash {
  const known = new WeakMap<KeyedLayer, Hash>();
  return (layer) => {
    const hash = known.get(layer) ?? hashJson(instructionsOf(layer, assets));
    known.set(layer, hash);
    return hash;
  };
}

// How a source is read follows from its bytes and the prober; a better prober must not find clips of the older one.
function instructionsOf(layer: KeyedLayer, assets: ReadonlyMap<Hash, PlanAsset>): unknown {
  if ('drawing' in layer) return withoutFontNames(layer);
  const asset = assets.get(layer.asset);
  return { layer, demuxer: asset?.demuxer, video: asset?.video };
}

/** SHA-256 in hex over canonical JSON; the order of object keys does not count. */
export function hashJson(value: unknown): Hash {
  return createHash('sha256')
    .update(canonicalize(value) ?? 'undefined')
    .digest('hex');
}

function withoutFontNames(layer: DrawnPicture): unknown {
  if (layer.drawing.type !== 'text') return layer;
  return { ...layer, drawing: { ...layer.drawing, fonts: layer.drawing.fonts.map(fontFile) } };
}

function fontFile({ sha256, weight, style }: FontReference): Omit<FontReference, 'family'> {
  return { sha256, weight, style };
}
