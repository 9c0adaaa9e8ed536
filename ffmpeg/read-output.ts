// What a program prints when asked about itself: short, and within seconds.
import type { FfmpegTools } from './ffmpeg-command.ts';
import { runProcess } from './run-process.ts';

const timeoutMs = 15_000;
const outputCharactersMax = 256 * 1024;

export type PrintedOutput = { readonly isSuccess: boolean; readonly text: string };

/** Standard output; whatever is wrong shows in `isSuccess`. */
export async function readOutput(
  program: { readonly path: string; readonly arguments: readonly string[] },
  setprivPath: FfmpegTools['setprivPath'] = null,
): Promise<PrintedOutput> {
  let text = '';
  const end = await runProcess({
    ...program,
    setprivPath,
    signal: AbortSignal.timeout(timeoutMs),
    onStdout: (chunk) => {
      text = (text + chunk).slice(0, outputCharactersMax);
    },
    onStderr: () => undefined,
    silenceMsMax: null,
  });
  return { isSuccess: end.exitCode === 0, text };
}
