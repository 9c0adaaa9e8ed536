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

/**
 * Where clicks are, in samples: the centre of energy of every burst above the threshold. A lossy coder may move the peak of a
 * burst by a period of its tone; the centre stays.
 */
export function findClicks(sound: Float32Array, threshold: number, apart: number): number[] {
  const clicks: number[] = [];
  for (let index = 0; index < sound.length; index += 1) {
    if (Math.abs(sound[index] ?? 0) < threshold) continue;
    clicks.push(energyCentre(sound, index));
    index += apart;
  }
  return clicks;
}

/** 2 ms before to 4 ms after the first loud sample, at 48 kHz. */
function energyCentre(sound: Float32Array, start: number): number {
  let energy = 0;
  let moment = 0;
  for (let index = Math.max(0, start - 96); index < Math.min(sound.length, start + 192); index += 1) {
    const power = (sound[index] ?? 0) ** 2;
    energy += power;
    moment += power * index;
  }
  return moment / energy;
}
