// What a program prints when asked about itself: short, and within seconds.
import { type Cage, openGround } from './cage.ts';
import { runProcess } from './run-process.ts';
import { Tail } from './tail.ts';

const timeoutMs = 15_000;
const outputCharactersMax = 256 * 1024;

export type PrintedOutput = {
  readonly isSuccess: boolean;
  /** Standard output. */
  readonly text: string;
  /** The last line of standard error. */
  readonly complaint: string;
};

/** Whatever is wrong shows in `isSuccess`. */
export async function readOutput(
  program: { readonly path: string; readonly arguments: readonly string[] },
  cage: Cage = openGround,
): Promise<PrintedOutput> {
  let text = '';
  const complaints = new Tail();
  const end = await runProcess({
    run: { ...program, reads: [], writes: [] },
    cage,
    signal: AbortSignal.timeout(timeoutMs),
    onStdout: (chunk) => {
      text = (text + chunk).slice(0, outputCharactersMax);
    },
    onStderr: (chunk) => complaints.add(chunk),
    silenceMsMax: null,
  });
  return { isSuccess: end.exitCode === 0, text, complaint: complaints.text.split('\n').at(-1) ?? '' };
}
