// The sound of layers as graph: the same for a scene and for the tracks that lie over all scenes.
import { RenderError } from '../contract/errors.ts';
import type { SoundLayer } from '../plan-compiler/render-plan.ts';
import { apply, chain, combine, generate, inputAudio, type Stream } from './filter-graph.ts';
import { InputList, type LocalAssets, localAsset } from './picture-inputs.ts';
import { groupRepeats, type SoundRun, seekSeconds } from './sound-runs.ts';
import { userFile } from './user-input.ts';

export type SoundSources = {
  readonly assets: LocalAssets;
  readonly sampleRate: number;
  /** Collects the files; the caller may have put inputs of its own before. */
  readonly inputs: InputList;
};

type Sound = Stream<'audio'>;

/** Every run of a layer opens its file once more; a worker's file handles and threads are not endless. */
const inputsMax = 256;

/** Several sounds at once, none of them turned down for the others. Silence where there is none. */
export function mixSounds(sounds: readonly Sound[], samples: number, sampleRate: number): Sound {
  const [first, ...rest] = sounds;
  if (first === undefined) {
    return fit(generate('audio', 'anullsrc', { channel_layout: 'stereo', sample_rate: sampleRate }), samples);
  }
  if (rest.length === 0) return fit(first, samples);
  const all = [first, ...rest] as const;
  return fit(combine([...all], 'amix', { inputs: all.length, normalize: 0, duration: 'longest' }), samples);
}

/** One layer from its first sample to its last, at its place; it ends where the layer ends. */
export function layerSound(layer: SoundLayer, sources: SoundSources): Sound {
  const runs = groupRepeats(layer.segments, sources.sampleRate);
  const [first, ...rest] = runs.map((run) => runSound(layer, run, sources));
  if (first === undefined) return mixSounds([], layer.startSample + layer.samples, sources.sampleRate);
  const whole =
    rest.length === 0 ? first : combine([first, ...rest], 'concat', { n: runs.length, v: 0, a: 1 });
  const shaped = chain(fit(whole, layer.samples), [
    ['volume', { volume: layer.gain, precision: 'float' }],
    ...fades(layer),
  ]);
  if (layer.startSample === 0) return shaped;
  return apply(shaped, 'adelay', { delays: `${layer.startSample}S`, all: 1 });
}

/** Exactly so many samples, on a clock that counts them, so that no rounded time stamp can insert or drop one. */
function fit(sound: Sound, samples: number): Sound {
  return chain(sound, [
    ['apad', { whole_len: samples }],
    ['atrim', { end_sample: samples }],
    ['asetpts', { expr: 'N/SR/TB' }],
  ]);
}

function runSound(layer: SoundLayer, run: SoundRun, sources: SoundSources): Sound {
  const { path, asset } = localAsset(sources.assets, layer.asset);
  if (sources.inputs.inputs.length >= inputsMax) {
    throw new RenderError('SCENE_RENDER_FAILED', `The sound needs more than ${inputsMax} runs of sources.`, {
      hint: 'Use fewer layers with sound, or fewer repetitions of loops.',
    });
  }
  const seek = seekSeconds(run.sourceSample, sources.sampleRate, asset.demuxer);
  const before = seek === 0 ? [] : ['-ss', String(seek)];
  const input = sources.inputs.add(userFile(path, asset.demuxer, before));
  const skipped = run.sourceSample - seek * sources.sampleRate;
  const source = chain(asStereo(inputAudio(input), sources.sampleRate), [
    ['atrim', { start_sample: skipped }],
    ['asetpts', { expr: 'N/SR/TB' }],
  ]);
  const once = fit(source, run.samples);
  if (run.times === 1) return once;
  return chain(once, [
    ['aloop', { loop: run.times - 1, size: run.samples }],
    ['asetpts', { expr: 'N/SR/TB' }],
  ]);
}

/**
 * Floating point from here on: no step may clip. `async` and `first_pts` hold the sound to the file's own clock, so that
 * sound that begins late stays late; `min_comp` 0 makes that exact below a millisecond too.
 */
function asStereo(sound: Sound, sampleRate: number): Sound {
  return chain(sound, [
    ['aresample', { sample_rate: sampleRate, osf: 'fltp', async: 1, first_pts: 0, min_comp: 0 }],
    ['pan', { args: downmix }],
    ['aformat', { sample_fmts: 'fltp', sample_rates: sampleRate, channel_layouts: 'stereo' }],
  ]);
}

/**
 * "<" scales each side's shares to a sum of 1, and channels that the source lacks do not count: stereo passes unchanged,
 * mono goes to both sides at full level (swresample would take 3 dB), and 5.1 cannot clip (tried on 5.1 and 9.0).
 */
const downmix = [
  'stereo',
  'FL<FL+0.707107*FC+0.707107*BL+0.707107*SL+0.707107*FLC+0.5*BC',
  'FR<FR+0.707107*FC+0.707107*BR+0.707107*SR+0.707107*FRC+0.5*BC',
].join('|');

function fades(layer: SoundLayer): readonly (readonly [string, Readonly<Record<string, string | number>>])[] {
  const curve = layer.fadeCurve;
  const { fadeInSamples, fadeOutSamples } = layer;
  const fadeOut = { t: 'out', ss: layer.samples - fadeOutSamples, ns: fadeOutSamples, curve };
  return [
    ...(fadeInSamples > 0 ? [['afade', { t: 'in', ss: 0, ns: fadeInSamples, curve }] as const] : []),
    ...(fadeOutSamples > 0 ? [['afade', fadeOut] as const] : []),
  ];
}
