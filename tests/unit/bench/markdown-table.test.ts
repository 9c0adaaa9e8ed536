import { describe, expect, it } from 'vitest';
import { coreConstants, longerFilm, predictAll } from '../../../bench/core-model.ts';
import { markdownOf } from '../../../bench/markdown-table.ts';
import { exampleFilm, exampleResults, measuredAs } from './bench-results.ts';

describe('the Markdown of results', () => {
  it('says the machine, the commit, the day and the rounds', () => {
    expect(markdownOf(exampleResults)).toContain(
      'A processor, 2 cores, 16 GB; FFmpeg 5.1, x264 core 164, Node v20; commit abc1234, 2026-03-04; median of 3 rounds.',
    );
  });

  it('has a line for the graph, each case and each other program', () => {
    const lines = markdownOf(exampleResults).split('\n');
    expect(lines).toContain('| **A** one graph | 1 | 40.00 | 80.0 | 800 |');
    expect(lines).toContain('| A cold | 0.80 | 32.00 | 64.0 | 400 |');
    expect(lines).toContain('| A nothing | 0.020 | 0.80 | 1.6 | 400 |');
    expect(lines).toContain('| A melt | 1.10 | 44.00 | 88.0 | 400 |');
  });

  it('judges each target', () => {
    expect(markdownOf(exampleResults)).toContain('| A cold | 0.80 | ≤ 0.9 | ≤ 0.8 | aim met |');
    const slow = { ...exampleResults, films: { A: { ...exampleFilm, cold: measuredAs(0.95) } } };
    expect(markdownOf(slow)).toContain('| A cold | 0.95 | ≤ 0.9 | ≤ 0.8 | **missed** |');
    expect(markdownOf(exampleResults)).toContain('| tiny | scenes a second | 20 scenes/s | ≥ 15 | met |  |');
  });

  it('tells what many cores would do, where it was measured', () => {
    const constants = coreConstants({ oneCoreSeconds: 64, twoCoreSeconds: 34, longestSceneSeconds: 5 });
    const details = {
      constants,
      scenes: 10,
      longerFactor: 12,
      predictions: predictAll(constants),
      predictionsOfLonger: predictAll(longerFilm(constants, 12)),
    };
    const results = { ...exampleResults, extra: { cores: { figures: [], details } } };
    expect(markdownOf(results)).toContain('| cores | 10 scenes, s | cautious | 120 scenes, s | cautious |');
    expect(markdownOf(results)).toContain('| 128 | 9.0 | 9.0 | 53.6 | 55.0 |');
  });

  it('leaves out what was not measured', () => {
    const text = markdownOf({ ...exampleResults, films: {}, extra: {}, processes: {} });
    expect(text).not.toContain('|');
  });

  it('is a table to Markdown: every line of one has as many cells as its head', () => {
    const tables = markdownOf(exampleResults)
      .split('\n\n')
      .filter((block) => block.startsWith('|'));
    expect(tables.length).toBeGreaterThan(3);
    for (const table of tables) {
      const counts = table
        .trim()
        .split('\n')
        .map((line) => line.split('|').length);
      expect(new Set(counts).size).toBe(1);
    }
  });
});
