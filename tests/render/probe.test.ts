import { randomBytes } from 'node:crypto';
import { copyFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeAsset } from '../../ffmpeg/probe-asset.ts';
import { makeFolder, makeMedia, type TestFolder, testTools } from '../support/ffmpeg-tools.ts';
import { writeWav } from '../support/sound-files.ts';

let folder: TestFolder;
beforeAll(async () => {
  folder = await makeFolder();
  await make(
    'good.mp4',
    ...picture(),
    ...tone,
    ...h264,
    '-c:a',
    'aac',
    '-shortest',
    '-movflags',
    '+faststart',
  );
});
afterAll(() => folder.remove());

const picture = (options = 's=64x36:r=25:d=2') => ['-f', 'lavfi', '-i', `testsrc2=${options}`];
const tone = ['-f', 'lavfi', '-i', 'sine=d=2:r=44100'];
const subtitles = '1\n00:00:00,000 --> 00:00:01,000\nHello\n';
const h264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'];

const make = (name: string, ...args: readonly string[]) => makeMedia(...args, folder.path(name));
const probe = (name: string) => probeAsset(testTools, { path: folder.path(name), name });

/** The text of the refusal. */
async function refusal(name: string): Promise<string> {
  const error: unknown = await probe(name).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: 'ASSET_INVALID' });
  return error instanceof Error ? error.message : '';
}

describe('the facts of an upload', () => {
  it('of a video with sound are measured', async () => {
    const facts = await probe('good.mp4');
    expect(facts).toMatchObject({
      kind: 'video',
      demuxer: 'mov',
      video: {
        codec: 'h264',
        width: 64,
        height: 36,
        rotation: 0,
        fps: '25/1',
        frames: 50,
        durationSeconds: 2,
        pixelFormat: 'yuv420p',
        hasAlpha: false,
        isInterlaced: false,
      },
      audio: { codec: 'aac', sampleRate: 44_100, channels: 1 },
    });
    expect(facts.audio?.durationSeconds).toBeCloseTo(2, 1);
  });

  it('of pictures are those of one still', async () => {
    for (const [name, demuxer] of [
      ['a.png', 'png_pipe'],
      ['a.jpg', 'jpeg_pipe'],
      ['a.webp', 'webp_pipe'],
    ] as const) {
      await make(name, ...picture(), '-vf', 'scale=65:37,setsar=1', '-frames:v', '1');
      const facts = await probe(name);
      expect(facts).toMatchObject({ kind: 'image', demuxer, durationSeconds: 0, audio: null });
      expect(facts.video).toMatchObject({ width: 65, height: 37, frames: 1, fps: '0/0', durationSeconds: 0 });
    }
  });

  it('of a photograph on its side are those of the photograph as shown', async () => {
    await make('side.jpg', ...picture('s=64x36:r=1:d=1'), '-frames:v', '1');
    const jpeg = await readFile(folder.path('side.jpg'));
    const orientation = '4949 2a00 0800 0000 0100 1201 0300 0100 0000 0600 0000 0000 0000'.replaceAll(
      ' ',
      '',
    );
    const exif = Buffer.concat([Buffer.from('Exif\0\0'), Buffer.from(orientation, 'hex')]);
    const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
    await writeFile(
      folder.path('side.jpg'),
      Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]),
    );
    expect((await probe('side.jpg')).video).toMatchObject({
      width: 36,
      height: 64,
      codedWidth: 64,
      rotation: 90,
    });
  });

  it('of a GIF are a video, of one picture an image', async () => {
    await make('moving.gif', ...picture('s=64x36:r=10:d=1'));
    await make('one.gif', ...picture('s=64x36:r=10:d=1'), '-frames:v', '1');
    const moving = await probe('moving.gif');
    expect(moving).toMatchObject({ kind: 'video', demuxer: 'gif', video: { frames: 10 } });
    expect(moving.durationSeconds).toBeCloseTo(1, 1);
    expect((await probe('one.gif')).kind).toBe('image');
  });

  it('of sounds count no cover picture', async () => {
    await make('cover.png', ...picture(), '-frames:v', '1');
    await make(
      'song.mp3',
      ...tone,
      '-i',
      folder.path('cover.png'),
      '-map',
      '0',
      '-map',
      '1',
      '-c:v',
      'copy',
      '-disposition:v',
      'attached_pic',
    );
    expect(await probe('song.mp3')).toMatchObject({ kind: 'audio', demuxer: 'mp3', video: null });
    for (const [name, demuxer] of [
      ['a.flac', 'flac'],
      ['a.ogg', 'ogg'],
      ['a.aac', 'aac'],
      ['a.m4a', 'mov'],
    ] as const) {
      await make(name, ...tone, ...(name === 'a.ogg' ? ['-c:a', 'libvorbis'] : []));
      const facts = await probe(name);
      expect(facts).toMatchObject({ kind: 'audio', demuxer, video: null });
      expect(facts.durationSeconds).toBeCloseTo(2, 1);
    }
    await writeWav(folder.path('a.wav'), { sampleRate: 8_000, channels: 2, samples: 4_000, at: () => 0 });
    expect(await probe('a.wav')).toMatchObject({ kind: 'audio', durationSeconds: 0.5 });
  });

  it('of a video with subtitles are those of its pictures and sound', async () => {
    await writeFile(folder.path('a.srt'), subtitles);
    await make(
      'words.mp4',
      '-i',
      folder.path('good.mp4'),
      '-i',
      folder.path('a.srt'),
      '-c',
      'copy',
      '-c:s',
      'mov_text',
    );
    await make('words.mkv', '-i', folder.path('good.mp4'), '-i', folder.path('a.srt'), '-c', 'copy');
    for (const name of ['words.mp4', 'words.mkv']) {
      expect(await probe(name)).toMatchObject({
        kind: 'video',
        video: { frames: 50 },
        audio: { codec: 'aac' },
      });
    }
  });

  it('see opacity, interlacing, wide pixels and rates that vary', async () => {
    await make('alpha.webm', ...picture(), '-vf', 'format=yuva420p', '-c:v', 'libvpx-vp9', '-frames:v', '3');
    expect((await probe('alpha.webm')).video?.hasAlpha).toBe(true);
    await make(
      'field.mp4',
      ...picture(),
      ...h264,
      '-x264-params',
      'tff=1',
      '-flags',
      '+ildct+ilme',
      '-vf',
      'setfield=tff',
    );
    expect((await probe('field.mp4')).video?.isInterlaced).toBe(true);
    await make('wide.mp4', ...picture('s=72x60:r=25:d=1'), '-vf', 'setsar=16/15', ...h264);
    expect((await probe('wide.mp4')).video).toMatchObject({ width: 77, height: 60, codedWidth: 72 });
    await make(
      'varying.mkv',
      ...picture('s=64x36:r=30:d=2'),
      '-vf',
      "select='lt(n,30)+not(mod(n,3))'",
      '-fps_mode',
      'vfr',
      ...h264,
    );
    const { video } = await probe('varying.mkv');
    expect(video?.frames).toBe(40);
    const [num = 0, den = 1] = (video?.fps ?? '').split('/').map(Number);
    expect(num / den).toBeGreaterThan(19);
    expect(num / den).toBeLessThan(22);
  });
});

