import { describe, expect, it } from 'vitest';
import { PacketCounts } from '../../../ffmpeg/packet-counts.ts';
import { pictureShape } from '../../../ffmpeg/picture-shape.ts';
import { parseFields } from '../../../ffmpeg/read-media.ts';

describe('lines of FFprobe', () => {
  it('become fields, without those the file does not state', () => {
    expect(parseFields('stream|index=0|pix_fmt=unknown|duration=N/A|side_data|rotation=-90')).toEqual({
      index: '0',
      rotation: '-90',
    });
  });

  it('cannot be forged by a tag of the file', () => {
    expect(parseFields('stream|pix_fmt=yuv420p|tag:alpha_mode=1\\|pix_fmt=rgba').pix_fmt).toBe('yuv420p');
  });
});

describe('the counts of packets', () => {
  it('hold the span of each stream and leave out what is never shown', () => {
    const counts = new PacketCounts();
    counts.add({ stream: 1, pts: -1024, duration: 1024, isDiscarded: true });
    counts.add({ stream: 1, pts: 20, duration: 10, isDiscarded: false });
    counts.add({ stream: 1, pts: 0, duration: 10, isDiscarded: false });
    expect(counts.of(1)).toEqual({ packets: 2, first: 0, last: 20, end: 30 });
    expect(counts.of(0).packets).toBe(0);
  });
});

describe('the shape of pictures', () => {
  const stream = { width: '720', height: '576', sample_aspect_ratio: '16:15' };

  it('has square pixels', () => {
    expect(pictureShape(stream, {})).toMatchObject({ width: 768, height: 576, codedWidth: 720, rotation: 0 });
  });

  it('is turned clockwise as the container asks', () => {
    expect(pictureShape({ ...stream, rotation: '-90' }, {})).toMatchObject({
      width: 576,
      height: 768,
      rotation: 90,
    });
    expect(pictureShape({ ...stream, rotation: '90' }, {}).rotation).toBe(270);
    expect(pictureShape({ ...stream, rotation: '-180' }, {})).toMatchObject({ width: 768, rotation: 180 });
  });

  it('is turned as Exif asks', () => {
    expect(pictureShape(stream, { 'tag:Orientation': '    8' })).toMatchObject({ width: 576, rotation: 270 });
  });
});
