// The cage around FFmpeg, with the real programs: what it lets through, what it does not, and that pictures do not change.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cage, cageCommand } from '../../ffmpeg/cage.ts';
import type { FfmpegCommand } from '../../ffmpeg/ffmpeg-command.ts';
import { findProgram } from '../../ffmpeg/find-program.ts';
import { openCage, type SandboxMode } from '../../ffmpeg/open-cage.ts';
import { runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts';
import { runProcess } from '../../ffmpeg/run-process.ts';
import { makeFolder, makeMedia, type TestFolder, testTools } from '../support/ffmpeg-tools.ts';

const enough = { memoryBytesMax: 6_000_000_000, fileBytesMax: 1_000_000_000 };
const options = { errorCode: 'SCENE_RENDER_FAILED', what: 'the test' } as const;

let folder: TestFolder;
beforeAll(async () => {
  folder = await makeFolder();
  await makeMedia('-f', 'lavfi', '-i', 'testsrc2=s=64x36:r=25:d=1', '-c:v', 'libx264', folder.path('in.mp4'));
});
afterAll(() => folder.remove());

async function cage(mode: SandboxMode, limits = enough): Promise<Cage> {
  return openCage({ mode, programs: [await program()], limits });
}

/** On a machine whose kernel forbids sandboxes a worker that demands one does not start, and there is nothing more to prove. */
async function closedCage(): Promise<Cage | null> {
  const { sandbox } = await cage('auto');
  if (sandbox.kind === 'bwrap') return cage('bwrap');
  await expect(cage('bwrap')).rejects.toThrow(/SANDBOX=bwrap/);
  return null;
}

async function eachCage(limits = enough): Promise<Cage[]> {
  return Promise.all([cage('none', limits), cage('auto', limits)]);
}

async function program(): Promise<string> {
  const path = await findProgram(testTools.ffmpegPath);
  if (path === null) throw new Error('There is no FFmpeg.');
  return path;
}

const encode = (name: string, graph: readonly string[] = []): FfmpegCommand => ({
  inputs: [{ path: folder.path('in.mp4'), options: ['-f', 'mov'] }],
  output: {
    streams: [],
    path: folder.path(name),
    options: [...graph, '-c:v', 'libx264', '-threads', '2', '-fflags', '+bitexact', '-f', 'mp4'],
  },
});

async function run(command: FfmpegCommand, surrounding: Cage): Promise<void> {
  await runFfmpeg({ ...testTools, ffmpegPath: await program(), cage: surrounding }, command, options);
}

/** What a shell prints in there. */
async function inside(surrounding: Cage, script: string, writes: readonly string[] = []): Promise<string> {
  let printed = '';
  await runProcess({
    run: { path: '/bin/sh', arguments: ['-c', script], reads: [folder.path('in.mp4')], writes },
    cage: surrounding,
    onStdout: (chunk) => {
      printed += chunk;
    },
    onStderr: () => undefined,
    silenceMsMax: null,
  });
  return printed.trim();
}

describe('the cage', () => {
  it('changes no byte of a picture', async () => {
    await run(encode('open.mp4'), await cage('none'));
    await run(encode('caged.mp4'), await cage('auto'));
    const [open, caged] = await Promise.all(
      ['open.mp4', 'caged.mp4'].map((name) => readFile(folder.path(name))),
    );
    expect(caged).toEqual(open);
  });

  it('shows programs, the files of the run, and nothing else', async () => {
    const closed = await closedCage();
    if (closed === null) return;
    expect(await inside(closed, 'echo /*')).toBe('/bin /dev /etc /lib /lib64 /tmp /usr');
    expect(await inside(closed, 'echo /etc/* /dev/*')).toBe(
      '/etc/alternatives /etc/ld.so.cache /dev/null /dev/urandom',
    );
    expect(await inside(closed, `ls ${folder.path('')}`)).toBe('in.mp4');
    expect(await inside(await cage('none'), 'test -e /etc/passwd && echo seen')).toBe('seen');
  });

  it('lets a run write into its scratch folder, and not into its sources', async () => {
    const closed = await closedCage();
    if (closed === null) return;
    await writeFile(folder.path('before'), 'before');
    const script = `cd ${folder.path('')}; echo new > out; echo bad >> in.mp4; ls; wc -c < in.mp4`;
    const { size } = await stat(folder.path('in.mp4'));
    const printed = await inside(closed, script, [folder.path('out')]);
    expect(printed.split('\n')).toEqual(expect.arrayContaining(['before', 'in.mp4', 'out', String(size)]));
    expect((await stat(folder.path('in.mp4'))).size).toBe(size);
  });

  it('has no network', async () => {
    const closed = await closedCage();
    if (closed === null) return;
    let visits = 0;
    const server = createServer((socket) => {
      visits += 1;
      socket.destroy();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const ask = async (surrounding: Cage): Promise<void> => {
      const [first, ...rest] = cageCommand(surrounding, {
        path: await program(),
        arguments: ['-v', 'quiet', '-i', `tcp://127.0.0.1:${port}`, '-f', 'null', '/dev/null'],
        reads: [],
        writes: [],
      });
      await promisify(execFile)(first, rest).catch(() => undefined);
    };
    await ask(await cage('none'));
    expect(visits).toBe(1);
    await ask(closed);
    expect(visits).toBe(1);
    server.close();
  });

  it('ends a run that wants more memory, and says so', async () => {
    for (const small of await eachCage({ ...enough, memoryBytesMax: 500_000_000 })) {
      const huge = encode('huge.mp4', ['-vf', 'scale=7680:4320']);
      await expect(run(huge, small)).rejects.toMatchObject({ code: 'OUT_OF_MEMORY', retryable: false });
    }
  });

  it('ends a run that writes more than it may, and says so', async () => {
    for (const small of await eachCage({ ...enough, fileBytesMax: 1_000 })) {
      await expect(run(encode('small.mp4'), small)).rejects.toMatchObject({ code: 'SCRATCH_QUOTA_EXCEEDED' });
    }
  });

  it('ends with its worker', async () => {
    for (const mode of ['none', 'auto'] as const) {
      const name = `sleeper-${mode}`;
      const [first, ...rest] = cageCommand(await cage(mode), {
        path: '/bin/sh',
        arguments: ['-c', `: ${name}; while :; do sleep 0.1; done`],
        reads: [],
        writes: [],
      });
      const script = `require('node:child_process').spawn(${JSON.stringify(first)}, ${JSON.stringify(rest)}, { stdio: 'ignore', detached: true }); setInterval(() => {}, 1000)`;
      const worker = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
      await until(async () => (await processesWith(name)) > 1);
      worker.kill('SIGKILL');
      await until(async () => (await processesWith(name)) === 0);
    }
  });

  it('is demanded and not there: the worker does not start; else it says why it is open', async () => {
    const request = { programs: [await program()], limits: enough, searchPath: '/nowhere' };
    await expect(openCage({ ...request, mode: 'bwrap' })).rejects.toThrow(
      /SANDBOX=bwrap, but there is no bwrap/,
    );
    const { sandbox } = await openCage({ ...request, mode: 'auto' });
    expect(sandbox).toEqual({ kind: 'none', reason: 'there is no bwrap on PATH' });
  });
});

/** Processes whose command line holds the text, the one that starts them not counted. */
async function processesWith(text: string): Promise<number> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(`: ${text};`)).length;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  await expect.poll(isSo, { timeout: 10_000, interval: 20 }).toBe(true);
}
