// The one file that turns seconds, frames, samples and microseconds into each other.
import type { FrameRate, Frames, Samples } from './render-plan.ts';

/** 30 or "30000/1001", reduced: "60/2" is 30. The contract has checked its form. */
export function parseFrameRate(text: number | string): FrameRate {
  const [num = Number.NaN, den = 1] = String(text).split('/').map(Number);
  if (!isCount(num) || !isCount(den)) throw new RangeError(`"${text}" is not a frame rate`);
  const divisor = greatestCommonDivisor(num, den);
  return { num: num / divisor, den: den / divisor };
}

/** Brands a count as frames; anything but a whole number that is not negative is a fault of ours. */
export function asFrames(count: number): Frames {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`${count} is not a number of frames`);
  return count as Frames; // Checked above: the only place where the brand is given.
}

/** Brands a count as samples; anything but a whole number that is not negative is a fault of ours. */
export function asSamples(count: number): Samples {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`${count} is not a number of samples`);
  return count as Samples; // Checked above: the only place where the brand is given.
}

/** The frame nearest to a moment. */
export function frameAt(seconds: number, rate: FrameRate): Frames {
  return asFrames(Math.round((seconds * rate.num) / rate.den));
}

/** The length of a scene of so many seconds: at least one frame, and never dependent on the scenes before it. */
export function sceneFrames(seconds: number, rate: FrameRate): Frames {
  return asFrames(Math.max(1, frameAt(seconds, rate)));
}

export function secondsOf(frames: number, rate: FrameRate): number {
  return (frames * rate.den) / rate.num;
}

export function framesPerSecond(rate: FrameRate): number {
  return rate.num / rate.den;
}

/** The sample at which a frame begins, S[k] = round(F[k] × sampleRate × den ÷ num): computed from the film's start, so that errors never add up. */
export function sampleAt(frame: number, rate: FrameRate, sampleRate: number): Samples {
  return asSamples(divideRounded(product(frame, sampleRate, rate.den), BigInt(rate.num)));
}

/** The most samples that so many frames can need, wherever in the film they stand. */
export function samplesCovering(frames: number, rate: FrameRate, sampleRate: number): Samples {
  const divisor = BigInt(rate.num);
  return asSamples(Number((product(frames, sampleRate, rate.den) + divisor - 1n) / divisor));
}

/** The sample of a source nearest to a moment. */
export function sampleOfSeconds(seconds: number, sampleRate: number): Samples {
  return asSamples(Math.round(seconds * sampleRate));
}

/** Units per second of an MP4 track in which every frame lasts a whole number of units. */
export function timescaleOf(rate: FrameRate): number {
  return rate.num < 1000 ? rate.num * 1000 : rate.num;
}

// Whole numbers throughout: at 96 kHz and odd frame rates the products pass 2^53.
function product(...factors: readonly number[]): bigint {
  return factors.reduce((total, factor) => total * BigInt(factor), 1n);
}

function divideRounded(dividend: bigint, divisor: bigint): number {
  return Number((2n * dividend + divisor) / (2n * divisor));
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

/** Of whole numbers that are not negative. */
export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
