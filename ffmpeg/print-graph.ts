// Filter graphs in FFmpeg's language: labels, splits and escaping happen here and nowhere else.
import type { FilterOptions, OptionValue, Stream } from './filter-graph.ts';

/** A printed graph and the labels of its ends, to be given to -map in the same order. */
export type PrintedGraph = { readonly text: string; readonly labels: readonly string[] };

/** Prints the graph that ends in the given streams. The same streams print the same text. */
export function printGraph(ends: readonly Stream[]): PrintedGraph {
  const uses = countUses(ends);
  const printer = new Printer(uses);
  const labels = ends.map((end) => printer.take(end));
  return { text: printer.lines.join(';\n'), labels: labels.map((label) => `[${label}]`) };
}

/** How often each stream is read; streams are told apart by identity, input streams by position. */
function countUses(ends: readonly Stream[]): Map<unknown, number> {
  const uses = new Map<unknown, number>();
  const visit = (stream: Stream): void => {
    const id = identity(stream);
    const count = uses.get(id) ?? 0;
    uses.set(id, count + 1);
    if (count === 0 && stream.type === 'filtered') stream.from.forEach(visit);
  };
  ends.forEach(visit);
  return uses;
}

function identity(stream: Stream): unknown {
  return stream.type === 'input' ? inputLabel(stream) : stream;
}

/** "V" leaves cover pictures out: in a sound file, or before the video, they are not its pictures. */
function inputLabel(stream: Stream & { readonly type: 'input' }): string {
  return `${stream.input}:${stream.kind === 'video' ? 'V' : 'a'}:${stream.stream}`;
}

class Printer {
  readonly lines: string[] = [];
  private readonly uses: ReadonlyMap<unknown, number>;
  /** Labels not read yet, by stream. */
  private readonly open = new Map<unknown, string[]>();
  private labelCount = 0;

  constructor(uses: ReadonlyMap<unknown, number>) {
    this.uses = uses;
  }

  /** The label under which one reader gets the stream; prints the stream's filter at its first use. */
  take(stream: Stream): string {
    const id = identity(stream);
    const labels = this.open.get(id) ?? this.make(stream);
    const label = labels.shift();
    if (label === undefined) throw new Error('A stream was read more often than it was counted.');
    this.open.set(id, labels);
    return label;
  }

  private make(stream: Stream): string[] {
    const count = this.uses.get(identity(stream)) ?? 1;
    if (stream.type === 'input') return this.split(inputLabel(stream), stream.kind, count);
    const inputs = stream.from.map((source) => `[${this.take(source)}]`).join('');
    const output = this.nextLabel();
    this.lines.push(`${inputs}${stream.filter}${printOptions(stream.options)}[${output}]`);
    return this.split(output, stream.kind, count);
  }

  private split(label: string, kind: Stream['kind'], count: number): string[] {
    if (count === 1) return [label];
    const outputs = Array.from({ length: count }, () => this.nextLabel());
    const ends = outputs.map((output) => `[${output}]`).join('');
    this.lines.push(`[${label}]${kind === 'video' ? 'split' : 'asplit'}=outputs=${count}${ends}`);
    return outputs;
  }

  private nextLabel(): string {
    this.labelCount += 1;
    return `s${this.labelCount}`;
  }
}

function printOptions(options: FilterOptions): string {
  const entries = Object.entries(options);
  if (entries.length === 0) return '';
  return `=${entries.map(([name, value]) => `${name}=${printValue(value)}`).join(':')}`;
}

/** Numbers in fixed notation; text escaped for the filter's own parser, then for the graph's. */
function printValue(value: OptionValue): string {
  if (typeof value === 'number') return printNumber(value);
  const forFilter = value.replace(/[\\':]/g, '\\$&');
  return forFilter.replace(/[\\'[\],;]/g, '\\$&');
}

/** A finite number without exponent, at most nine decimals. Throws on NaN and infinities: they are faults of ours. */
export function printNumber(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`${value} cannot stand in a filter graph`);
  if (Number.isInteger(value)) return value.toFixed(0);
  return value.toFixed(9).replace(/0+$/, '').replace(/\.$/, '');
}
