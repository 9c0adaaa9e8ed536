// Colours and gradients as the canvas wants them.
import type { Paint, Rgba } from '../plan-compiler/render-plan.ts';
import type { Context } from './sketch.ts';

type Gradient = Exclude<Paint, { type: 'solid' }>;
type Stop = Gradient['stops'][number];
type Area = { readonly width: number; readonly height: number; readonly isRound: boolean };

export function cssColor(color: Rgba): string {
  return `rgba(${color.r}, ${color.g}, ${color.b}, ${color.a / 255})`;
}

/** Covers the area, which begins at 0, 0, and a pixel around it, so that a clip alone decides how edges are smoothed. */
export function coverWithPaint(context: Context, paint: Paint, area: Area): void {
  switch (paint.type) {
    case 'solid':
      context.fillStyle = cssColor(paint.color);
      context.fillRect(-1, -1, area.width + 2, area.height + 2);
      return;
    case 'linear':
      context.fillStyle = linearGradient(context, paint, area);
      context.fillRect(-1, -1, area.width + 2, area.height + 2);
      return;
    case 'radial':
      coverWithRadial(context, paint, area);
      return;
    default:
      paint satisfies never;
  }
}

/** CSS: 0° points up, clockwise; the line is as long as it takes for the corners to have the end colours. */
function linearGradient(context: Context, paint: Gradient, area: Area): CanvasGradient {
  const radians = ((paint.angle % 360) * Math.PI) / 180;
  const alongX = Math.sin(radians);
  const alongY = -Math.cos(radians);
  const half = (Math.abs(alongX) * area.width + Math.abs(alongY) * area.height) / 2;
  const center = { x: area.width / 2, y: area.height / 2 };
  const gradient = context.createLinearGradient(
    center.x - alongX * half,
    center.y - alongY * half,
    center.x + alongX * half,
    center.y + alongY * half,
  );
  addStops(gradient, paint.stops);
  return gradient;
}

/** From the centre to the shape's outermost points: a rectangle's corners (as in CSS), an ellipse's edge. */
function coverWithRadial(context: Context, paint: Gradient, area: Area): void {
  const reach = area.isRound ? 1 : Math.SQRT2;
  const gradient = context.createRadialGradient(0, 0, 0, 0, 0, reach);
  addStops(gradient, paint.stops);
  context.save();
  context.translate(area.width / 2, area.height / 2);
  context.scale(area.width / 2, area.height / 2);
  context.fillStyle = gradient;
  const margin = 1 + 4 / Math.max(1, Math.min(area.width, area.height));
  context.fillRect(-margin, -margin, 2 * margin, 2 * margin);
  context.restore();
}

function addStops(gradient: CanvasGradient, stops: readonly Stop[]): void {
  let reached = 0;
  stops.forEach((stop, index) => {
    reached = Math.max(reached, stop.at);
    for (const color of sidesOf(stop.color, stops[index - 1]?.color, stops[index + 1]?.color)) {
      gradient.addColorStop(reached, cssColor(color));
    }
  });
}

/** Skia mixes straight colours, so fading to transparent black would go through grey: a clear stop takes its neighbours' colours. */
function sidesOf(color: Rgba, before: Rgba | undefined, after: Rgba | undefined): readonly Rgba[] {
  if (color.a > 0) {
    return [color];
  }
  return [before, after].flatMap((neighbour) => (neighbour === undefined ? [] : [{ ...neighbour, a: 0 }]));
}

type CanvasGradient = ReturnType<Context['createLinearGradient']>;
