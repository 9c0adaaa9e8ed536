import { describe, expect, test } from 'vitest';
import type { MovieInput } from '../../../contract/movie.ts';
import { changedPaths } from '../../../plan-compiler/changed-paths.ts';
import { hashOf, planOf, sourcesOf, testAssets } from '../../support/plan-inputs.ts';

const text = { type: 'text', text: 'Hello' } as const;
const mark = { type: 'image', src: 'asset:photo', width: 10, height: 10 } as const;
const base: MovieInput = {
  scenes: ['a', 'b', 'c', 'd'].map((id) => ({
    id,
    duration: 1,
    layers: [text, { type: 'video', src: 'asset:clip' }],
  })),
  overlays: [{ ...mark, enabled: false }, mark],
};

/** What scene 3 is told to differ in; sources pass through JSON, as they do in the database. */
function changes(movie: MovieInput, overrides: Parameters<typeof sourcesOf>[1] = {}): readonly string[] {
  const before: unknown = JSON.parse(JSON.stringify(sourcesOf(base)[3]!.source));
  const after: unknown = JSON.parse(JSON.stringify(sourcesOf(movie, overrides).at(-1)!.source));
  return changedPaths(before, after, 3);
}

const withLast = (change: object): MovieInput => ({
  ...base,
  scenes: [...base.scenes.slice(0, 3), { ...base.scenes[3]!, ...change }],
});

describe('what a scene was made from', () => {
  test('has no labels, and files by content', () => {
    const source = JSON.stringify(sourcesOf(base)[3]!.source);
    expect(source).toContain(`"src":"sha256:${hashOf('clip')}"`);
    expect(source).not.toContain('asset:');
    expect(source).not.toContain('"id"');
  });

  test('is one entry per scene of the document, with one key over all parts', () => {
    const scenes = [
      { id: 'long', duration: 50, layers: [] },
      { id: 'short', duration: 1, layers: [] },
    ];
    expect(planOf({ scenes }).scenes).toHaveLength(4);
    expect(sourcesOf({ scenes }).map(({ sceneId, sceneIndex }) => [sceneId, sceneIndex])).toEqual([
      ['long', 0],
      ['short', 1],
    ]);
  });
});

describe('changed paths', () => {
  test('are none where nothing has changed but labels, order or other scenes', () => {
    expect(changes(base)).toEqual([]);
    expect(changes({ ...base, title: 'Other', scenes: base.scenes.slice(2) })).toEqual([]);
    expect(
      changes(withLast({ id: 'renamed', layers: [{ ...text, name: 'Title' }, base.scenes[3]!.layers[1]!] })),
    ).toEqual([]);
  });

  test('name the property in the document', () => {
    expect(changes(withLast({ layers: [{ ...text, text: 'Bye' }, base.scenes[3]!.layers[1]!] }))).toEqual([
      'movie.scenes[3].layers[0].text',
    ]);
    expect(changes(withLast({ duration: 2, backgroundColor: 'red' })).toSorted()).toEqual([
      'movie.backgroundColor',
      'movie.overlays[1].duration',
      'movie.scenes[3].backgroundColor',
      'movie.scenes[3].duration',
    ]);
    expect(changes({ ...base, width: 320 })).toEqual(['movie.width']);
  });

  test('name overlays by their place in the document', () => {
    expect(
      changes({
        ...base,
        overlays: [
          { ...mark, enabled: false },
          { ...mark, x: 5 },
        ],
      }),
    ).toEqual(['movie.overlays[1].x']);
    expect(changes({ ...base, overlays: [mark, mark] })).toEqual(['movie.overlays[0]']);
  });

  test('tell of a file with other bytes', () => {
    const assets = testAssets.map((asset) =>
      asset.assetId === 'clip' ? { ...asset, sha256: hashOf('new') } : asset,
    );
    expect(changes(base, { assets })).toEqual(['movie.scenes[3].layers[1].src']);
  });

  test('tell of the engine and its settings', () => {
    const encoding = { crf: 20, threads: 1, repeatsStills: true, audioBitsPerSecond: 192_000 };
    expect(changes(base, { renderer: 'new', encoding })).toEqual([
      'renderOptions.crf',
      'settings.threads',
      'renderer',
    ]);
    expect(changes(base, { fonts: testFontsReplaced() })).toEqual(['fonts']);
  });

  test('are bounded, whatever is compared', () => {
    const many = (value: number) => ({
      scene: Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`p${index}`, value])),
    });
    expect(changedPaths(many(1), many(2), 0)).toHaveLength(50);
    expect(changedPaths(null, { movie: 1 }, 0)).toEqual(['movie']);
    expect(changedPaths({ scene: { layers: [1] } }, { scene: { layers: { 0: 1 } } }, 2)).toEqual([
      'movie.scenes[2].layers',
    ]);
  });
});

function testFontsReplaced() {
  return [{ family: 'Noto Sans', weight: 400, style: 'normal' as const, sha256: hashOf('other font') }];
}
