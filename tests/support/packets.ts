// What ffprobe says of a film's packets, for comparing with the grid they must lie on.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ffmpeg } from './frame-counter.ts';

const run = promisify(execFile);

/** Presentation times of all pictures, in ticks of `timeBase`, in order. */
export async function pictureTimes(
  path: string,
): Promise<{ readonly ticks: number[]; readonly timeBase: readonly [number, number] }> {
  const probe = process.env.FFPROBE_PATH ?? 'ffprobe';
  const options = { maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await run(
    probe,
    [
      '-v',
      'error',
      '-select_streams',
      'v:0',
      '-show_entries',
      'stream=time_base:packet=pts',
      '-of',
      'json',
      path,
    ],
    options,
  );
  const probed = JSON.parse(stdout) as { packets: { pts: number }[]; streams: { time_base: string }[] };
  const [num = 0, den = 1] = (probed.streams[0]?.time_base ?? '0/1').split('/').map(Number);
  return { ticks: probed.packets.map((packet) => packet.pts).sort((a, b) => a - b), timeBase: [num, den] };
}

/** The programme's samples as mono float, decoded by a player's rules (edit list respected). */
export async function decodeSound(path: string, sampleRate = 48_000): Promise<Float32Array> {
  const bytes = await ffmpeg([
    '-i',
    path,
    '-map',
    '0:a',
    '-ac',
    '1',
    '-ar',
    String(sampleRate),
    '-f',
    'f32le',
    'pipe:1',
  ]);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** Where clicks are: the loudest sample of each run above the threshold, runs apart by `apart` samples. */
export function findClicks(sound: Float32Array, threshold: number, apart: number): number[] {
  const clicks: number[] = [];
  let best = -1;
  let last = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < sound.length; index += 1) {
    const level = Math.abs(sound[index] ?? 0);
    if (level < threshold) continue;
    if (index - last > apart) {
      if (best >= 0) clicks.push(best);
      best = index;
    } else if (level > Math.abs(sound[best] ?? 0)) best = index;
    last = index;
  }
  if (best >= 0) clicks.push(best);
  return clicks;
}
