import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEPTH_MAX } from '../../../plan-compiler/admit-json.ts';
import { compileMovie } from '../../../plan-compiler/compile-movie.ts';
import { readSubmission } from '../../../plan-compiler/read-submission.ts';
import { compileInput, testLimits } from '../../support/plan-inputs.ts';

type Json = Record<string, unknown>;

const text = { type: 'text', text: 'Hello' };
const clip = { type: 'video', src: 'asset:clip' };
const submission = (movie: Json = {}, rest: Json = {}): Json => ({
  kind: 'movie',
  projectId: 'default',
  movie: { width: 160, height: 90, scenes: [{ id: 'a', layers: [text, clip] }], ...movie },
  ...rest,
});
const withLayer = (layer: unknown) => submission({ scenes: [{ id: 'a', layers: [layer] }] });

function issues(body: unknown) {
  const result = readSubmission(body, testLimits);
  return result.kind === 'refused' ? result.issues : [];
}
const first = (body: unknown) => issues(body)[0];

describe('a submission', () => {
  test('is read with its defaults', () => {
    expect(readSubmission(submission(), testLimits)).toMatchObject({
      kind: 'read',
      submission: {
        movie: { fps: 30, title: 'Untitled Movie' },
        renderOptions: { crf: 23, qualityPreset: 'balanced' },
      },
    });
  });

  test('may carry notes of the caller under x- names anywhere, which change nothing', () => {
    const noted = submission(
      { 'x-note': 1, scenes: [{ id: 'a', 'x-deep': { a: [1] }, layers: [{ ...text, 'x-y': null }, clip] }] },
      { 'x-client': 'test' },
    );
    expect(readSubmission(noted, testLimits)).toEqual(readSubmission(submission(), testLimits));
  });

  test('that asks for more than the engine renders is refused before any file is looked at', () => {
    expect(issues(submission({ width: 4000, fps: '999/1' })).map(({ path }) => path)).toEqual([
      'movie.width',
      'movie.fps',
    ]);
  });
});

describe('a fault', () => {
  const faults: [string, unknown, Json][] = [
    [
      'a missing property',
      withLayer({ type: 'text' }),
      { code: 'required', path: 'movie.scenes[0].layers[0].text', message: '`text` is missing.' },
    ],
    ['a missing layer type', withLayer({}), { code: 'required', path: 'movie.scenes[0].layers[0].type' }],
    [
      'a mistyped layer type',
      withLayer({ type: 'txt' }),
      { code: 'not-an-option', hint: 'Did you mean "text"?' },
    ],
    [
      'a mistyped option',
      withLayer({ ...clip, fit: 'contian' }),
      { code: 'not-an-option', path: 'movie.scenes[0].layers[0].fit', hint: 'Did you mean "contain"?' },
    ],
    [
      'a number out of range',
      submission({ width: 15 }),
      { code: 'out-of-range', path: 'movie.width', message: 'It must be at least 16; got 15.' },
    ],
    [
      'a list that is too long',
      withLayer({ ...text, anchor: [0, 0, 0] }),
      { code: 'out-of-range', message: 'It must have at most 2 items; got a list of 3.' },
    ],
    [
      'an odd canvas',
      submission({ width: 161 }),
      { code: 'out-of-range', message: 'It must be a multiple of 2; got 161.' },
    ],
    [
      'a value of another type',
      withLayer({ ...text, opacity: '1' }),
      { code: 'wrong-type', message: 'Expected a number, got "1".' },
    ],
    [
      'a length that cannot be read',
      withLayer({ ...text, x: '5em' }),
      { code: 'bad-format', message: expect.stringContaining('"50%"') as string },
    ],
    [
      'a frame rate that cannot be read',
      submission({ fps: '30fps' }),
      { code: 'bad-format', path: 'movie.fps' },
    ],
    [
      'a callback by another protocol',
      submission({}, { callbackUrl: 'ftp://x' }),
      { code: 'bad-format', path: 'callbackUrl' },
    ],
    ['text where a layer belongs', withLayer('x'), { code: 'wrong-type', path: 'movie.scenes[0].layers[0]' }],
    ['no object at all', null, { code: 'wrong-type', path: '' }],
    ['half a letter', submission({ title: '\ud83d' }), { code: 'broken-text', path: 'movie.title' }],
  ];
  for (const [title, body, issue] of faults) {
    test(`tells of ${title}`, () => expect(first(body)).toMatchObject(issue));
  }

  test('stands beside all others', () => {
    const body = submission(
      { fps: 0, sampleRate: 1, scenes: [{ id: '', layers: [{ ...clip, trimStart: -1 }] }] },
      { kind: 'film' },
    );
    expect(issues(body).map(({ path }) => path)).toEqual([
      'kind',
      'movie.fps',
      'movie.sampleRate',
      'movie.scenes[0].id',
      'movie.scenes[0].layers[0].trimStart',
    ]);
  });
});

