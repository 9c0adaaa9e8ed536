// Everything that the full movie document has (all tables of its specification) and this version has not: refused by name, at
// its path, with what to do instead. Nothing is ignored.
import { describe, expect, test } from 'vitest';
import { readSubmission } from '../../../plan-compiler/read-submission.ts';
import { testLimits } from '../../support/plan-inputs.ts';

type Json = Record<string, unknown>;

const scene = { id: 'a', duration: 1, layers: [] };
const layers: Record<string, Json> = {
  video: { type: 'video', src: 'asset:clip' },
  image: { type: 'image', src: 'asset:photo' },
  audio: { type: 'audio', src: 'asset:song' },
  text: { type: 'text', text: 'Hello' },
  color: { type: 'color', color: 'red' },
  shape: { type: 'shape', shape: 'circle', fill: 'red' },
};

/** A submission with one property more, at a place of the given kind. */
const places: Record<string, (property: Json) => { readonly body: Json; readonly path: string }> = {
  request: (property) => ({ body: submission({}, property), path: '' }),
  options: (property) => ({ body: submission({}, { renderOptions: property }), path: 'renderOptions.' }),
  movie: (property) => ({ body: submission(property), path: 'movie.' }),
  scene: (property) => ({
    body: submission({ scenes: [{ ...scene, ...property }] }),
    path: 'movie.scenes[0].',
  }),
  track: (property) => ({
    body: submission({ audio: [{ src: 'asset:song', ...property }] }),
    path: 'movie.audio[0].',
  }),
  ...Object.fromEntries(
    Object.entries(layers).map(([type, layer]) => [
      type,
      (property: Json) => ({
        body: submission({ scenes: [{ ...scene, layers: [{ ...layer, ...property }] }] }),
        path: 'movie.scenes[0].layers[0].',
      }),
    ]),
  ),
};

function submission(movie: Json, rest: Json = {}): Json {
  return {
    kind: 'movie',
    projectId: 'p',
    movie: { width: 160, height: 90, scenes: [scene], ...movie },
    ...rest,
  };
}

function issuesOf(place: string, property: Json) {
  const { body, path } = places[place]!(property);
  const result = readSubmission(body, testLimits);
  return { issues: result.kind === 'refused' ? result.issues : [], path };
}

const common = { condition: 'x', scale: 2, skew: [1, 1], blendMode: 'screen', mask: {}, effects: [] };
const media = { speed: 2, pitch: 'follow', reverse: true, freeze: {}, whenShort: 'hold', streamIndex: 1 };
const sound = { pan: 0.5, duck: {}, denoise: {}, eq: {}, compressor: {}, highpass: {}, role: 'voice' };
const boxed = { radius: 4, border: {}, shadow: {} };

const later: Record<string, Json> = {
  request: { kind: 'timeline', variables: {}, outputs: [], metadata: {}, idempotencyKey: 'k', strict: true },
  options: {
    draft: true,
    range: {},
    onSceneFailure: 'skip',
    deadline: 9,
    priority: 1,
    retention: 9,
    cache: 'bypass',
  },
  movie: {
    colorSpace: 'bt709',
    subtitles: {},
    assets: {},
    fonts: [],
    variables: {},
    defaults: {},
    loudness: {},
    title: 'For {{ user.name }}',
  },
  scene: {
    transition: {},
    condition: 'x',
    repeat: {},
    variables: {},
    defaults: {},
    cache: 'use',
    onFailure: 'skip',
    id: '{{id}}',
  },
  video: {
    ...common,
    ...media,
    ...sound,
    ...boxed,
    fit: 'contain-blur',
    width: 'auto',
    opacity: { keyframes: [] },
  },
  image: {
    ...common,
    ...boxed,
    fit: 'contain-blur',
    height: 'auto',
    x: { keyframes: [] },
    anchor: { keyframes: [] },
  },
  audio: { condition: 'x', ...media, ...sound, volume: { keyframes: [] } },
  text: {
    ...common,
    border: {},
    shadow: {},
    radius: 4,
    gradient: {},
    wordSpacing: 2,
    minFontSize: 8,
    maxFontSize: 90,
    language: 'ar',
    emoji: 'mono',
    reveal: 'typewriter',
    runs: [],
    fontSize: 'auto',
    align: 'justify',
    wrap: 'balance',
    text: 'Hello {{name|you}}',
    color: '{{brand}}',
    rotation: { keyframes: [] },
  },
  color: { ...common, ...boxed, gradient: {} },
  shape: { ...common, width: { keyframes: [] } },
  track: { condition: 'x', ...media, ...sound },
};

describe('a property or value of the full document', () => {
  const cases = Object.entries(later).flatMap(([place, properties]) =>
    Object.entries(properties).map(([name, value]) => ({ place, name, value })),
  );
  test.each(cases)('is not in this version: $place, $name', ({ place, name, value }) => {
    const { issues, path } = issuesOf(place, { [name]: value });
    expect(issues).toEqual([
      {
        code: 'not-in-this-version',
        path: `${path}${name}`,
        message: expect.stringContaining('not in this version of the engine') as string,
        hint: expect.stringMatching(/\.$/) as string,
      },
    ]);
  });

  test.each(['html', 'group', 'subtitles'])('is not in this version: a layer of type "%s"', (type) => {
    const { issues, path } = issuesOf('image', { type });
    expect(issues).toMatchObject([{ code: 'not-in-this-version', path: `${path}type` }]);
  });

  test('written as runs is a text of one style here', () => {
    const { issues } = issuesOf('text', { text: [{ text: 'Hello' }] });
    expect(issues).toMatchObject([
      { code: 'not-in-this-version', hint: expect.stringContaining('one style') as string },
    ]);
  });

  test('that stands deeper is told at its own place', () => {
    const fade = { type: 'fade', duration: 0.5, easing: 'linear', direction: 'left' };
    const { issues, path } = issuesOf('image', { in: fade });
    expect(issues.map((issue) => [issue.code, issue.path])).toEqual([
      ['not-in-this-version', `${path}in.easing`],
      ['not-in-this-version', `${path}in.direction`],
    ]);
  });
});

