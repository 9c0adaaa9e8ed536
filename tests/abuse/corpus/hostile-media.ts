// Makes the hostile files of the abuse tests: each claims to be media, and each wants something that it must not get.
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { makeMedia } from '../../support/ffmpeg-tools.ts';
import type { Canary } from '../canary.ts';

export type HostileFile = {
  readonly name: string;
  readonly path: string;
  /** What the owner is told when it is refused; null where the file is harmless and must be read without what it wants. */
  readonly refusal: RegExp | null;
};

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'] as const;
const picture = (size = '64x36', seconds = 1): readonly string[] => [
  ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=25:duration=${seconds}`],
];

/** Writes all of them into the folder; takes a few seconds. */
export async function makeHostileMedia(folder: string, canary: Canary): Promise<readonly HostileFile[]> {
  const good = join(folder, 'good.mp4');
  await makeMedia(...picture(), ...h264, '-movflags', '+faststart', good);
  const written = [
    ...scripts(canary),
    ...(await brokenFiles(good)),
    { name: 'bomb-65500.png', bytes: png(65_500, Buffer.alloc(1024)), refusal: /pixels|picture/ },
    { name: 'bomb-16000.png', bytes: png(16_000, Buffer.alloc(16_000 * 2_001)), refusal: /16000 × 16000/ },
  ];
  const made = await Promise.all(
    written.map(async ({ name, bytes, refusal }) => {
      const path = join(folder, name);
      await writeFile(path, bytes);
      return { name, path, refusal };
    }),
  );
  return [...made, ...(await encodedFiles(folder, good))];
}

type Written = Pick<HostileFile, 'name' | 'refusal'> & { readonly bytes: Buffer | string };

/** Text that names other files or addresses, under names of media. */
function scripts({ path, relativePath, url }: Canary): readonly Written[] {
  const playlist = (target: string): string =>
    `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${target}\n#EXT-X-ENDLIST\n`;
  const concat = (target: string): string => `ffconcat version 1.0\nfile '${target}'\n`;
  const dash = (target: string): string =>
    `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet><Representation id="1"><BaseURL>${target}</BaseURL></Representation></AdaptationSet></Period></MPD>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="64" height="36"><image xlink:href="${url}/a.png" width="64" height="36"/></svg>`;
  const refusal = /is not a media file/;
  return [
    { name: 'hls-absolute.mp4', bytes: playlist(`file://${path}`), refusal },
    { name: 'hls-relative.mp4', bytes: playlist(relativePath), refusal },
    { name: 'hls-passwd.mp4', bytes: playlist('file:///etc/passwd'), refusal },
    { name: 'hls-http.mp4', bytes: playlist(`${url}/a.ts`), refusal },
    { name: 'concat-relative.mp4', bytes: concat(relativePath), refusal },
    { name: 'concat-absolute.mp4', bytes: concat(path), refusal },
    { name: 'concat-http.mp4', bytes: concat(`${url}/a.ts`), refusal },
    { name: 'dash-file.mp4', bytes: dash(`file://${path}`), refusal },
    { name: 'dash-http.mp4', bytes: dash(`${url}/a.mp4`), refusal },
    { name: 'drawing.png', bytes: svg, refusal },
    { name: 'drawing.svg', bytes: svg, refusal },
    { name: 'page.mp4', bytes: `<!doctype html><img src="${url}/a.png">`, refusal },
    { name: 'program.mp4', bytes: '#!/bin/sh\nid > /tmp/hit\n', refusal },
    { name: 'archive.mp4', bytes: 'PK\u0003\u0004archive', refusal },
  ];
}

async function brokenFiles(good: string): Promise<readonly Written[]> {
  const whole = await readFile(good);
  const head = whole.subarray(0, 32);
  const refusal = /cut off|could not|not a media file|neither|no length|no picture/;
  return [
    { name: 'empty.mp4', bytes: '', refusal },
    { name: 'random.mp4', bytes: randomBytes(65_536), refusal },
    { name: 'random-behind-a-head.mp4', bytes: Buffer.concat([head, randomBytes(65_536)]), refusal },
    { name: 'head-alone.mp4', bytes: head, refusal },
    { name: 'half.mp4', bytes: whole.subarray(0, Math.floor(whole.length / 2)), refusal },
  ];
}

async function encodedFiles(folder: string, good: string): Promise<readonly HostileFile[]> {
  const at = (name: string): string => join(folder, name);
  const tone = (count: number): string[] => Array.from({ length: count }, () => ['-map', '1']).flat();
  const sine = ['-f', 'lavfi', '-i', 'sine=duration=0.1'] as const;
  await makeMedia(...picture('6400x6400', 0.04), ...h264, at('too-large.mp4'));
  await makeMedia(
    ...picture(),
    ...sine,
    '-map',
    '0',
    ...tone(300),
    ...h264,
    '-c:a',
    'pcm_s16le',
    at('300-sounds.mkv'),
  );
  await makeMedia(...picture(), '-c:v', 'magicyuv', at('magicyuv.mkv'));
  await makeMedia(...picture(), '-c:v', 'ffv1', at('ffv1.mkv'));
  const attachment = ['-attach', good, '-metadata:s:t', 'mimetype=application/x-evil'] as const;
  const outside = ['-metadata:s:t', 'filename=../../../tmp/scenemill-abuse-hit'] as const;
  await makeMedia(...picture(), ...attachment, ...outside, ...h264, at('attachment.mkv'));
  const marks = [
    '-metadata',
    'title=<script>alert(1)</script>',
    '-metadata',
    'location=+48.8577+002.295/',
  ] as const;
  await makeMedia(...picture(), ...h264, ...marks, at('marked.mp4'));
  await makeMedia(...picture('64x36', 0.04), ...h264, at('one-frame.mp4'));
  return [
    { name: 'too-large.mp4', path: at('too-large.mp4'), refusal: /6400 × 6400 pixels/ },
    { name: '300-sounds.mkv', path: at('300-sounds.mkv'), refusal: /more streams/ },
    { name: 'magicyuv.mkv', path: at('magicyuv.mkv'), refusal: /codec "magicyuv"/ },
    { name: 'ffv1.mkv', path: at('ffv1.mkv'), refusal: /codec "ffv1"/ },
    { name: 'attachment.mkv', path: at('attachment.mkv'), refusal: null },
    { name: 'marked.mp4', path: at('marked.mp4'), refusal: null },
    { name: 'one-frame.mp4', path: at('one-frame.mp4'), refusal: null },
  ];
}

/** A square of one bit per pixel: 31 KB that unpack to 32 MB of rows, or a size that nothing stands behind. */
function png(side: number, rows: Buffer): Buffer {
  const size = Buffer.alloc(13);
  size.writeUInt32BE(side, 0);
  size.writeUInt32BE(side, 4);
  size.writeUInt8(1, 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const body = deflateSync(rows, { level: 9 });
  return Buffer.concat([signature, chunk('IHDR', size), chunk('IDAT', body), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
