import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Child, describeExit, isAlive, startChild } from '../../../tools/child-process.ts';
import { waitUntil } from '../../../tools/wait-until.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'child-process-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const node = (
  script: string,
  more: { logFile?: string; onLine?: (line: string) => void } = {},
): Promise<Child> =>
  startChild({ file: process.execPath, args: ['-e', script], environment: process.env, ...more });

const lineOf = (child: Child, wanted: string): Promise<void> =>
  waitUntil(
    async () => {
      await Promise.resolve();
      if (!child.tail().includes(wanted)) throw new Error(`no line "${wanted}" yet`);
    },
    { what: 'the line', timeoutMs: 5000 },
  );

describe('a child process', () => {
  it('tells how it ended and what it last wrote', async () => {
    const seen: string[] = [];
    const logFile = join(folder, 'child.log');
    const child = await node(
      'for (let i = 0; i < 100; i++) console.log(`line ${i}`); console.error("no disk"); process.exitCode = 7',
      { logFile, onLine: (line) => seen.push(line) },
    );
    expect(describeExit(await child.exited)).toBe('ended with code 7');
    await lineOf(child, 'line 99');
    await lineOf(child, 'no disk');
    expect(child.tail()).not.toContain('line 10\n');
    expect(seen).toHaveLength(101);
    expect(await readFile(logFile, 'utf8')).toContain('line 10\n');
  });

  it('keeps the log of the run before', async () => {
    const logFile = join(folder, 'child.log');
    for (const word of ['first', 'second']) {
      const child = await node(`console.log("${word}")`, { logFile });
      await child.exited;
      await waitUntil(
        async () => {
          if (!(await readFile(logFile, 'utf8')).includes(word)) throw new Error('not written yet');
        },
        { what: 'the log', timeoutMs: 5000 },
      );
    }
    expect(await readFile(`${logFile}.previous`, 'utf8')).toBe('first\n');
  });

  it('is killed when it does not obey the stop signal within the grace', async () => {
    const child = await node(
      'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("up")',
    );
    await lineOf(child, 'up');
    expect(describeExit(await child.stop(200))).toBe('was ended by SIGKILL');
  });

  it('takes what is left of its group with it when it is stopped', async () => {
    const child = await node(
      `const { spawn } = require('node:child_process');
       const inner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
       console.log('inner=' + inner.pid); setInterval(() => {}, 1000);`,
    );
    await lineOf(child, 'inner=');
    const inner = Number(/inner=(\d+)/.exec(child.tail())?.[1]);
    expect(isAlive(inner)).toBe(true);
    await child.stop();
    await gone(inner);
  });

  it('dies with a parent that is killed', async () => {
    const script = join(folder, 'parent.mts');
    await writeFile(
      script,
      `import { startChild } from '${new URL('../../../tools/child-process.ts', import.meta.url).href}';
       const inner = await startChild({ file: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'], environment: process.env });
       console.log('inner=' + inner.pid);`,
    );
    const parent = await startChild({
      file: process.execPath,
      args: ['--import', import.meta.resolve('tsx'), script],
      environment: process.env,
    });
    await lineOf(parent, 'inner=');
    const inner = Number(/inner=(\d+)/.exec(parent.tail())?.[1]);
    expect(isAlive(inner)).toBe(true);
    parent.kill('SIGKILL');
    await parent.exited;
    await gone(inner);
  });

  it('that cannot be started is an error with its path', async () => {
    for (const file of ['/nowhere/program', 'no-such-program-anywhere'])
      await expect(startChild({ file, args: [], environment: process.env })).rejects.toThrow(file);
  });
});

async function gone(pid: number): Promise<void> {
  await waitUntil(
    async () => {
      await Promise.resolve();
      if (isAlive(pid)) throw new Error(`process ${pid} still lives`);
    },
    { what: 'its end', timeoutMs: 5000 },
  );
}
