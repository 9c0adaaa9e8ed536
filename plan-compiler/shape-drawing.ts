import type { ColorLayer, ShapeLayer } from '../contract/layers.ts';
import { readColor } from './color.ts';
import type { FilmContext } from './film-context.ts';
import { boxSide } from './geometry.ts';
import type { Paint, ShapeDrawing } from './render-plan.ts';
import { placeDrawing, readShadow, readStroke } from './text-drawing.ts';

/** A plain surface is a rectangle without border. */
export function drawColor(layer: ColorLayer, path: string, film: FilmContext): ShapeDrawing {
  return {
    type: 'shape',
    place: placeDrawing(layer, film),
    ...shapeSize(layer, path, film),
    shape: 'rectangle',
    fill: { type: 'solid', color: readColor(layer.color, `${path}.color`, film.log) },
    border: null,
    radius: 0,
    shadow: null,
  };
}

export function drawShape(layer: ShapeLayer, path: string, film: FilmContext): ShapeDrawing {
  checkShape(layer, path, film);
  const size = shapeSize(layer, path, film);
  return {
    type: 'shape',
    place: placeDrawing(layer, film),
    ...size,
    shape: layer.shape,
    fill: readFill(layer, path, film),
    border: readStroke(layer.border, `${path}.border`, film),
    // As in CSS: a radius past half of the shorter side changes nothing.
    radius: Math.min(layer.radius, size.width / 2, size.height / 2),
    shadow: readShadow(layer.shadow, `${path}.shadow`, film),
  };
}

function shapeSize(
  layer: Pick<ShapeLayer, 'width' | 'height'>,
  path: string,
  film: FilmContext,
): Pick<ShapeDrawing, 'width' | 'height'> {
  const { canvas, log } = film;
  return {
    width: boxSide(layer.width, canvas.width, { path: `${path}.width`, log }),
    height: boxSide(layer.height, canvas.height, { path: `${path}.height`, log }),
  };
}

function readFill(layer: ShapeLayer, path: string, film: FilmContext): Paint | null {
  if (layer.fill !== undefined) {
    return { type: 'solid', color: readColor(layer.fill, `${path}.fill`, film.log) };
  }
  if (layer.gradient === undefined) return null;
  const { type, angle, stops } = layer.gradient;
  return {
    type,
    angle,
    stops: stops.map((stop, index) => ({
      at: stop.at,
      color: readColor(stop.color, `${path}.gradient.stops[${index}].color`, film.log),
    })),
  };
}

function checkShape(layer: ShapeLayer, path: string, film: FilmContext): void {
  const { fill, gradient, border } = layer;
  if (fill === undefined && gradient === undefined && border === undefined) {
    film.log.report({
      code: 'shape-without-paint',
      path,
      message: 'The shape has no fill, gradient or border, so nothing would be seen.',
      hint: 'Give it a `fill`, a `gradient` or a `border`.',
    });
  }
  if (fill !== undefined && gradient !== undefined) {
    film.log.report({
      code: 'fill-and-gradient',
      path: `${path}.gradient`,
      message: 'A shape is painted with one colour or with a gradient, not with both.',
      hint: 'Leave out `fill` or `gradient`.',
    });
  }
  if (layer.shape === 'circle' && layer.radius > 0) {
    film.log.report({
      code: 'radius-on-circle',
      path: `${path}.radius`,
      message: 'A circle has no corners to round.',
      hint: 'Leave out `radius`, or use "rectangle".',
    });
  }
  checkStops(gradient?.stops ?? [], `${path}.gradient.stops`, film);
}

function checkStops(stops: readonly { readonly at: number }[], path: string, film: FilmContext): void {
  const index = stops.findIndex((stop, at) => stop.at < (stops[at - 1]?.at ?? 0));
  if (index === -1) return;
  film.log.report({
    code: 'stops-not-rising',
    path: `${path}[${index}].at`,
    message: 'The stop lies before the one above it.',
    hint: 'List the stops in rising order of `at`.',
  });
}