describe('a property that is unknown', () => {
  const hints: [string, unknown, string, string | null][] = [
    [
      'is named as it is here',
      submission({ background: 'red' }),
      'movie.background',
      'Write `backgroundColor`.',
    ],
    [
      'is named as it is here, in a layer',
      withLayer({ type: 'video', source: 'x' }),
      'movie.scenes[0].layers[0].source',
      'Write `src`.',
    ],
    [
      'is spelt as it is here',
      withLayer({ ...text, 'font-size': 3 }),
      'movie.scenes[0].layers[0].font-size',
      'Write `fontSize`.',
    ],
    [
      'is guessed from its letters',
      withLayer({ ...text, opcity: 1 }),
      'movie.scenes[0].layers[0].opcity',
      'Did you mean `opacity`?',
    ],
    [
      'is shown where it belongs',
      withLayer({ ...text, volume: 1 }),
      'movie.scenes[0].layers[0].volume',
      'It belongs to an audio track, a video layer, an audio layer.',
    ],
    ['is not guessed wildly', submission({}, { zzz: 1 }), 'zzz', null],
    ['is quoted where it is no name', submission({ 'a b"c': 1 }), 'movie["a b\\"c"]', null],
  ];
  for (const [title, body, path, hint] of hints) {
    test(title, () => {
      const issue = issues(body).find((each) => each.code === 'unknown-property');
      expect(issue).toMatchObject({ path, hint });
    });
  }

  test('cannot reach into the engine', () => {
    const body: unknown = JSON.parse(
      '{"kind":"movie","projectId":"p","__proto__":{"a":1},"constructor":1,"movie":{"scenes":[{"id":"a","layers":[]}]}}',
    );
    expect(issues(body).map(({ path }) => path)).toEqual(['__proto__', 'constructor']);
  });
});

describe('what a later version will have', () => {
  const later: [unknown, string][] = [
    [
      submission({ scenes: [{ id: 'a', layers: [], transition: { type: 'fade' } }] }),
      'movie.scenes[0].transition',
    ],
    [submission({ variables: {} }), 'movie.variables'],
    [submission({}, { outputs: [] }), 'outputs'],
    [submission({}, { kind: 'timeline' }), 'kind'],
    [submission({}, { renderOptions: { draft: true } }), 'renderOptions.draft'],
    [withLayer({ type: 'group' }), 'movie.scenes[0].layers[0].type'],
    [withLayer({ ...clip, speed: 2 }), 'movie.scenes[0].layers[0].speed'],
    [withLayer({ ...clip, radius: 4 }), 'movie.scenes[0].layers[0].radius'],
    [withLayer({ ...clip, fit: 'contain-blur' }), 'movie.scenes[0].layers[0].fit'],
    [withLayer({ ...clip, width: 'auto' }), 'movie.scenes[0].layers[0].width'],
    [withLayer({ ...text, fontSize: 'auto' }), 'movie.scenes[0].layers[0].fontSize'],
    [withLayer({ ...text, gradient: {} }), 'movie.scenes[0].layers[0].gradient'],
    [
      withLayer({ ...text, opacity: { keyframes: [{ time: 0, value: 1 }] } }),
      'movie.scenes[0].layers[0].opacity',
    ],
    [withLayer({ ...clip, volume: { keyframes: [] } }), 'movie.scenes[0].layers[0].volume'],
  ];
  for (const [body, path] of later) {
    test(`is refused by name: ${path}`, () => {
      expect(issues(body)).toEqual([
        {
          code: 'not-in-this-version',
          path,
          message: expect.stringContaining('not in this version') as string,
          hint: expect.any(String) as string,
        },
      ]);
    });
  }
});

describe('hostile input', () => {
  test('nested without end is refused, not read', () => {
    const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect(issues(submission({ title: JSON.parse(nested) })).map(({ code }) => code)).toContain('too-deep');
    let deep: unknown = 1;
    for (let level = 0; level < DEPTH_MAX * 2; level += 1) deep = { 'a.b': deep };
    expect(issues(deep)[0]?.code).toBe('too-deep');
  });

  test('with endless faults gives a bounded list', () => {
    const layers = Array.from({ length: 300 }, () => ({ ...text, opcity: 1 }));
    expect(issues(submission({ scenes: [{ id: 'a', layers }] })).length).toBeLessThanOrEqual(201);
    const keys = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`k${index}${'k'.repeat(500)}`, 1]),
    );
    const found = issues(submission(keys));
    expect(found).toHaveLength(201);
    expect(found.every(({ path, message }) => path.length < 200 && message.length < 200)).toBe(true);
  });

  test('of any kind never throws', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withNullPrototype: true,
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSparseArray: true,
        }),
        (body) => {
          expect(readSubmission(body, testLimits).kind).toBe('refused');
        },
      ),
      { numRuns: 500 },
    );
  });

  test('that is nearly valid never throws, neither when read nor when compiled', () => {
    let compiledCount = 0;
    fc.assert(
      fc.property(nearlyValidMovie(), (content) => {
        const result = readSubmission(submission({ ...content }), { ...testLimits, fpsMax: 1e6 });
        if (result.kind === 'refused') return;
        const input = { ...compileInput(result.submission.movie), movie: result.submission.movie };
        const compiled = compileMovie(input);
        expect(compileMovie(structuredClone(input))).toEqual(compiled);
        if (compiled.kind === 'compiled') compiledCount += 1;
      }),
      { numRuns: 400 },
    );
    expect(compiledCount).toBeGreaterThan(10);
  });
});

