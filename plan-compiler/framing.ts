import type { ImageLayer, VideoLayer } from '../contract/layers.ts';
import {
  BOX_PIXELS_MAX,
  type LayerBox,
  normalDegrees,
  type Point,
  rotatedBounds,
  type Size,
  turnPoint,
} from './geometry.ts';
import type { IssueLog } from './issue-log.ts';
import type { Framing, PixelRect } from './render-plan.ts';

type FramedLayer = Pick<VideoLayer | ImageLayer, 'crop' | 'fit' | 'focus' | 'flipH' | 'flipV' | 'rotation'>;

type FramingInput = {
  readonly layer: FramedLayer;
  /** Pixels of the source as shown. */
  readonly source: Size;
  readonly box: LayerBox;
  readonly path: string;
};

/** CSS object-fit and object-position with crop, flip and rotation, in whole pixels. Null where a fault was reported. */
export function frameSource(input: FramingInput, log: IssueLog): Framing | null {
  const { layer, source, box, path } = input;
  const crop = cropSource(layer.crop, source);
  if (crop === null) {
    log.report({
      code: 'crop-leaves-nothing',
      path: `${path}.crop`,
      message: `Of ${source.width} × ${source.height} pixels the crop leaves none.`,
      hint: 'Let left + right and top + bottom stay below 1.',
    });
    return null;
  }
  const scaled = fitSize(layer.fit, crop, box);
  if (scaled.width > BOX_PIXELS_MAX || scaled.height > BOX_PIXELS_MAX) {
    log.report({
      code: 'scaled-too-large',
      path: `${path}.fit`,
      message: `To fit the box the source would be scaled to ${scaled.width} × ${scaled.height} pixels.`,
      hint: `Crop the source or use another fit; at most ${BOX_PIXELS_MAX} pixels a side are made.`,
    });
    return null;
  }
  return placePicture(layer, { crop, scaled, box });
}

/** Whether nothing of the framed picture lies on the canvas. */
export function isOffCanvas(framing: Framing, canvas: Size): boolean {
  const { width, height } = framing.rotated ?? framing.cut;
  return (
    framing.x >= canvas.width ||
    framing.y >= canvas.height ||
    framing.x + width <= 0 ||
    framing.y + height <= 0
  );
}

function cropSource(crop: FramedLayer['crop'], source: Size): PixelRect | null {
  if (crop === undefined) return { x: 0, y: 0, width: source.width, height: source.height };
  const x = Math.round(crop.left * source.width);
  const y = Math.round(crop.top * source.height);
  const width = Math.round((1 - crop.right) * source.width) - x;
  const height = Math.round((1 - crop.bottom) * source.height) - y;
  return width < 1 || height < 1 ? null : { x, y, width, height };
}

function fitSize(fit: FramedLayer['fit'], source: Size, box: Size): Size {
  const toWidth = box.width / source.width;
  const toHeight = box.height / source.height;
  switch (fit) {
    case 'fill':
      return { width: box.width, height: box.height };
    case 'none':
      return { width: source.width, height: source.height };
    case 'cover':
      return scaleSize(source, Math.max(toWidth, toHeight));
    case 'contain':
      return scaleSize(source, Math.min(toWidth, toHeight));
    case 'scale-down':
      return scaleSize(source, Math.min(toWidth, toHeight, 1));
    default:
      return fit satisfies never;
  }
}

function scaleSize(size: Size, factor: number): Size {
  return {
    width: Math.max(1, Math.round(size.width * factor)),
    height: Math.max(1, Math.round(size.height * factor)),
  };
}

function placePicture(
  layer: FramedLayer,
  fitted: { readonly crop: PixelRect; readonly scaled: Size; readonly box: LayerBox },
): Framing {
  const { crop, scaled, box } = fitted;
  const across = alignAxis(scaled.width, box.width, layer.focus[0]);
  const down = alignAxis(scaled.height, box.height, layer.focus[1]);
  const cut = { x: across.cutFrom, y: down.cutFrom, width: across.kept, height: down.kept };
  const degrees = normalDegrees(layer.rotation);
  // The whole box is mirrored and turned, with the picture where it lies in it.
  const offset = {
    x: layer.flipH ? box.width - across.kept - across.offset : across.offset,
    y: layer.flipV ? box.height - down.kept - down.offset : down.offset,
  };
  const centre = turnPoint(
    { x: box.left + offset.x + cut.width / 2, y: box.top + offset.y + cut.height / 2 },
    { x: box.left + box.width / 2, y: box.top + box.height / 2 },
    degrees,
  );
  return {
    crop,
    scaledWidth: scaled.width,
    scaledHeight: scaled.height,
    cut,
    ...orient(layer, degrees, cut),
    ...topLeft(centre, degrees % 180 === 0 ? cut : rotatedBounds(cut, degrees)),
  };
}

// Half a turn is two flips: exact, and far cheaper than rotating.
function orient(
  layer: FramedLayer,
  degrees: number,
  cut: Size,
): Pick<Framing, 'flipH' | 'flipV' | 'rotated'> {
  const isTurned = degrees === 180;
  return {
    flipH: layer.flipH !== isTurned,
    flipV: layer.flipV !== isTurned,
    rotated: degrees % 180 === 0 ? null : { degrees, ...rotatedBounds(cut, degrees) },
  };
}

function topLeft(centre: Point, size: Size): Point {
  return { x: Math.round(centre.x - size.width / 2) + 0, y: Math.round(centre.y - size.height / 2) + 0 };
}

/** What is kept of a scaled side and where it begins in the box. */
function alignAxis(
  scaled: number,
  box: number,
  focus: number,
): { readonly cutFrom: number; readonly kept: number; readonly offset: number } {
  return scaled > box
    ? { cutFrom: Math.round((scaled - box) * focus), kept: box, offset: 0 }
    : { cutFrom: 0, kept: scaled, offset: Math.round((box - scaled) * focus) };
}
