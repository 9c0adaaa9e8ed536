// How a program is ended for certain, with real processes: scripts that hang, that do not listen, that have children.
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openGround } from '../../../ffmpeg/cage.ts';
import { type ProcessEnd, type ProcessRequest, runProcess } from '../../../ffmpeg/run-process.ts';

const shell = (script: string, changes: Partial<ProcessRequest> = {}): Promise<ProcessEnd> =>
  runProcess({
    run: { path: '/bin/sh', arguments: ['-c', script], reads: [], writes: [] },
    cage: openGround,
    onStdout: () => undefined,
    onStderr: () => undefined,
    silenceMsMax: null,
    ...changes,
  });

/** Processes of that name in their arguments; none of them may be left. */
async function running(name: string): Promise<number> {
  const ids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(name)).length;
}

describe('a program', () => {
  it('that ends by itself says how', async () => {
    expect(await shell('exit 3')).toEqual({ exitCode: 3, killSignal: null, endedBy: 'itself' });
    expect(await shell('kill -SEGV $$')).toMatchObject({ killSignal: 'SIGSEGV', endedBy: 'itself' });
  });

  it('that says nothing for too long is stopped', async () => {
    const end = await shell('sleep 30.25', { silenceMsMax: 100 });
    expect(end).toMatchObject({ killSignal: 'SIGTERM', endedBy: 'silence' });
    expect(await running('30.25')).toBe(0);
  });

  it('that goes on talking is not', async () => {
    const end = await shell('for i in 1 2 3 4 5 6; do echo $i; sleep 0.1; done', { silenceMsMax: 400 });
    expect(end).toMatchObject({ exitCode: 0, endedBy: 'itself' });
  });

  it('that does not listen is killed five seconds later, with its children', async () => {
    const cancel = new AbortController();
    const begin = performance.now();
    const script = "trap '' TERM; echo up; sleep 30.75 & while :; do sleep 30.75; done";
    const end = await shell(script, { signal: cancel.signal, onStdout: () => cancel.abort() });
    expect(end).toMatchObject({ killSignal: 'SIGKILL', endedBy: 'abort' });
    const ms = performance.now() - begin;
    expect(ms).toBeGreaterThan(4_500);
    expect(ms).toBeLessThan(8_000);
    await expect.poll(() => running('30.75')).toBe(0);
  });

  it('is not started at all where the work was cancelled before', async () => {
    const end = await shell('exit 3', { signal: AbortSignal.abort() });
    expect(end).toEqual({ exitCode: null, killSignal: null, endedBy: 'abort' });
  });

  it('that cannot be started is a fault of ours, with advice', async () => {
    const run = { path: '/nowhere/ffmpeg', arguments: [], reads: [], writes: [] };
    await expect(shell('', { run })).rejects.toMatchObject({
      code: 'INTERNAL',
      hint: expect.stringContaining('doctor') as string,
    });
  });
});
