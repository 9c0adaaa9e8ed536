// Jobs that run while the server is updated: the new workflow code must come to the same decisions as the code that began them.
// Where a change is meant, put it behind `patched()`, or record anew (`npm run histories`) and say in the changelog that jobs
// under way are lost.
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledWorkflows } from '../support/film-workers.ts';
import { historiesFolder } from '../support/histories-folder.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const recordedToday = ['cancelled', 'done', 'failed', 'retried'] as const;
/** Begun when the first round was dispatched by an activity of its own. */
const recordedBefore = ['done-dispatched-apart', 'retried-dispatched-apart'] as const;
const names = [...recordedToday, ...recordedBefore];
const histories = new Map<string, unknown>();
let changedRoom = '';
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
  // Inside the repository, where its packages are found.
  await mkdir(join(repository, '.scenemill'), { recursive: true });
  changedRoom = await mkdtemp(join(repository, '.scenemill', 'replay-'));
  for (const name of names)
    histories.set(name, JSON.parse(await readFile(join(historiesFolder, `${name}.json`), 'utf8')));
});
afterAll(() => rm(changedRoom, { recursive: true, force: true }));

/** The workflow's code with one place changed. */
async function changedCode(place: RegExp, replacement: string): Promise<string> {
  for (const room of ['workflows', 'contract'])
    await cp(join(repository, room), join(changedRoom, room), { recursive: true });
  const path = join(changedRoom, 'workflows', 'render-movie.ts');
  const code = await readFile(path, 'utf8');
  expect(code).toMatch(place);
  await writeFile(path, code.replace(place, replacement));
  const bundle = await bundleWorkflowCode({
    workflowsPath: join(changedRoom, 'workflows', 'index.ts'),
    workflowInterceptorModules: [join(changedRoom, 'workflows', 'interceptors.ts')],
    logger: new DefaultLogger('ERROR'),
  });
  return bundle.code;
}

describe("today's workflow", () => {
  it('is held against every history that was recorded', async () => {
    expect((await readdir(historiesFolder)).sort()).toEqual(names.map((name) => `${name}.json`).sort());
  });

  it.each(names)('goes on with a job that was %s', async (name) => {
    await Worker.runReplayHistory({ workflowBundle: await bundledWorkflows() }, histories.get(name));
  });
});

describe('a workflow that decides otherwise', () => {
  it('is caught', async () => {
    const code = await changedCode(/details\.enter\('assembling'\);/, '');
    const replay = Worker.runReplayHistory({ workflowBundle: { code } }, histories.get('done'));
    await expect(replay).rejects.toMatchObject({ name: 'DeterminismViolationError' });
  });

  it('in words only is not', async () => {
    const code = await changedCode(/'the film, joined'/, "'the whole film'");
    await Worker.runReplayHistory({ workflowBundle: { code } }, histories.get('done'));
  });
});