describe('braces in a text', () => {
  test.each(['{{}}', '{ {name} }', '{{1}}', '{{7*7}}', '{name}', 'a {{ b', '{\u2060{name}}'])(
    'that no value belongs into are letters: %s',
    (text) => expect(issuesOf('text', { text }).issues).toEqual([]),
  );

  test('are not looked at in notes of the caller', () => {
    expect(issuesOf('movie', { 'x-template': '{{name}}' }).issues).toEqual([]);
  });
});

describe('what other systems call it', () => {
  const hints: [place: string, name: string, hint: string][] = [
    ['movie', 'background', 'Write `backgroundColor`.'],
    ['movie', 'fill_color', 'Write `backgroundColor`.'],
    ['movie', 'soundtrack', 'Write `audio`.'],
    ['movie', 'frame_rate', 'Write `fps`.'],
    ['movie', 'name', 'Write `title`.'],
    ['scene', 'background-color', 'Write `backgroundColor`.'],
    ['scene', 'length', 'Write `duration`.'],
    ['scene', 'elements', 'Write `layers`.'],
    ['scene', 'name', 'Write `id`.'],
    ['image', 'left', 'Write `x` with `anchor: "top-left"`.'],
    ['image', 'top', 'Write `y` with `anchor: "top-left"`.'],
    ['image', 'position', 'Write `x` and `y`.'],
    ['image', 'z-index', 'Write `zIndex`.'],
    ['image', 'fade-in', 'Write `in`.'],
    ['image', 'fadeOut', 'Write `out`.'],
    ['image', 'zoom', 'Write `motion`.'],
    ['image', 'flip', 'Write `flipH` or `flipV`.'],
    ['video', 'fade-in', 'Write `fadeIn`.'],
    ['video', 'trim_start', 'Write `trimStart`.'],
    ['video', 'loopCount', 'Write `loop`.'],
    ['audio', 'mute', 'Write `muted`.'],
    ['text', 'content', 'Write `text`.'],
    ['text', 'textAlign', 'Write `align`.'],
    ['shape', 'borderRadius', 'Write `radius`.'],
    ['request', 'webhook_url', 'Write `callbackUrl`.'],
  ];
  test.each(hints)('in %s "%s": %s', (place, name, hint) => {
    const { issues, path } = issuesOf(place, { [name]: 1 });
    const at = /^\w+(-\w+)*$/.test(name) ? `${path}${name}` : name;
    expect(issues).toMatchObject([{ code: 'unknown-property', path: at, hint }]);
  });
});

describe('a wrong value', () => {
  const cases: [place: string, property: Json, path: string, message: RegExp, hint: RegExp][] = [
    [
      'movie',
      { fps: 29.97 },
      'fps',
      /^Expected a whole number or text, got 29.97\.$/,
      /"30000\/1001" \(29\.97\)/,
    ],
    ['image', { anchor: [0, 2] }, 'anchor[1]', /at most 1; got 2/, /fractions of its size/],
    ['image', { opacity: 50 }, 'opacity', /at most 1; got 50/, /0 \(clear\) to 1 \(opaque\)/],
    ['image', { duration: -1 }, 'duration', /more than 0; got -1/, /"fill": until the end/],
    ['image', { crop: { top: 0, x: 5 } }, 'crop.x', /"x" is not a property of `crop`/, /./],
    ['video', { volume: '50%' }, 'volume', /Expected a number or an object/, /Linear 0–4/],
    ['video', { volume: { dB: -6 } }, 'volume.dB', /not a property of `volume`/, /Write `db`/],
    ['text', { background: { colour: 'red' } }, 'background.colour', /`background`/, /Write `color`/],
    ['text', { fontSize: '5vh' }, 'fontSize', /a font size is a number of pixels or a percentage/, /./],
    [
      'movie',
      { sampleRate: 22_050 },
      'sampleRate',
      /22050 is not allowed/,
      /Give one of 44100, 48000, 96000/,
    ],
    [
      'movie',
      { duration: 5 },
      'duration',
      /not a property of the movie/,
      /a scene, an audio track, every layer/,
    ],
    ['movie', { scenes: [] }, 'scenes', /at least 1 item; got/, /./],
    ['text', { stroke: { color: 'red' } }, 'stroke.width', /`width` is missing/, /./],
    [
      'text',
      { padding: [1, 2, 3, 9000] },
      'padding[3]',
      /at most 2000; got 9000/,
      /top, right, bottom, left/,
    ],
    [
      'shape',
      { gradient: { stops: [{ position: 0 }] } },
      'gradient.stops[0].position',
      /not a property/,
      /Write `at`/,
    ],
  ];
  test.each(cases)('in %s, %j, is told with what may stand there', (place, property, at, ...told) => {
    const { issues, path } = issuesOf(place, property);
    const issue = issues.find((each) => each.path === `${path}${at}`);
    expect(issue?.message).toMatch(told[0]);
    expect(issue?.hint).toMatch(told[1]);
  });

  test('is told once, whatever else is wrong with it', () => {
    expect(issuesOf('color', { color: ['red'] }).issues).toMatchObject([
      { message: 'Expected text, got a list of 1.' },
    ]);
  });
});
