// What every case of the benchmark works with.
import type { BenchMedia } from './media.ts';

export type BenchSite = {
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
  /** The face that our titles are drawn with. */
  readonly fontFile: string;
  readonly media: BenchMedia;
  /** For films, references and whatever else is kept between runs. */
  readonly folder: string;
  /** FFmpeg activities at once; 0: one for each core. */
  readonly concurrency: number;
};