/** Movies of which most properties are right, many at the edge of what is allowed, and some wrong. */
function nearlyValidMovie() {
  const wrong = fc.jsonValue({ maxDepth: 2 });
  const mostly = (right: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 30, arbitrary: right }, { weight: 1, arbitrary: wrong });
  const seconds = fc.constantFrom<unknown>(0, 0.001, 0.5, 1, 1.999, 9.99, 20.5);
  const length = fc.constantFrom<unknown>(0, -0, 1, 160, -32_768, 16_384, '50%', '0.000001%', '-100%');
  const fraction = fc.constantFrom(0, -0, 0.333, 0.5, 1);
  const properties: Record<string, fc.Arbitrary<unknown>> = {
    start: seconds,
    duration: fc.oneof(seconds, fc.constantFrom('auto', 'fill')),
    enabled: fc.boolean(),
    x: length,
    width: length,
    height: length,
    anchor: fc.oneof(fc.tuple(fraction, fraction), fc.constant('top-left')),
    rotation: fc.constantFrom(0, -0, 90, -180, 33.3, 3600),
    opacity: fraction,
    zIndex: fc.integer({ min: -5, max: 5 }),
    in: fc.record({ type: fc.constant('fade'), duration: seconds }),
    out: fc.record({ type: fc.constant('fade'), duration: seconds }),
    trimStart: seconds,
    trimDuration: seconds,
    loop: fc.constantFrom<unknown>(true, false, 1, 10_000),
    fit: fc.constantFrom('cover', 'contain', 'fill', 'none', 'scale-down'),
    crop: fc.record({ left: fraction, right: fraction }),
    volume: fc.oneof(fraction, fc.constant({ db: -120 })),
    fadeIn: seconds,
    fadeOut: seconds,
    fontSize: fc.constantFrom<unknown>(4, 2000, '5%'),
    color: fc.constantFrom('red', 'reed', '#12345678', 'transparent'),
  };
  const kinds: Record<string, { readonly base: object; readonly has: readonly string[] }> = {
    video: {
      base: clip,
      has: [
        'x',
        'width',
        'rotation',
        'in',
        'out',
        'trimStart',
        'trimDuration',
        'loop',
        'fit',
        'crop',
        'volume',
        'fadeIn',
      ],
    },
    image: {
      base: { type: 'image', src: 'asset:photo' },
      has: ['anchor', 'height', 'rotation', 'opacity', 'fit', 'crop', 'zIndex'],
    },
    audio: {
      base: { type: 'audio', src: 'asset:song' },
      has: ['trimStart', 'trimDuration', 'loop', 'volume', 'fadeIn', 'fadeOut'],
    },
    text: { base: text, has: ['x', 'width', 'fontSize', 'color', 'rotation', 'out'] },
    shape: {
      base: { type: 'shape', shape: 'circle', fill: 'red' },
      has: ['x', 'width', 'height', 'rotation'],
    },
  };
  const layerOf = ({ base, has }: (typeof kinds)[string]) =>
    fc
      .subarray(['start', 'duration', 'enabled', ...has], { maxLength: 3 })
      .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, mostly(properties[name]!)]))))
      .map((changes) => ({ ...base, ...changes }));
  const layer = fc.oneof(...Object.values(kinds).map(layerOf));
  const overlay = fc.oneof(layerOf(kinds.image!), layerOf(kinds.text!));
  const scene = fc.record({
    duration: fc.oneof(seconds, fc.constant('auto')),
    layers: fc.array(layer, { maxLength: 3 }),
  });
  return fc
    .record({
      fps: fc.constantFrom<unknown>(30, 7, '30000/1001', '1/99999', '999999/1'),
      scenes: fc.array(scene, { minLength: 1, maxLength: 2 }),
      overlays: fc.array(overlay, { maxLength: 1 }),
      audio: fc.array(layerOf({ ...kinds.audio!, base: { src: 'asset:song' } }), { maxLength: 1 }),
    })
    .map((movie) => ({
      ...movie,
      scenes: movie.scenes.map((each, index) => ({ id: `s${index}`, ...each })),
    }));
}
