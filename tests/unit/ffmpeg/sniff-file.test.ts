import { describe, expect, it } from 'vitest';
import { nameContent } from '../../../ffmpeg/name-content.ts';
import { sniffBytes } from '../../../ffmpeg/sniff-file.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const padded = (text: string): Buffer => Buffer.concat([bytes(text), Buffer.alloc(64)]);

describe('sniffing', () => {
  it('forces one demuxer for each kind that is allowed', () => {
    const heads: Readonly<Record<string, string>> = {
      '\0\0\0\x18ftypisom': 'mov',
      '\0\0\0\x08wide': 'mov',
      '\x1a\x45\xdf\xa3': 'matroska',
      '\x89PNG\r\n\x1a\n': 'png_pipe',
      '\xff\xd8\xff\xe0': 'jpeg_pipe',
      GIF89a: 'gif',
      'RIFF....WEBPVP8 ': 'webp_pipe',
      'RIFF....WAVEfmt ': 'wav',
      fLaC: 'flac',
      OggS: 'ogg',
      '\xff\xfb\x90\x64': 'mp3',
      '\xff\xf3\x40\xc4': 'mp3',
      '\xff\xf1\x50\x80': 'aac',
    };
    for (const [head, demuxer] of Object.entries(heads)) expect(sniffBytes(padded(head)), head).toBe(demuxer);
  });

  it('refuses everything that can refer to other files', () => {
    for (const head of [
      '#EXTM3U\n',
      'ffconcat version 1.0\n',
      '<svg>',
      '<?xml version="1.0"?><MPD>',
      '[playlist]',
    ]) {
      expect(sniffBytes(padded(head)), head).toBeNull();
    }
  });

  it('refuses pictures that FFmpeg 5.1 cannot show', () => {
    expect(sniffBytes(padded('\0\0\0\x18ftypavif'))).toBeNull();
    expect(sniffBytes(padded('RIFF....WEBPVP8X....\x02'))).toBeNull();
    expect(sniffBytes(padded('RIFF....WEBPVP8X....\x10'))).toBe('webp_pipe');
  });

  it('does not take ones in a row for sound', () => {
    expect(sniffBytes(Buffer.alloc(16, 0xff))).toBeNull();
    expect(sniffBytes(Buffer.alloc(0))).toBeNull();
  });
});

describe('the name of refused content', () => {
  it('says what its owner will recognise', () => {
    const names: Readonly<Record<string, string>> = {
      '#EXTM3U\n#EXTINF': 'HLS playlist',
      '\xef\xbb\xbf#EXTM3U': 'HLS playlist',
      'ffconcat version 1.0': 'ffconcat',
      '<svg xmlns=""/>': 'SVG',
      '<?xml version="1.0"?>\n<!-- x --><svg>': 'SVG',
      '<?xml version="1.0"?><MPD>': 'DASH',
      '<!DOCTYPE html><p>': 'HTML',
      '<?xml version="1.0"?><a/>': 'XML',
      '%PDF-1.7': 'PDF',
      'PK\x03\x04': 'ZIP',
      'RIFF....AVI LIST': 'AVI',
      '\0\0\0\x18ftypheic': 'HEIC',
      'RIFF....WEBPVP8X': 'animated WebP',
      '{"movie": 1}': 'JSON',
      'Dear friend,\n': 'plain text',
      '\x01\x02\x03\x99': 'unknown format',
      '': 'empty',
      '\0\0\0\0': 'zero bytes',
      '\x7fELF': 'program',
    };
    for (const [head, name] of Object.entries(names)) expect(nameContent(bytes(head)), head).toContain(name);
  });

  it('is plain text even where a letter is cut at the end of what was read', () => {
    expect(nameContent(Buffer.from('Grüße ü').subarray(0, -1))).toBe('plain text');
  });
});
