/** A film of the one graph at a rate factor: what it weighs and how close it comes. */
export type SizePoint = { readonly crf: number; readonly bytes: number; readonly ssim: number };

/** Where a film is the near-lossless one itself, its closeness in decibels would have no end. */
const lossMin = 1e-9;

/**
 * The bytes the one graph needs for an SSIM: between measured points the logarithm of the size runs straight over the SSIM in
 * decibels; beyond them the outer line goes on.
 */
export function sizeForSsim(curve: readonly SizePoint[], ssim: number): number {
  const points = curve
    .map((point) => ({ decibels: decibels(point.ssim), size: Math.log(point.bytes) }))
    .sort((a, b) => a.decibels - b.decibels);
  const wanted = decibels(ssim);
  const after = points.findIndex((point) => point.decibels >= wanted);
  const index = Math.min(Math.max(after === -1 ? points.length - 1 : after, 1), points.length - 1);
  const [low, high] = [points[index - 1], points[index]];
  if (low === undefined || high === undefined) throw new Error('A curve of sizes needs two points.');
  const slope = (high.size - low.size) / (high.decibels - low.decibels);
  return Math.exp(low.size + slope * (wanted - low.decibels));
}

function decibels(ssim: number): number {
  return -10 * Math.log10(Math.max(1 - ssim, lossMin));
}
