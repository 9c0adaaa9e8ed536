// Coded pictures that say "as before": made once for each format, and only where the encoder proves that they are what they say.
import { chmod, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nalType, nalTypes } from '../../ffmpeg/h264-units.ts';
import { type PictureFormat, SkipFrameMaker, type WorkFolder } from '../../ffmpeg/skip-frames.ts';
import { asFrames } from '../../plan-compiler/frame-time.ts';
import { makeFolder, type TestFolder, testTools } from '../support/ffmpeg-tools.ts';

type Changes = Partial<Omit<PictureFormat, 'video'>> & { readonly video?: Partial<PictureFormat['video']> };

function formatOf({ video = {}, ...changes }: Changes = {}): PictureFormat {
  const usual = { codec: 'h264', preset: 'veryfast', crf: 23, threads: 2, repeatsStills: true } as const;
  return {
    width: 64,
    height: 36,
    fps: { num: 30, den: 1 },
    ...changes,
    video: { ...usual, gopFrames: asFrames(240), ...video },
  };
}

let home: TestFolder;
beforeAll(async () => {
  home = await makeFolder();
});
afterAll(() => home.remove());

/** Opens folders and knows how many were opened and which are left. */
class Folders {
  opened = 0;
  readonly left = new Set<string>();

  readonly open = async (): Promise<WorkFolder> => {
    this.opened += 1;
    const folder = await makeFolder();
    const dir = folder.path('.');
    this.left.add(dir);
    const remove = async (): Promise<void> => {
      await folder.remove();
      this.left.delete(dir);
    };
    return { dir, remove };
  };
}

const formats: Record<string, PictureFormat> = {
  '64 × 36': formatOf(),
  '1920 × 1080': formatOf({ width: 1920, height: 1080 }),
  'sizes that are no multiple of a macroblock': formatOf({ width: 162, height: 90 }),
  '30000/1001 frames a second': formatOf({ fps: { num: 30_000, den: 1001 } }),
  '7 frames a second': formatOf({ fps: { num: 7, den: 1 } }),
  'the best quality with losses': formatOf({ video: { crf: 1 } }),
  'the worst quality': formatOf({ video: { crf: 51 } }),
  'one thread': formatOf({ width: 320, height: 180, video: { threads: 1 } }),
  'four threads': formatOf({ width: 320, height: 180, video: { threads: 4 } }),
  'key frames close to each other': formatOf({ video: { gopFrames: asFrames(8) } }),
};

describe('pictures that say "as before"', () => {
  it.each(Object.entries(formats))('are made for %s', { timeout: 60_000 }, async (_, format) => {
    const folders = new Folders();
    const made = await new SkipFrameMaker(testTools, folders.open).forFormat(format);
    if (made === null) throw new Error('This encoder cannot repeat pictures.');
    expect(nalType(made.slice)).toBe(nalTypes.slice);
    expect(made.settings.parameterSets.map(nalType)).toEqual([
      nalTypes.sequenceParameters,
      nalTypes.pictureParameters,
    ]);
    // At 1920 × 1080 some 66.
    expect(made.slice.length).toBeLessThan(100);
    expect(folders.left.size).toBe(0);
  });

  it('are none where nothing is lost: x264 then codes blocks anew that do not change', async () => {
    const maker = new SkipFrameMaker(testTools, new Folders().open);
    expect(await maker.forFormat(formatOf({ video: { crf: 0 } }))).toBeNull();
  });

  it('are made once for a format, also where several scenes ask at once', async () => {
    const folders = new Folders();
    const maker = new SkipFrameMaker(testTools, folders.open);
    const [first, second] = await Promise.all([maker.forFormat(formatOf()), maker.forFormat(formatOf())]);
    expect(second).toBe(first);
    expect(await maker.forFormat(formatOf())).toBe(first);
    expect(folders.opened).toBe(1);
    expect(await maker.forFormat(formatOf({ video: { crf: 30 } }))).not.toBe(first);
    expect(folders.opened).toBe(2);
  });
});

/** An FFmpeg that does to its arguments what the script says, then is the real one. */
async function wrapped(
  name: string,
  script: string,
): Promise<SkipFrameMaker & { readonly folders: Folders }> {
  const path = home.path(name);
  await writeFile(path, `#!/bin/sh\n${script}\nexec ${testTools.ffmpegPath} "$@"\n`);
  await chmod(path, 0o755);
  const folders = new Folders();
  // A sandbox would not see the script.
  const cage = {
    ...testTools.cage,
    sandbox: { kind: 'none', reason: 'a script stands before FFmpeg' },
  } as const;
  const maker = new SkipFrameMaker({ ...testTools, ffmpegPath: path, cage }, folders.open);
  return Object.assign(maker, { folders });
}

/** Puts options before the last argument, the output's path. */
const beforeOutput = (options: string): string =>
  [
    'for last; do :; done; count=$#; index=1',
    'for argument; do',
    '  shift; [ $index -lt $count ] && set -- "$@" "$argument"; index=$((index + 1))',
    'done',
    `case "$last" in *.264) set -- "$@" ${options};; esac; set -- "$@" "$last"`,
  ].join('\n');

describe('an encoder', () => {
  const unfit: Record<string, string> = {
    'several slices for each picture': beforeOutput('-x264-params slices=3'),
    'key frames where none are asked for': beforeOutput('-g 8'),
    'frame numbers that count further than 15': beforeOutput('-x264-params ref=16:bframes=3:b-pyramid=1'),
    'less pictures': beforeOutput('-frames:v 20'),
    'pictures that change where they should stand': [
      'for argument; do shift',
      '  case "$argument" in *color=black*) argument=$(echo "$argument" | sed "s/color=size/testsrc2=size/; s/:color=black//");; esac',
      '  set -- "$@" "$argument"',
      'done',
    ].join('\n'),
    'nothing at all, because it refuses': 'exit 1',
  };

  it.each(Object.entries(unfit))('that gives %s is not used', async (name, script) => {
    const maker = await wrapped(name.replaceAll(' ', '-'), script);
    // Large enough that a moving picture has no frame without a change.
    const format = formatOf({ width: 320, height: 180 });
    expect(await maker.forFormat(format)).toBeNull();
    // It is the same encoder for every scene: it is not asked again.
    expect(await maker.forFormat(format)).toBeNull();
    expect(maker.folders.opened).toBe(1);
    expect(maker.folders.left.size).toBe(0);
  });

  it('that was killed is asked again for the next scene', async () => {
    const marker = home.path('kill');
    await writeFile(marker, '');
    const maker = await wrapped('killed', `[ -e ${marker} ] && kill -9 $$`);
    await expect(maker.forFormat(formatOf())).rejects.toMatchObject({ retryable: true });
    expect(maker.folders.left.size).toBe(0);
    await rm(marker);
    expect(await maker.forFormat(formatOf())).not.toBeNull();
    expect(maker.folders.opened).toBe(2);
  });

  it('is asked again where there was no folder to work in', async () => {
    const folders = new Folders();
    let isFull = true;
    const maker = new SkipFrameMaker(testTools, () =>
      isFull ? Promise.reject(new Error('ENOSPC')) : folders.open(),
    );
    const both = await Promise.allSettled([maker.forFormat(formatOf()), maker.forFormat(formatOf())]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isFull = false;
    expect(await maker.forFormat(formatOf())).not.toBeNull();
  });
});
