// How alike the pictures of two films are, of every frame.
import { decodeMedia } from './ffmpeg-tools.ts';

/** SHA-256 of every decoded picture, in order. A damaged stream is an error, not a guess. */
export async function pictureHashes(path: string): Promise<string[]> {
  const strict = ['-xerror', '-err_detect', 'explode'];
  const passed = ['-map', '0:v:0', '-fps_mode', 'passthrough'];
  const lines = await decodeMedia(...strict, '-i', path, ...passed, '-hash', 'sha256', '-f', 'framehash');
  return lines
    .toString()
    .split('\n')
    .flatMap((line) => (/^\d/.test(line) ? [line.split(',').at(-1)?.trim() ?? ''] : []));
}

/** SSIM of every frame of two films, 0–1: as many values as the shorter one has frames. */
export async function frameLikeness(a: string, b: string): Promise<number[]> {
  const graph =
    '[0:v]settb=1/30,setpts=N[a];[1:v]settb=1/30,setpts=N[b];[a][b]ssim=stats_file=-:shortest=1,format=yuv420p';
  const stats = await decodeMedia('-i', a, '-i', b, '-filter_complex', graph, '-f', 'null');
  return [...stats.toString().matchAll(/All:([\d.]+)/g)].map((match) => Number(match[1]));
}
