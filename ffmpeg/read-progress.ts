/** What FFmpeg says of itself several times a second. */
export type Progress = {
  /** Pictures encoded so far. */
  readonly frame: number;
  /** Microseconds of output so far; lags behind by the encoder's delay. */
  readonly outTimeUs: number;
};

/** Reads the key=value blocks of `-progress`; values may be "N/A". */
export class ProgressReader {
  private rest = '';
  private frame = 0;
  private outTimeUs = 0;
  private readonly onProgress: (progress: Progress) => void;

  constructor(onProgress: (progress: Progress) => void) {
    this.onProgress = onProgress;
  }

  read(chunk: string): void {
    const lines = (this.rest + chunk).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.readLine(line.trim());
  }

  private readLine(line: string): void {
    const separator = line.indexOf('=');
    const name = line.slice(0, separator);
    const value = Number(line.slice(separator + 1));
    if (name === 'frame' && Number.isFinite(value)) this.frame = value;
    if (name === 'out_time_us' && Number.isFinite(value)) this.outTimeUs = value;
    if (name === 'progress') this.onProgress({ frame: this.frame, outTimeUs: this.outTimeUs });
  }
}
