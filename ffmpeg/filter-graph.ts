// Filter graphs as frozen data: typed streams, no labels, no text. `print-graph.ts` alone turns them into FFmpeg's language.

export type StreamKind = 'video' | 'audio';

/** One option of a filter: a finite number, or text made by us (an expression, a name), escaped when printed. */
export type OptionValue = number | string;
export type FilterOptions = Readonly<Record<string, OptionValue>>;

/** Pictures or samples flowing out of an input file or a filter. A stream used twice is split when printed. */
export type Stream<Kind extends StreamKind = StreamKind> = InputStream<Kind> | FilteredStream<Kind>;

type InputStream<Kind extends StreamKind> = {
  readonly type: 'input';
  readonly kind: Kind;
  /** Position among the command's inputs. */
  readonly input: number;
  /** Position among the input's streams of this kind. */
  readonly stream: number;
};

type FilteredStream<Kind extends StreamKind> = {
  readonly type: 'filtered';
  readonly kind: Kind;
  readonly filter: string;
  readonly options: FilterOptions;
  readonly from: readonly Stream[];
};

/** The pictures of an input file. */
export function inputVideo(input: number): Stream<'video'> {
  return { type: 'input', kind: 'video', input, stream: 0 };
}

/** The sound of an input file. */
export function inputAudio(input: number): Stream<'audio'> {
  return { type: 'input', kind: 'audio', input, stream: 0 };
}

/** One filter applied to a stream; the kind stays the same. */
export function apply<Kind extends StreamKind>(
  stream: Stream<Kind>,
  filter: string,
  options: FilterOptions = {},
): Stream<Kind> {
  return { type: 'filtered', kind: stream.kind, filter, options, from: [stream] };
}

/** One filter that makes one stream of several of the same kind (overlay, concat, amix). */
export function combine<Kind extends StreamKind>(
  streams: readonly [Stream<Kind>, ...Stream<Kind>[]],
  filter: string,
  options: FilterOptions = {},
): Stream<Kind> {
  return { type: 'filtered', kind: streams[0].kind, filter, options, from: streams };
}

/** A filter that makes pictures or sound from nothing (color, anullsrc). */
export function generate<Kind extends StreamKind>(
  kind: Kind,
  filter: string,
  options: FilterOptions,
): Stream<Kind> {
  return { type: 'filtered', kind, filter, options, from: [] };
}

/** Several filters in a row, each a name and its options. */
export function chain<Kind extends StreamKind>(
  stream: Stream<Kind>,
  filters: readonly (readonly [string, FilterOptions?])[],
): Stream<Kind> {
  return filters.reduce((current, [name, options]) => apply(current, name, options), stream);
}
