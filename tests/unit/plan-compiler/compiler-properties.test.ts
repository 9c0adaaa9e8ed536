// What holds for every document, tried with random ones. A failure prints its seed: `fc.assert(…, { seed, path })` repeats it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Movie } from '../../../contract/movie.ts';
import { RenderSubmission } from '../../../contract/submission.ts';
import { compileMovie } from '../../../plan-compiler/compile-movie.ts';
import type { CompileInput, CompileResult } from '../../../plan-compiler/compile-types.ts';
import { readSubmission } from '../../../plan-compiler/read-submission.ts';
import { anyMovie, nearlyValidMovie } from '../../support/any-movie.ts';
import { compileInput, testLimits } from '../../support/plan-inputs.ts';

const bounded = { numRuns: 150, interruptAfterTimeLimit: 8_000, markInterruptAsFailure: false };
const surroundings = compileInput({ scenes: [{ id: 'a', duration: 1, layers: [] }] });
const compile = (movie: Movie): CompileResult => compileMovie({ ...surroundings, movie });
const compiledOf = (movie: object): CompileResult => compile(Movie.parse(movie));
const issuePath = /^$|^[\p{L}_$[]/u;

describe('any valid document', () => {
  test('has the frames of its scenes, each scene those of its duration to within one frame', () => {
    let compiled = 0;
    const property = fc.property(anyMovie, (document) => {
      const movie = Movie.parse(document);
      const result = compile(movie);
      if (result.kind === 'refused') return;
      compiled += 1;
      const { plan } = result;
      expect(plan.scenes.reduce((sum, { frames }) => sum + frames, 0)).toBe(plan.totalFrames);
      expect(plan.scenes.map(({ index }) => index)).toEqual(plan.scenes.map((_scene, index) => index));
      for (const { frames } of plan.scenes) expect(Number.isInteger(frames) && frames > 0).toBe(true);
      for (const { id, duration } of movie.scenes) {
        if (duration === 'auto') continue;
        const parts = plan.scenes.filter(({ sceneId }) => sceneId === id);
        const frames = parts.reduce((sum, part) => sum + part.frames, 0);
        const wanted = (duration * plan.output.fps.num) / plan.output.fps.den;
        expect(Math.abs(frames - wanted)).toBeLessThanOrEqual(1 + 1e-6);
      }
    });
    fc.assert(property, bounded);
    expect(compiled).toBeGreaterThan(20);
  });

  test('gives the same plan to the byte each time', () => {
    fc.assert(
      fc.property(anyMovie, (document) => {
        expect(JSON.stringify(compiledOf(document))).toBe(JSON.stringify(compiledOf(document)));
      }),
      bounded,
    );
  });

  test('keeps its keys whatever the order in which its properties are written', () => {
    fc.assert(
      fc.property(anyMovie, (document) => {
        expect(keysOf(compiledOf(turned(document) as object))).toEqual(keysOf(compiledOf(document)));
      }),
      bounded,
    );
  });

  test('does not change its input', () => {
    fc.assert(
      fc.property(anyMovie, (document) => {
        const input: CompileInput = { ...surroundings, movie: Movie.parse(document) };
        const before = JSON.stringify(input.movie);
        compileMovie(input);
        expect(JSON.stringify(input.movie)).toBe(before);
      }),
      { ...bounded, numRuns: 50 },
    );
  });
});

describe('a document with something wrong in it', () => {
  test('is read or refused with issues that have a path, never an exception', () => {
    let refused = 0;
    const property = fc.property(nearlyValidMovie, (movie) => {
      const outcome = readSubmission({ kind: 'movie', projectId: 'p', movie }, testLimits);
      if (outcome.kind === 'refused') {
        refused += 1;
        checkIssues(outcome.issues);
      }
      const rest = outcome.kind === 'read' ? outcome.submission : outcome.rest;
      if (rest === null) return;
      expect(RenderSubmission.safeParse(rest).success).toBe(true);
      const result = compile(rest.movie);
      if (result.kind === 'refused') checkIssues(result.issues);
    });
    fc.assert(property, { ...bounded, numRuns: 400 });
    expect(refused).toBeGreaterThan(50);
  });

  test('of any other form of JSON is refused, too', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (body) => {
        const outcome = readSubmission(body, testLimits);
        expect(outcome.kind).toBe('refused');
        if (outcome.kind === 'refused') checkIssues(outcome.issues);
      }),
      { ...bounded, numRuns: 400 },
    );
  });
});

function checkIssues(issues: readonly { readonly path: string; readonly message: string }[]): void {
  expect(issues.length).toBeGreaterThan(0);
  for (const { path, message } of issues) {
    expect(path).toMatch(issuePath);
    expect(message).not.toBe('');
  }
}

function keysOf(result: CompileResult): unknown {
  if (result.kind === 'refused') return result.issues.length;
  const { scenes, programme } = result.plan;
  return [scenes.map(({ pictureKey, soundKey }) => [pictureKey, soundKey]), programme.key];
}

/** The same value with the properties of each object in reverse. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([name, part]) => [name, turned(part)]));
}
