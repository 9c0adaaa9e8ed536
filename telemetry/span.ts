/** What OpenTelemetry calls the kind of a span, by its number on the wire. */
export const spanKinds = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;

/** Ids, names and numbers of ours; never what a user wrote. */
export type Attributes = Readonly<Record<string, string | number | boolean | null>>;

/** Something that took time, as it is sent. */
export type Span = {
  readonly traceId: string;
  readonly spanId: string;
  /** Null: the trace begins here. */
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: keyof typeof spanKinds;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  /** Null: it went well. */
  readonly error: string | null;
};
