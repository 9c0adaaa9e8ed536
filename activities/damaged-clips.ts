/** Clips that were rendered and are gone, or are not what was rendered; they are to be rendered again. */
export class DamagedClips extends Error {
  override readonly name = 'DamagedClips';
  /** Plan indices. */
  readonly indices: readonly number[];

  constructor(indices: readonly number[]) {
    super(`The clips of ${indices.length} scenes are gone or damaged.`);
    this.indices = indices;
  }
}
