// Sounds made sample by sample, and read back the same way.
import { readFile, writeFile } from 'node:fs/promises';

export type SoundShape = {
  readonly sampleRate: number;
  readonly channels: number;
  readonly samples: number;
  /** −1…1 at a sample of a channel. */
  readonly at: (sample: number, channel: number) => number;
};

/** Writes a WAV of 32-bit floats. */
export async function writeWav(path: string, shape: SoundShape): Promise<void> {
  const { sampleRate, channels, samples, at } = shape;
  const dataBytes = samples * channels * 4;
  const file = Buffer.alloc(44 + dataBytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + dataBytes, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(3, 20); // Floats.
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * channels * 4, 28);
  file.writeUInt16LE(channels * 4, 32);
  file.writeUInt16LE(32, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(dataBytes, 40);
  for (let index = 0; index < samples * channels; index += 1) {
    file.writeFloatLE(at(Math.floor(index / channels), index % channels), 44 + index * 4);
  }
  await writeFile(path, file);
}

export type StereoSound = {
  readonly samples: number;
  readonly left: Float32Array;
  readonly right: Float32Array;
};

/** The two channels of raw interleaved floats. */
export function splitStereo(raw: Buffer): StereoSound {
  const samples = raw.length / 8;
  const left = new Float32Array(samples);
  const right = new Float32Array(samples);
  for (let sample = 0; sample < samples; sample += 1) {
    left[sample] = raw.readFloatLE(sample * 8);
    right[sample] = raw.readFloatLE(sample * 8 + 4);
  }
  return { samples, left, right };
}

export async function readRaw(path: string): Promise<StereoSound> {
  return splitStereo(await readFile(path));
}

/** The greatest difference of two sounds in [from, to), in dB of full scale. */
export function differenceDb(
  a: Float32Array,
  b: Float32Array,
  range: { readonly from: number; readonly to: number } = { from: 0, to: a.length },
): number {
  let peak = 0;
  for (let sample = range.from; sample < range.to; sample += 1) {
    peak = Math.max(peak, Math.abs((a[sample] ?? 0) - (b[sample] ?? 0)));
  }
  return peak === 0 ? Number.NEGATIVE_INFINITY : 20 * Math.log10(peak);
}

/** The loudest sample of a range. */
export function peak(sound: Float32Array, from = 0, to = sound.length): number {
  let greatest = 0;
  for (let sample = from; sample < to; sample += 1)
    greatest = Math.max(greatest, Math.abs(sound[sample] ?? 0));
  return greatest;
}

/** Where the loudest sample of a range is. */
export function peakAt(sound: Float32Array, from: number, to: number): number {
  let best = from;
  for (let sample = from; sample < to; sample += 1) {
    if (Math.abs(sound[sample] ?? 0) > Math.abs(sound[best] ?? 0)) best = sample;
  }
  return best;
}
