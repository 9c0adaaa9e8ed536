/** How much of FFmpeg's complaints is kept: errors travel through Temporal's history. */
const tailBytesMax = 4_096;

/** The end of a text that may be endless. */
export class Tail {
  private kept = '';

  add(chunk: string): void {
    this.kept = (this.kept + chunk).slice(-tailBytesMax);
  }

  get text(): string {
    return this.kept.trim();
  }
}
