import { expect, it } from 'vitest';
import { readSettings } from '../../../contract/settings.ts';
import { commandArguments } from '../../../ffmpeg/ffmpeg-command.ts';
import { filterThreads } from '../../../workers/render-concurrency.ts';

const command = {
  inputs: [
    { path: '/a.mp4', options: ['-f', 'mov'] },
    { path: 'pipe:0', options: ['-f', 'f32le'] },
  ],
  output: { streams: [], options: ['-c', 'copy'], path: '/b.mp4' },
};

it('a run decodes each input by one thread, and filters by as many as it was given', () => {
  const text = commandArguments(command, { filterThreads: 3 }).join(' ');
  expect(text).toContain('-filter_threads 3 -filter_complex_threads 3');
  expect(text).toContain('-threads 1 -f mov -i file:/a.mp4 -threads 1 -f f32le -i pipe:0');
});

it.each([
  { cores: 2, concurrency: 2, threads: 2 },
  { cores: 16, concurrency: 4, threads: 4 },
  { cores: 64, concurrency: 1, threads: 8 },
  { cores: 64, concurrency: 64, threads: 2 },
])("a run's share of $cores cores is $threads threads where $concurrency work at once", (machine) => {
  const settings = readSettings({
    DATABASE_URL: 'postgres://none',
    TEMPORAL_ADDRESS: 'none:1',
    LINK_SIGNING_SECRET: 'only-for-tests-0123456789',
    RENDER_CONCURRENCY: String(machine.concurrency),
  });
  expect(filterThreads(settings, machine.cores)).toBe(machine.threads);
});
