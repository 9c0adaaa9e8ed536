import { describe, expect, it } from 'vitest';
import { measureJob, measureProgram } from '../../../bench/process-meter.ts';
import { parseRow, proportionalBytes, readMemory, readTrees } from '../../../bench/process-tree.ts';

describe('a line of /proc', () => {
  it('is read even where the name holds brackets and spaces', () => {
    const rest = ['S', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 250, 50, 30, 20, 0, 0, 0, 0, 0, 0, 512];
    expect(parseRow(`77 (odd) na me) ${rest.join(' ')}`)).toEqual({
      pid: 77,
      name: 'odd) na me',
      seconds: 3,
      secondsOfEnded: 0.5,
      residentBytes: 512 * 4096,
    });
  });
});

describe('the meter', () => {
  it('sees the processor time and the memory of a program and of what it starts', async () => {
    // tail holds the bytes until the pipe ends.
    const holding = '{ head -c 150000000 /dev/zero; sleep 0.4; } | tail -c 150000000 > /dev/null';
    const usage = await measureProgram({ file: '/bin/sh', args: ['-c', holding] });
    expect(usage.wallSeconds).toBeGreaterThan(0.4);
    expect(usage.cpuSeconds).toBeGreaterThan(0);
    expect(usage.peakMemoryBytes).toBeGreaterThan(150e6);
  });

  it('says why a program failed', async () => {
    const failing = measureProgram({ file: process.execPath, args: ['-e', 'throw new Error("no disk")'] });
    await expect(failing).rejects.toThrow('no disk');
    await expect(measureProgram({ file: '/nowhere/ffmpeg', args: [] })).rejects.toThrow('ENOENT');
  });

  it('hands on the result of a job, the memory of the processes watched, and its failure', async () => {
    const processes = { all: [process.pid], starters: [], watched: { own: process.pid } };
    const { result, usage, residentPeaks } = await measureJob(processes, () => Promise.resolve('done'));
    expect(result).toBe('done');
    expect(usage.wallSeconds).toBeLessThan(5);
    expect(residentPeaks.own).toBeGreaterThan(10e6);
    await expect(measureJob(processes, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  });
});

describe('the memory of processes', () => {
  it('is the proportional size, 0 where a process has ended', async () => {
    const rollup = '560520e3b000-7ffe232fb000 ---p 0 00:00 0 [rollup]\nRss: 4316 kB\nPss:       1210 kB\n';
    expect(proportionalBytes(rollup)).toBe(1210 * 1024);
    expect(proportionalBytes('')).toBe(0);
    expect(await readMemory(await readTrees([process.pid]))).toBeGreaterThan(1_000_000);
  });
});
