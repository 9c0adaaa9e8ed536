// Videos whose every frame carries its own number as black and white blocks, so that a decoded frame can be named.
import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Sixteen blocks in a 4 × 4 grid, the lowest bit top left: numbers up to 65,535. */
const grid = 4;

export type CounterSize = { readonly width: number; readonly height: number };

/** One grey frame that shows a number. */
function counterFrame(number: number, size: CounterSize): Buffer {
  const frame = Buffer.alloc(size.width * size.height);
  for (let y = 0; y < size.height; y += 1) {
    for (let x = 0; x < size.width; x += 1) {
      frame[y * size.width + x] = bitAt(number, x / size.width, y / size.height) ? 235 : 16;
    }
  }
  return frame;
}

/** Is the block at this place of the picture (0–1 each) white? */
function bitAt(number: number, x: number, y: number): boolean {
  const bit = Math.floor(y * grid) * grid + Math.floor(x * grid);
  return ((number >> bit) & 1) === 1;
}

/** The number that a decoded grey frame shows. */
function readCounter(frame: Uint8Array, size: CounterSize): number {
  let number = 0;
  for (let bit = 0; bit < grid * grid; bit += 1) {
    const x = Math.floor((((bit % grid) + 0.5) / grid) * size.width);
    const y = Math.floor(((Math.floor(bit / grid) + 0.5) / grid) * size.height);
    if ((frame[y * size.width + x] ?? 0) > 125) number |= 1 << bit;
  }
  return number;
}

/** Writes a video whose frame n shows the number n. */
export async function writeCounterVideo(
  path: string,
  options: CounterSize & {
    readonly fps: string;
    readonly frames: number;
    readonly gop?: number;
    readonly extra?: readonly string[];
  },
): Promise<void> {
  const { width, height } = options;
  const numbers = Array.from({ length: options.frames }, (_, index) => index);
  await ffmpeg(
    [
      ...[
        '-f',
        'rawvideo',
        '-pixel_format',
        'gray',
        '-video_size',
        `${width}x${height}`,
        '-framerate',
        options.fps,
        '-i',
        'pipe:0',
      ],
      ...[
        '-c:v',
        'libx264',
        '-preset',
        'veryfast',
        '-crf',
        '12',
        '-pix_fmt',
        'yuv420p',
        '-color_range',
        'tv',
        '-g',
        String(options.gop ?? 50),
      ],
      ...(options.extra ?? []),
      path,
    ],
    Readable.from(numbers.map((number) => counterFrame(number, options))),
  );
}

/** The numbers shown by a film's frames, in the order of decoding, none dropped or repeated. */
export async function readCounters(path: string, size: CounterSize, crop = ''): Promise<number[]> {
  const filter = crop === '' ? 'format=gray' : `${crop},format=gray`;
  const bytes = await ffmpeg([
    '-i',
    path,
    '-map',
    '0:v',
    '-fps_mode',
    'passthrough',
    '-vf',
    filter,
    '-f',
    'rawvideo',
    'pipe:1',
  ]);
  const frameBytes = size.width * size.height;
  return Array.from({ length: Math.floor(bytes.length / frameBytes) }, (_, index) =>
    readCounter(bytes.subarray(index * frameBytes, (index + 1) * frameBytes), size),
  );
}

/** Runs FFmpeg for a test's own needs and returns what it wrote to standard output. */
export async function ffmpeg(args: readonly string[], input?: Readable): Promise<Buffer> {
  const program = process.env.FFMPEG_PATH ?? 'ffmpeg';
  const child = spawn(program, ['-hide_banner', '-v', 'error', '-y', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  const complaints: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  if (input === undefined) child.stdin.end();
  else await pipeline(input, child.stdin);
  const code = await closed;
  if (code !== 0)
    throw new Error(
      `ffmpeg ${args.join(' ')} exited with ${code ?? 'a signal'}: ${Buffer.concat(complaints).toString()}`,
    );
  return Buffer.concat(output);
}
