import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const frameCount = 20;

/** The lowest SSIM of 20 frames spread over two films of one length: 1 is equal. */
export async function lowestSsim(
  ffmpegPath: string,
  films: readonly [string, string],
  totalFrames: number,
): Promise<number> {
  const step = Math.floor(totalFrames / frameCount);
  const pick = `select='not(mod(n-${Math.floor(step / 2)},${step}))',settb=1/30,setpts=N`;
  const graph = `[0:v]${pick}[a];[1:v]${pick}[b];[a][b]ssim=stats_file=-`;
  const { stdout } = await run(
    ffmpegPath,
    ['-v', 'error', '-i', films[0], '-i', films[1], '-filter_complex', graph, '-f', 'null', '-'],
    {
      maxBuffer: 16 * 1024 * 1024,
    },
  );
  const values = [...stdout.matchAll(/All:([\d.]+)/g)].map((match) => Number(match[1]));
  if (values.length < frameCount)
    throw new Error(`Only ${values.length} of ${frameCount} frames were compared.`);
  return Math.min(...values);
}
