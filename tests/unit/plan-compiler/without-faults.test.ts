import { describe, expect, it } from 'vitest';
import { readSubmission } from '../../../plan-compiler/read-submission.ts';
import { compileInput } from '../../support/plan-inputs.ts';

const { limits } = compileInput({ scenes: [{ id: 'any', duration: 1, layers: [] }] });
const text = (content: object): object => ({ type: 'text', text: 'x', ...content });

function rest(movie: unknown, more: object = {}) {
  const outcome = readSubmission({ kind: 'movie', projectId: 'p', movie, ...more }, limits);
  if (outcome.kind === 'read') throw new Error('The document has no fault.');
  return outcome.rest;
}

describe('the rest of a faulty document', () => {
  it('keeps its positions, with a faulty layer disabled and the others untouched', () => {
    const layers = [text({ fontSize: 'huge' }), text({ text: 'good' })];
    const left = rest({ scenes: [{ id: 'a', duration: 2, layers }] });
    expect(left?.movie.scenes[0]?.layers).toMatchObject([
      { type: 'color', enabled: false },
      { type: 'text', text: 'good' },
    ]);
    expect(left?.movie.scenes[0]?.duration).toBe(2);
  });

  it('keeps a layer that only has a property too many', () => {
    const left = rest({ scenes: [{ id: 'a', duration: 2, layers: [text({ blendMode: 'screen' })] }] });
    expect(left?.movie.scenes[0]?.layers[0]).toMatchObject({ type: 'text', text: 'x' });
  });

  it('is without faulty properties of scene, movie and request', () => {
    const scenes = [{ id: 7, duration: 'long', layers: [] }, 'no scene'];
    const left = rest({ width: 'wide', scenes }, { renderOptions: { crf: 99 } });
    expect(left?.movie.width).toBe(1920);
    expect(left?.movie.scenes).toHaveLength(2);
    expect(left?.renderOptions.crf).toBe(23);
  });

  it('is nothing where there is no project or no movie', () => {
    expect(rest(null)).toBeNull();
    const outcome = readSubmission({ kind: 'movie', movie: { scenes: [] } }, limits);
    expect(outcome.kind === 'refused' && outcome.rest).toBeNull();
  });
});
