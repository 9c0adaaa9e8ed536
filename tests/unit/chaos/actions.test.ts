import { expect, it } from 'vitest';
import { drawStep } from '../../chaos/actions.ts';
import { documentSource } from '../../chaos/documents.ts';
import { seededRandom } from '../../chaos/random.ts';

function steps(seed: number) {
  const random = seededRandom(seed);
  return Array.from({ length: 500 }, () => drawStep(random));
}

function documents(seed: number) {
  const next = documentSource(seededRandom(seed), 'asset:tone');
  return Array.from({ length: 200 }, next);
}

it('a seed fixes the sequence of strikes, and another seed gives another', () => {
  expect(steps(7)).toEqual(steps(7));
  expect(steps(8)).not.toEqual(steps(7));
});

it('every kind of strike and every process is met', () => {
  const actions = steps(7).map(({ action }) => action);
  const targets = actions.flatMap((action) => (action.kind === 'kill' ? [action.target] : []));
  expect(new Set(targets).size).toBe(7);
  expect(new Set(actions.map(({ kind }) => kind)).size).toBe(7);
});

it('documents are new, edited, repeated and impossible, and equal ones have equal hashes', () => {
  const drawn = documents(3);
  expect(documents(3).map(({ hash }) => hash)).toEqual(drawn.map(({ hash }) => hash));
  const hashes = new Set(drawn.map(({ hash }) => hash));
  expect(hashes.size).toBeGreaterThan(100);
  expect(hashes.size).toBeLessThan(drawn.length);
  const poisoned = drawn.filter(({ isPoison }) => isPoison);
  expect(poisoned.length).toBeGreaterThan(2);
  expect(poisoned.length).toBeLessThan(30);
});
