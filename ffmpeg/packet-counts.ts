// Counts the packets of each stream of a file as they pass, and remembers where they begin and end.
import type { MediaPacket } from './read-media.ts';

/** In the stream's time base. */
export type PacketSpan = {
  readonly packets: number;
  /** The first and the last time stamp; null where no packet has one. */
  readonly first: number | null;
  readonly last: number | null;
  /** Where the packet that ends last ends; null where no packet has a time stamp. */
  readonly end: number | null;
};

const nothing: PacketSpan = { packets: 0, first: null, last: null, end: null };

export class PacketCounts {
  private readonly spans = new Map<number, PacketSpan>();

  add(packet: MediaPacket): void {
    if (packet.isDiscarded) return;
    const span = this.of(packet.stream);
    const { pts } = packet;
    this.spans.set(packet.stream, {
      packets: span.packets + 1,
      first: least(span.first, pts),
      last: greatest(span.last, pts),
      end: greatest(span.end, pts === null ? null : pts + packet.duration),
    });
  }

  of(stream: number): PacketSpan {
    return this.spans.get(stream) ?? nothing;
  }
}

function least(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

function greatest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
