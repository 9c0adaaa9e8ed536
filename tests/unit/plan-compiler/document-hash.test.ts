import { describe, expect, test } from 'vitest';
import { RenderError } from '../../../contract/errors.ts';
import { RenderSubmission, type RenderSubmissionInput } from '../../../contract/submission.ts';
import { hashBody, hashDocument } from '../../../plan-compiler/document-hash.ts';

const base: RenderSubmissionInput = {
  kind: 'movie',
  projectId: 'default',
  movie: { scenes: [{ id: 'a', duration: 1, layers: [] }] },
};
const hashOf = (changes: Partial<RenderSubmissionInput> = {}) =>
  hashDocument(RenderSubmission.parse({ ...base, ...changes }));

describe('the hash of a document', () => {
  test('is the same for defaults written out and for another speed', () => {
    expect(hashOf({ movie: { ...base.movie, fps: 30 }, renderOptions: { crf: 23 } })).toBe(hashOf());
    expect(
      hashOf({ renderOptions: { qualityPreset: 'turbo', requestedConcurrency: 2, reuseActive: false } }),
    ).toBe(hashOf());
  });

  test('differs with movie, project, quality, cache and callback', () => {
    const hashes = [
      hashOf(),
      hashOf({ projectId: 'other' }),
      hashOf({ movie: { ...base.movie, fps: 25 } }),
      hashOf({ movie: { ...base.movie, title: 'Title' } }),
      hashOf({ renderOptions: { crf: 20 } }),
      hashOf({ renderOptions: { cache: 'refresh' } }),
      hashOf({ callbackUrl: 'https://example.com/hook' }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('the hash of a body', () => {
  test('does not depend on the order of properties, but on that of lists', () => {
    expect(hashBody({ a: 1, b: [1, 2] })).toBe(hashBody({ b: [1, 2], a: 1 }));
    expect(hashBody({ b: [2, 1] })).not.toBe(hashBody({ b: [1, 2] }));
    expect(hashBody(undefined)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('of what has no canonical form is refused as the caller’s fault', () => {
    const nested: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    for (const body of ['\ud83d', nested]) {
      expect(() => hashBody(body)).toThrow(
        expect.objectContaining({ name: RenderError.name, code: 'VALIDATION_ERROR' }),
      );
    }
  });
});
