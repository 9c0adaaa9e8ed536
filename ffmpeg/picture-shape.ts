// How large a source's pictures are when shown: turned as the file asks, with square pixels.
import type { VideoFacts } from '../contract/asset.ts';
import { fractionOf, type MediaFields, numberOf } from './read-media.ts';

type PictureShape = Pick<VideoFacts, 'width' | 'height' | 'codedWidth' | 'codedHeight' | 'rotation'>;

/** FFmpeg turns pictures by itself when it renders (display matrix, and Exif of JPEG; tried on 5.1 and 9.0). */
export function pictureShape(stream: MediaFields, firstFrame: MediaFields): PictureShape {
  const codedWidth = numberOf(stream, 'width');
  const codedHeight = numberOf(stream, 'height');
  const wide = Math.max(1, Math.round(codedWidth * pixelAspect(stream)));
  const rotation = clockwiseDegrees(stream, firstFrame);
  const isTurned = rotation === 90 || rotation === 270;
  return {
    width: isTurned ? codedHeight : wide,
    height: isTurned ? wide : codedHeight,
    codedWidth,
    codedHeight,
    rotation,
  };
}

/** "32:27"; 1 where the file says nothing or "0:1". */
function pixelAspect(stream: MediaFields): number {
  const [num, den] = fractionOf(stream, 'sample_aspect_ratio');
  return num > 0 && den > 0 ? num / den : 1;
}

/** Exif's orientations 5–8 lie on their side. */
const exifDegrees: Readonly<Record<string, number>> = { 3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270 };

/** FFprobe gives the display matrix counter-clockwise. */
function clockwiseDegrees(stream: MediaFields, firstFrame: MediaFields): number {
  const exif = exifDegrees[firstFrame['tag:Orientation']?.trim() ?? ''];
  if (exif !== undefined) return exif;
  const counterClockwise = Math.round(numberOf(stream, 'rotation') / 90) * 90;
  return ((-counterClockwise % 360) + 360) % 360;
}
