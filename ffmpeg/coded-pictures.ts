// A stream of our encoder as coded pictures, each with its place in the order of display.
import { isParameterSet, isSlice, type NalUnit, nalType, nalTypes } from './h264-units.ts';
import {
  type Numbering,
  numbersAfter,
  type PictureNumbers,
  readNumbering,
  readSliceHeader,
  type SliceHeader,
} from './slice-header.ts';

/** What pictures are coded under; the same object for all that share it. */
export type CodingSettings = {
  readonly parameterSets: readonly NalUnit[];
  readonly numbering: Numbering;
};

export type CodedPicture = {
  /** One slice, and the side information before it; no parameter sets. */
  readonly units: readonly NalUnit[];
  readonly header: SliceHeader;
  readonly settings: CodingSettings;
};

/** A stream that is not built as ours are; the message says how, as the end of a sentence. */
export class UnfitStreamError extends Error {
  override readonly name = 'UnfitStreamError';
}

/** In the order in which they are coded. Throws UnfitStreamError where one has no settings, or several slices. */
export async function* readPictures(units: AsyncIterable<NalUnit>): AsyncGenerator<CodedPicture> {
  let settings: CodingSettings | null = null;
  let sets: NalUnit[] = [];
  let pending: NalUnit[] = [];
  for await (const unit of units) {
    (isParameterSet(unit) ? sets : pending).push(unit);
    if (!isSlice(unit)) continue;
    settings = sets.length === 0 ? settings : renewed(settings, sets);
    if (settings === null) throw new UnfitStreamError('a picture without settings');
    const header = readSliceHeader(unit, settings.numbering);
    if (header.firstMacroblock !== 0) throw new UnfitStreamError('pictures of several slices');
    yield { units: pending, header, settings };
    sets = [];
    pending = [];
  }
}

function renewed(known: CodingSettings | null, parameterSets: readonly NalUnit[]): CodingSettings {
  if (known !== null && haveSameUnits(known.parameterSets, parameterSets)) return known;
  const sequence = parameterSets.find((unit) => nalType(unit) === nalTypes.sequenceParameters);
  if (sequence === undefined) throw new UnfitStreamError('settings in pieces');
  return { parameterSets, numbering: readNumbering(sequence) };
}

/** Whether pictures coded under the one can stand beside those of the other. */
export function areSame(some: CodingSettings, others: CodingSettings): boolean {
  return some === others || haveSameUnits(some.parameterSets, others.parameterSets);
}

function haveSameUnits(some: readonly NalUnit[], others: readonly NalUnit[]): boolean {
  return some.length === others.length && some.every((unit, index) => others[index]?.equals(unit) === true);
}

/**
 * Follows a stream by the numbers in its headers and tells where each picture is shown. It must be one of ours: pictures between
 * two reference pictures are coded right behind the second, in order, and nothing refers to them (B-frames without a
 * pyramid, closed GOPs). Then every place is taken once, and shown at most two pictures later than coded.
 */
export class PictureOrder {
  /** Pictures taken. */
  count = 0;
  /** The last reference picture's place in the order of display; -1 before the first. */
  private lastReference = -1;
  private keyAt = 0;
  /** Since the key frame: how many reference pictures, and the whole order of the last one. */
  private references = 0;
  private lastOrder = 0;

  /** The place at which the picture is shown. Throws UnfitStreamError where it is not the one that must come. */
  take({ header, settings }: Pick<CodedPicture, 'header' | 'settings'>): number {
    if (header.isKey) this.begin();
    const { frameNumber } = this.numbers(settings);
    if (header.frameNumber !== frameNumber) {
      throw new UnfitStreamError(`frame number ${header.frameNumber} instead of ${frameNumber}`);
    }
    const order = this.orderOf(header, settings.numbering);
    const shownAt = this.keyAt + order / 2;
    if (header.isReference) this.takeReference(shownAt, order);
    else if (shownAt !== this.count - 1)
      throw new UnfitStreamError(`picture ${this.count} is shown at ${shownAt}`);
    this.count += 1;
    return shownAt;
  }

  /** Throws where pictures are missing at the end. */
  end(): void {
    if (this.lastReference + 1 !== this.count) throw new UnfitStreamError('pictures missing at the end');
  }

  /** The numbers of a reference picture that would be coded and shown next. */
  numbers({ numbering }: CodingSettings): PictureNumbers {
    const last = { frameNumber: this.references - 1, order: this.lastOrder };
    return numbersAfter(last, 1, numbering);
  }

  private begin(): void {
    this.keyAt = this.count;
    this.references = 0;
    this.lastOrder = 0;
  }

  private takeReference(shownAt: number, order: number): void {
    const isComplete = this.lastReference + 1 === this.count;
    if (!isComplete || shownAt < this.count) {
      throw new UnfitStreamError(`reference picture ${this.count} is shown at ${shownAt}`);
    }
    this.lastReference = shownAt;
    this.lastOrder = order;
    this.references += 1;
  }

  /** The whole order from its last bits (8.2.1.1), next to the last reference picture's. */
  private orderOf({ order }: SliceHeader, { orderBits }: Numbering): number {
    if (orderBits === 0) return 2 * (this.count - this.keyAt);
    const cycle = 2 ** orderBits;
    const last = this.lastOrder % cycle;
    const start = this.lastOrder - last;
    if (order < last && last - order >= cycle / 2) return start + cycle + order;
    if (order > last && order - last > cycle / 2) return start - cycle + order;
    return start + order;
  }
}
