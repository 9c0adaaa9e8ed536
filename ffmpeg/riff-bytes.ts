// WAV files say at their beginning how long they are. FFmpeg takes what is there for all of it.
import { open } from 'node:fs/promises';

/** The bytes of a file and those that its header promises. */
export type FileBytes = { readonly there: number; readonly promised: number };

const headBytes = 28;
/** Programs that write to a pipe put the largest number there, or one right below 2 GiB. */
const unknownFrom = 0x7f_ff_f0_00;
const longUnknownFrom = 2n ** 62n;

/** Null where the header does not say, or the file is no RIFF. */
export async function readRiffBytes(path: string): Promise<FileBytes | null> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(headBytes);
    const { bytesRead } = await file.read(head, 0, headBytes, 0);
    const promised = bytesRead < headBytes ? null : promisedBytes(head);
    return promised === null ? null : { promised, there: (await file.stat()).size };
  } finally {
    await file.close();
  }
}

/** RIFF counts what follows its first eight bytes; RF64 says it in eight bytes of its first chunk (EBU Tech 3306). */
function promisedBytes(head: Buffer): number | null {
  const form = head.toString('latin1', 0, 4);
  if (form === 'RF64' && head.toString('latin1', 12, 16) === 'ds64') {
    const long = head.readBigUInt64LE(20);
    return long < longUnknownFrom ? Number(long) + 8 : null;
  }
  const length = head.readUInt32LE(4);
  return form === 'RIFF' && length < unknownFrom ? length + 8 : null;
}
