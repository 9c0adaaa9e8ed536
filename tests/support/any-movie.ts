// Random documents: valid ones, and ones with something wrong somewhere.
import fc from 'fast-check';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const optional = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> =>
  fc.record(fields, { requiredKeys: [] });
const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const seconds = fc.oneof(fc.constantFrom(0, 0.04, 0.5, 1, 1 / 3), fc.double({ min: 0, max: 4, noNaN: true }));
const positive = fc.oneof(
  fc.constantFrom(0.04, 0.5, 1, 1 / 3),
  fc.double({ min: 0.05, max: 4, noNaN: true }),
);
const length = fc.oneof(
  fc.integer({ min: -40, max: 400 }),
  fc.integer({ min: 1, max: 150 }).map((n) => `${n}%`),
);
const size = fc.oneof(
  fc.integer({ min: 2, max: 400 }),
  fc.integer({ min: 1, max: 150 }).map((n) => `${n}%`),
);
const color = fc.constantFrom('#000', '#ffffff', '#10203040', 'red', 'Navy');
const fade = fc.record({ type: fc.constant('fade'), duration: fc.constantFrom(0.04, 0.1) });

const placed = {
  enabled: fc.boolean(),
  start: seconds,
  x: length,
  y: length,
  rotation: fc.integer({ min: -360, max: 360 }),
  zIndex: fc.integer({ min: -5, max: 5 }),
  flipH: fc.boolean(),
  flipV: fc.boolean(),
  opacity: fraction,
  in: fade,
  out: fade,
};
const framed = {
  width: size,
  height: size,
  focus: fc.tuple(fraction, fraction),
  fit: fc.constantFrom('cover', 'contain', 'fill', 'none', 'scale-down'),
};
const timed = {
  trimStart: fc.constantFrom(0, 0.5, 3),
  trimDuration: positive,
  loop: fc.oneof(fc.boolean(), fc.integer({ min: 1, max: 5 })),
};
const heard = {
  volume: fc.oneof(fraction, fc.record({ db: fc.integer({ min: -60, max: 12 }) })),
  muted: fc.boolean(),
  fadeIn: fc.constantFrom(0, 0.1),
  fadeOut: fc.constantFrom(0, 0.1),
};
const stillDuration = fc.oneof(positive, fc.constant('fill'));
const mediaDuration = fc.oneof(positive, fc.constantFrom('auto', 'fill'));

const layerOf = (
  required: Record<string, fc.Arbitrary<unknown>>,
  more: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<object> =>
  fc.tuple(fc.record(required), optional(more)).map(([must, may]) => ({ ...may, ...must }));

const stillLayer = fc.oneof(
  layerOf(
    { type: fc.constant('image'), src: fc.constant('asset:photo') },
    { ...placed, ...framed, duration: stillDuration },
  ),
  layerOf(
    { type: fc.constant('text'), text: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }) },
    { ...placed, fontSize: fc.integer({ min: 4, max: 80 }), color, duration: stillDuration },
  ),
  layerOf({ type: fc.constant('color'), color }, { ...placed, duration: stillDuration }),
  layerOf(
    { type: fc.constant('shape'), shape: fc.constantFrom('rectangle', 'circle'), fill: color },
    { ...placed, width: size, height: size, duration: stillDuration },
  ),
);
const layer = fc.oneof(
  stillLayer,
  layerOf(
    { type: fc.constant('video'), src: fc.constantFrom('asset:clip', 'asset:mute') },
    { ...placed, ...framed, ...timed, ...heard, duration: mediaDuration },
  ),
  layerOf(
    { type: fc.constant('audio'), src: fc.constantFrom('asset:clip', 'asset:song') },
    { enabled: fc.boolean(), start: seconds, ...timed, ...heard, duration: mediaDuration },
  ),
);
const scene = fc.record({
  id: fc.string({ unit: fc.constantFrom('a', 'B', '1', 'ü', '/', '.', ' '), minLength: 1, maxLength: 8 }),
  duration: positive,
  layers: fc.array(layer, { maxLength: 4 }),
});
const track = layerOf(
  { src: fc.constant('asset:song') },
  { start: seconds, ...heard, duration: mediaDuration },
);

/** In form valid; what it asks for may still not be possible. */
export const anyMovie: fc.Arbitrary<object> = layerOf(
  {
    width: fc.constantFrom(64, 160),
    height: fc.constantFrom(36, 90),
    scenes: fc.uniqueArray(scene, { minLength: 1, maxLength: 4, selector: ({ id }) => id }),
  },
  {
    fps: fc.constantFrom(1, 24, 25, 30, 60, '30000/1001', '24000/1001'),
    sampleRate: fc.constantFrom(44_100, 48_000, 96_000),
    backgroundColor: color,
    audio: fc.array(track, { maxLength: 2 }),
    overlays: fc.array(stillLayer, { maxLength: 2 }),
  },
);

/** Values that programs trip over. */
const oddValue: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    '',
    [],
    {},
    -1,
    0,
    -0,
    0.1,
    1e308,
    -1e308,
    2 ** 53,
    5e-324,
    'NaN',
    '\u0000',
  ),
  fc.constantFrom<Json>(
    'asset:',
    'asset:none',
    'asset:../../x',
    '%{pts}',
    "';,[]",
    '\ud800',
    '\u202e',
    '1/0',
  ),
  fc.jsonValue({ maxDepth: 2 }).map((value) => value as Json),
  fc.constant(null).map(() => JSON.parse('{"__proto__": {"a": 1}, "constructor": {"prototype": 1}}') as Json),
);

/** A valid document of which up to three pieces were replaced, removed or added. */
export const nearlyValidMovie: fc.Arbitrary<unknown> = fc
  .tuple(
    anyMovie,
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('replace', 'remove', 'add'), oddValue), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([movie, changes]) => {
    // Generated from plain data, so plain data.
    const root = { movie: structuredClone(movie) as Json };
    for (const [where, what, value] of changes) change(placesIn(root), where, { what, value });
    return root.movie;
  });

type Place = { readonly holder: { [name: string]: Json }; readonly name: string };

function change(
  places: readonly Place[],
  where: number,
  { what, value }: { readonly what: string; readonly value: Json },
): void {
  const place = places[where % places.length];
  if (place === undefined) return;
  const { holder, name } = place;
  if (what === 'remove' && !Array.isArray(holder) && name !== 'movie') Reflect.deleteProperty(holder, name);
  else if (what === 'add' && !Array.isArray(holder)) holder[`${name}s`] = value;
  else holder[name] = value;
}

/** Each property and item; a list is a holder whose names are its indices. */
function placesIn(value: Json): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as { [name: string]: Json };
  return Object.entries(holder).flatMap(([name, part]) => [{ holder, name }, ...placesIn(part)]);
}