describe('an upload is refused', () => {
  it('when it is no media file, and the refusal says what it seems to be', async () => {
    const contents: Readonly<Record<string, [string | Buffer, string]>> = {
      'list.mp4': ['#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n', 'HLS playlist'],
      'script.mp4': ["ffconcat version 1.0\nfile 'good.mp4'\n", 'ffconcat'],
      'drawing.png': ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'SVG'],
      'page.jpg': ['<!doctype html><title>404</title>', 'HTML'],
      'empty.mp4': ['', 'empty'],
      'zeros.mp4': [Buffer.alloc(5_000), 'zero bytes'],
      'letter.mp4': ['Dear reader, this is text.', 'plain text'],
    };
    for (const [name, [content, text]] of Object.entries(contents)) {
      await writeFile(folder.path(name), content);
      expect(await refusal(name), name).toContain(text);
    }
  });

  it('when random bytes only begin like a media file', async () => {
    for (const start of [
      '\0\0\0\x18ftypisom',
      '\x1a\x45\xdf\xa3',
      '\x89PNG\r\n\x1a\n',
      'OggS',
      'fLaC',
      'GIF89a',
      '\xff\xd8\xff',
      '',
    ]) {
      const content = Buffer.concat([Buffer.from(start, 'latin1'), randomBytes(5_000).fill(7, 0, 4)]);
      await writeFile(folder.path('random'), content);
      expect(await refusal('random'), start).not.toBe('');
    }
  });

  it('when it was cut off, naming both lengths', async () => {
    const size = (await readFile(folder.path('good.mp4'))).length;
    await copyFile(folder.path('good.mp4'), folder.path('cut.mp4'));
    await truncate(folder.path('cut.mp4'), Math.floor(size * 0.5));
    expect(await refusal('cut.mp4')).toMatch(
      /cut off: its header promises 50 packets \(2\.00 s\), it holds [123]?\d \(/,
    );
    await make('whole.mkv', '-i', folder.path('good.mp4'), '-c', 'copy');
    const matroska = await readFile(folder.path('whole.mkv'));
    await writeFile(folder.path('cut.mkv'), matroska.subarray(0, Math.floor(matroska.length * 0.5)));
    expect(await refusal('cut.mkv')).toContain('cut off');
    await make('whole.png', ...picture(), '-frames:v', '1');
    const png = await readFile(folder.path('whole.png'));
    await writeFile(folder.path('cut.png'), png.subarray(0, Math.floor(png.length * 0.5)));
    expect(await refusal('cut.png')).not.toBe('');
  });

  it('when it is a WAV file that was cut off, which FFprobe takes for a shorter one', async () => {
    for (const [name, options] of [
      ['whole.wav', []],
      ['long.wav', ['-rf64', 'always']],
    ] as const) {
      await make(name, ...tone, ...options);
      expect(await probe(name)).toMatchObject({ durationSeconds: 2 });
      const bytes = await readFile(folder.path(name));
      await writeFile(folder.path('cut.wav'), bytes.subarray(0, bytes.length / 2));
      expect(await refusal('cut.wav'), name).toMatch(
        /cut off: its header promises about \d+ packets \(2\.00 s\)/,
      );
    }
    // Who writes to a pipe does not know how long it will be.
    const piped = await readFile(folder.path('whole.wav'));
    for (const length of [0xff_ff_ff_ff, 0x7f_ff_f0_24, 0]) {
      piped.writeUInt32LE(length, 4);
      await writeFile(folder.path('piped.wav'), piped);
      expect(await probe('piped.wav'), String(length)).toMatchObject({ durationSeconds: 2 });
    }
    const long = await readFile(folder.path('long.wav'));
    long.fill(0xff, 20, 28);
    await writeFile(folder.path('piped.wav'), long);
    expect(await probe('piped.wav')).toMatchObject({ durationSeconds: 2 });
  });

  it('when FFprobe gives up on it, in words that need no lines of FFprobe', async () => {
    await make('late.mp4', ...picture(), '-frames:v', '5', '-c:v', 'libx264');
    const whole = await readFile(folder.path('late.mp4'));
    await writeFile(folder.path('late.mp4'), whole.subarray(0, Math.floor(whole.length * 0.5)));
    expect(await refusal('late.mp4')).toContain('is cut off: it has no index (moov)');
    await writeFile(folder.path('head.mkv'), Buffer.from('1a45dfa3'.padEnd(200, '0'), 'hex'));
    expect(await refusal('head.mkv')).toContain('cannot be read: it is damaged, cut off');
    for (const name of ['late.mp4', 'head.mkv']) expect(await refusal(name)).not.toContain('exited');
  });

  it('when its picture is a bomb, naming its size', async () => {
    await writeFile(folder.path('bomb.png'), pngOf(65_500, 65_500));
    expect(await refusal('bomb.png')).toContain('65500 × 65500');
    await writeFile(folder.path('large.png'), pngOf(16_000, 16_000));
    expect(await refusal('large.png')).toContain('16000 × 16000');
  });

  it('when its codec is not allowed, naming the codec', async () => {
    await make('lossless.mkv', ...picture(), '-c:v', 'ffv1', '-frames:v', '3');
    expect(await refusal('lossless.mkv')).toContain('"ffv1"');
  });

  it('when it holds nothing to see or hear', async () => {
    await writeFile(folder.path('a.srt'), subtitles);
    await make('only-words.mkv', '-i', folder.path('a.srt'), '-c', 'copy');
    expect(await refusal('only-words.mkv')).toContain('neither pictures nor sound');
  });

  it('in whole sentences, also where the file has no name', async () => {
    await writeFile(folder.path('words.mp4'), 'only words');
    for (const name of ['words.mp4', 'only-words.mkv', 'lossless.mkv', 'cut.mp4', 'bomb.png', 'cut.png']) {
      const error: unknown = await probeAsset(testTools, { path: folder.path(name) }).catch(
        (cause: unknown) => cause,
      );
      expect(error, name).toMatchObject({ code: 'ASSET_INVALID' });
      expect(error instanceof Error ? error.message : '', name).toMatch(/^[A-Z].*\.$/s);
    }
  });

  it('is stopped when it is told to', async () => {
    const stopped = probeAsset(testTools, { path: folder.path('good.mp4'), signal: AbortSignal.abort() });
    await expect(stopped).rejects.toThrow(/abort/i);
  });
});

/** A PNG whose header promises so many pixels and whose body is tiny. */
function pngOf(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
  };
  const parts = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1_000))),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]);
}
