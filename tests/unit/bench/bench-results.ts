// Made-up results of one film and one case.
import type { BenchResults, FilmResult, Measured } from '../../../bench/results.ts';

export function measuredAs(ratio: number): Measured {
  return {
    ratio,
    wallSeconds: ratio * 40,
    cpuSeconds: ratio * 80,
    mediaCpuSeconds: ratio * 75,
    peakMemoryBytes: 400e6,
  };
}

export const exampleFilm: FilmResult = {
  about: 'ten scenes',
  filmSeconds: 50,
  cold: measuredAs(0.8),
  changed: measuredAs(0.12),
  music: measuredAs(0.06),
  nothing: measuredAs(0.02),
  graph: { ...measuredAs(1), peakMemoryBytes: 800e6 },
  lowestSsim: 0.991,
  sizeRatio: 1.02,
  ssimGraph: 0.994,
  ssimOurs: 0.994,
  ssimOursToGraph: 0.992,
  sizeRatioAtEqualSsim: 1.02,
  memoryRatio: 0.5,
  peers: { melt: measuredAs(1.1) },
};

export const exampleResults: BenchResults = {
  savedAt: '2026-03-04T05:06:07.000Z',
  commit: 'abc1234',
  rounds: 3,
  films: { A: exampleFilm },
  processes: { A: { api: 140e6, control: 180e6, media: 150e6 } },
  extra: {
    tiny: {
      figures: [
        {
          name: 'scenes a second',
          value: 20,
          unit: 'scenes/s',
          target: { kind: 'at-least', value: 15 },
          note: '',
        },
        { name: 'told only', value: 3, unit: 's', target: null, note: 'a note' },
      ],
      details: {},
    },
  },
  machine: {
    cpu: 'A processor',
    cores: 2,
    memoryBytes: 16e9,
    node: 'v20',
    ffmpeg: '5.1',
    x264: 'core 164',
  },
};
