import type { ShapeDrawing, Stroke } from '../plan-compiler/render-plan.ts';
import { coverWithPaint, cssColor } from './paint.ts';
import { isUpright, placeBox } from './place.ts';
import type { Context, Sketch } from './sketch.ts';

/** The contract knows no wider or higher canvas, and nothing left of or above it is ever seen. */
const canvasSideMax = 8192;

type Size = { readonly width: number; readonly height: number };

/** A rectangle or ellipse that fills its box; as in CSS the border lies inside the box. */
export function sketchShape(drawing: ShapeDrawing): Sketch {
  const size = isUpright(drawing.place)
    ? { width: Math.round(drawing.width), height: Math.round(drawing.height) }
    : { width: drawing.width, height: drawing.height };
  return {
    matrix: placeBox(drawing.place, size),
    ink: { left: 0, top: 0, right: size.width, bottom: size.height },
    canvas: { left: 0, top: 0, right: canvasSideMax, bottom: canvasSideMax },
    ground: null,
    figure: (context) => {
      drawFill(context, drawing, size);
      drawBorder(context, drawing, size);
    },
    shadow: drawing.shadow,
  };
}

function drawFill(context: Context, drawing: ShapeDrawing, size: Size): void {
  if (drawing.fill === null) {
    return;
  }
  context.save();
  context.beginPath();
  addOutline(context, drawing, { size, inset: hiddenByBorder(drawing.border) });
  context.clip();
  coverWithPaint(context, drawing.fill, { ...size, isRound: drawing.shape === 'circle' });
  context.restore();
}

/** Under an opaque border the fill ends half way, or its colour would show along the smoothed outer edge. */
function hiddenByBorder(border: Stroke | null): number {
  return border !== null && border.color.a === 255 ? border.width / 2 : 0;
}

function drawBorder(context: Context, drawing: ShapeDrawing, size: Size): void {
  const { border } = drawing;
  if (border === null) {
    return;
  }
  context.beginPath();
  addOutline(context, drawing, { size, inset: 0 });
  if (2 * border.width < Math.min(size.width, size.height)) {
    addOutline(context, drawing, { size, inset: border.width });
  }
  context.fillStyle = cssColor(border.color);
  context.fill('evenodd');
}

/** The shape's outline, moved inwards; rounded corners keep their centre. */
function addOutline(
  context: Context,
  drawing: ShapeDrawing,
  { size, inset: wanted }: { readonly size: Size; readonly inset: number },
): void {
  const inset = Math.min(wanted, size.width / 2, size.height / 2);
  const width = size.width - 2 * inset;
  const height = size.height - 2 * inset;
  switch (drawing.shape) {
    case 'rectangle': {
      const radius = Math.min(drawing.radius, size.width / 2, size.height / 2);
      context.roundRect(inset, inset, width, height, Math.max(0, radius - inset));
      return;
    }
    case 'circle':
      context.moveTo(size.width - inset, size.height / 2);
      context.ellipse(size.width / 2, size.height / 2, width / 2, height / 2, 0, 0, 2 * Math.PI);
      context.closePath();
      return;
    default:
      drawing.shape satisfies never;
  }
}
