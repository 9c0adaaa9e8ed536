import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createTimedPrograms, secondsCovered } from '../../../bench/timed-programs.ts';

const run = promisify(execFile);

describe('the time that programs cover', () => {
  it('counts what overlaps once', () => {
    const runs = [
      { from: 10, to: 14 },
      { from: 0, to: 2 },
      { from: 11, to: 12 },
      { from: 13, to: 15 },
    ];
    expect(secondsCovered(runs)).toBe(7);
    expect(secondsCovered([])).toBe(0);
  });
});

describe('a timed program', () => {
  it('is the program itself, with its output and exit code, and notes each run once', async () => {
    const programs = await createTimedPrograms({ ffmpegPath: process.execPath, ffprobePath: '/bin/false' });
    try {
      const { FFMPEG_PATH: program, FFPROBE_PATH: failing } = programs.environment;
      const { stdout } = await run(program ?? '', ['-e', 'console.log(process.argv[1])', 'two words']);
      expect(stdout).toBe('two words\n');
      const [first, ...others] = await programs.takeRuns();
      expect(others).toEqual([]);
      expect(first?.to).toBeGreaterThan(first?.from ?? Number.NaN);
      await expect(run(failing ?? '')).rejects.toMatchObject({ code: 1 });
      expect(await programs.takeRuns()).toHaveLength(1);
    } finally {
      await programs.remove();
    }
  });
});
