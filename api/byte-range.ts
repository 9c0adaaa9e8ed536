export type ByteRange =
  | { readonly kind: 'whole' }
  /** First and last byte, inclusive. */
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'unsatisfiable' };

/** Reads a Range header (RFC 9110, section 14). What is malformed or asks for several parts counts as absent, as the RFC allows. */
export function readByteRange(header: string | undefined, bytes: number): ByteRange {
  const suffixMatch = /^bytes=-(\d{1,15})$/.exec(header ?? '');
  if (suffixMatch !== null) return suffix(Number(suffixMatch[1]), bytes);
  const match = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header ?? '');
  if (match === null) return { kind: 'whole' };
  const [start, last] = [Number(match[1]), match[2] === '' ? Number.POSITIVE_INFINITY : Number(match[2])];
  if (last < start) return { kind: 'whole' };
  return start < bytes ? { kind: 'part', start, end: Math.min(last, bytes - 1) } : { kind: 'unsatisfiable' };
}

/** The last `length` bytes. */
function suffix(length: number, bytes: number): ByteRange {
  if (length === 0 || bytes === 0) return { kind: 'unsatisfiable' };
  return { kind: 'part', start: Math.max(0, bytes - length), end: bytes - 1 };
}
