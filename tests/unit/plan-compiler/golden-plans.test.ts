import { describe, expect, test } from 'vitest';
import type { MovieInput } from '../../../contract/movie.ts';
import { planOf, testLimits } from '../../support/plan-inputs.ts';

// Plans as files: a change of the compiler shows what it changes in them. Where that is meant, run with `--update`; where
// clips of before must not be found again, raise SCHEMA in keys.ts.
const films: Record<string, MovieInput> = {
  'one-of-each-layer': {
    width: 320,
    height: 180,
    scenes: [
      {
        id: 'all',
        duration: 2,
        backgroundColor: 'midnightblue',
        layers: [
          {
            type: 'video',
            src: 'asset:clip',
            trimStart: 1,
            volume: { db: -6 },
            in: { type: 'fade', duration: 0.5 },
          },
          {
            type: 'image',
            src: 'asset:photo',
            width: '40%',
            height: '40%',
            x: '95%',
            y: '5%',
            anchor: 'top-right',
            motion: {
              type: 'ken-burns',
              from: { x: 0, y: 0, width: 1, height: 1 },
              to: { x: 0.25, y: 0.25, width: 0.5, height: 0.5 },
            },
          },
          { type: 'audio', src: 'asset:song', start: 0.5, fadeIn: 0.5, fadeOut: 0.5, fadeCurve: 'qsin' },
          {
            type: 'text',
            text: 'Hello شكرا',
            y: '80%',
            fontWeight: 700,
            background: { color: 'black', opacity: 0.6, radius: 4 },
            padding: 6,
            stroke: { width: 1, color: '#fff' },
            textShadow: { x: 1, y: 1, blur: 2 },
          },
          {
            type: 'color',
            color: '#ff000080',
            width: 40,
            height: 20,
            x: 0,
            y: 0,
            anchor: 'top-left',
            rotation: 15,
          },
          {
            type: 'shape',
            shape: 'circle',
            width: 30,
            height: 30,
            gradient: {
              type: 'radial',
              stops: [
                { at: 0, color: 'gold' },
                { at: 1, color: 'tomato' },
              ],
            },
            border: { width: 2, color: 'white' },
          },
        ],
      },
    ],
  },
  'long-scene-with-overlay-and-music': {
    fps: '30000/1001',
    scenes: [
      { id: 'title', duration: 1, layers: [{ type: 'text', text: 'Title' }] },
      {
        id: 'long',
        duration: 5,
        layers: [
          { type: 'video', src: 'asset:clip', trimDuration: 1.5, loop: true, rotation: 90, fit: 'contain' },
        ],
      },
    ],
    overlays: [
      {
        type: 'image',
        src: 'asset:photo',
        width: 16,
        height: 9,
        x: '100%',
        y: '100%',
        anchor: [1, 1],
        opacity: 0.5,
        out: { type: 'fade', duration: 1 },
      },
    ],
    audio: [{ src: 'asset:song', volume: 0.3, loop: true, fadeOut: 1 }],
  },
};

describe('golden plans', () => {
  for (const [name, movie] of Object.entries(films)) {
    test(`${name} is compiled as it was`, async () => {
      const plan = planOf(movie, { limits: { ...testLimits, partSecondsMax: 2 } });
      await expect(`${JSON.stringify(plan, null, 2)}\n`).toMatchFileSnapshot(
        `../../golden/plans/${name}.json`,
      );
    });
  }
});
