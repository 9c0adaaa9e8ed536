// The bench's own media: made once, deterministic, heavy enough that encoding them is real work.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type BenchMedia = Readonly<Record<'clip' | 'inset' | 'photo' | 'gradient' | 'music', string>>;

const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-pix_fmt', 'yuv420p', '-g', '60'];
const bt709 = [
  '-colorspace',
  'bt709',
  '-color_primaries',
  'bt709',
  '-color_trc',
  'bt709',
  '-color_range',
  'tv',
];
/** Moving detail with a little grain, as recorded pictures have. */
const moving = (size: string, seconds: number): string =>
  `testsrc2=s=${size}:r=30:d=${seconds},noise=alls=4:allf=t:all_seed=7,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p`;

const recipes: Readonly<
  Record<keyof BenchMedia, { readonly file: string; readonly args: readonly string[] }>
> = {
  clip: {
    file: 'clip.mp4',
    args: [
      '-f',
      'lavfi',
      '-i',
      moving('1920x1080', 52),
      '-f',
      'lavfi',
      '-i',
      'sine=f=330:d=52:r=48000',
      ...x264,
      ...bt709,
      '-c:a',
      'aac',
    ],
  },
  inset: { file: 'inset.mp4', args: ['-f', 'lavfi', '-i', moving('1280x720', 10), ...x264, ...bt709, '-an'] },
  photo: {
    file: 'photo.png',
    args: ['-f', 'lavfi', '-i', 'mandelbrot=s=2400x1350:start_scale=0.02,gblur=sigma=10', '-frames:v', '1'],
  },
  gradient: {
    file: 'gradient.png',
    args: [
      '-f',
      'lavfi',
      '-i',
      'gradients=s=1920x1080:c0=0x102040:c1=0x804060:x0=0:y0=0:x1=1919:y1=1079:seed=1',
      '-frames:v',
      '1',
    ],
  },
  music: {
    file: 'music.m4a',
    args: [
      '-f',
      'lavfi',
      '-i',
      'aevalsrc=0.2*sin(2*PI*220*t)+0.1*sin(2*PI*277*t)|0.2*sin(2*PI*221*t):d=120:s=48000',
      '-c:a',
      'aac',
      '-b:a',
      '192k',
    ],
  },
};

/** Paths of the media in a folder; what is missing, or was made by another recipe, is made. */
export async function provideMedia(folder: string, ffmpegPath: string): Promise<BenchMedia> {
  await mkdir(folder, { recursive: true });
  const paths = Object.entries(recipes).map(async ([name, { file, args }]) => {
    const recipe = createHash('sha256').update(args.join(' ')).digest('hex').slice(0, 8);
    const path = join(folder, `${recipe}-${file}`);
    const isThere = await stat(path)
      .then(() => true)
      .catch(() => false);
    if (!isThere) {
      const temporary = join(folder, `making-${file}`);
      await run(ffmpegPath, ['-v', 'error', '-y', ...args, '-fflags', '+bitexact', temporary]);
      await rename(temporary, path);
    }
    return [name, path] as const;
  });
  // Every name of `recipes` has its path.
  return Object.fromEntries(await Promise.all(paths)) as BenchMedia;
}
