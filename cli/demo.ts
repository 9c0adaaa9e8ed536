// `npm run demo`: sets everything up, renders the showreel over HTTP, shows the result, stops everything.
import { join, resolve } from 'node:path';
import { startChild } from '../tools/child-process.ts';
import type { Stack } from '../tools/stack.ts';
import { stackFolder } from '../tools/stack-home.ts';
import { ApiClient } from './api-client.ts';
import { CliFailure, exitCodes } from './cli-failure.ts';
import { findStackNote } from './connection.ts';
import { startShown, stopShown, summaryLines, writeStackNote } from './dev.ts';
import { type Interrupts, watchInterrupts } from './interrupts.ts';
import { readDocument, withWishes } from './movie-document.ts';
import { linksOf } from './render-command.ts';
import { stopJob, watchFilm } from './render-film.ts';
import { reportLines } from './report.ts';
import { exitCodeOf, isEntryPoint } from './run-program.ts';
import { StepBoard } from './step-board.ts';
import { submitFilm } from './submit-film.ts';
import { Terminal } from './terminal.ts';

const showreel = resolve(import.meta.dirname, '../examples/showreel');
/** Making the media takes less than a minute on two cores. */
const mediaTimeoutMs = 10 * 60_000;
/** The links of the report lead to servers that are about to stop. */
const linkNote = '\nThe links work while the stack is up: "npm run dev", or "npm run demo -- --keep".';
const cancelWaitMs = 5_000;

/** With `keepsUp` the stack stays until Ctrl-C. A stack that is up already is used and left as it is. */
export async function runDemo(terminal: Terminal, { keepsUp }: { keepsUp: boolean }): Promise<void> {
  const interrupts = watchInterrupts();
  try {
    const running = await runningServer();
    if (running !== null) {
      terminal.say(`using the stack that is up at ${running.apiUrl}`);
      await makeMediaShown(terminal, process.env, interrupts.signal);
      await renderShowreel(terminal, running, interrupts.signal);
      return;
    }
    const startMs = Date.now();
    const stack = await startShown(terminal, interrupts.signal);
    try {
      await renderOn(terminal, stack, interrupts.signal);
      if (!keepsUp) terminal.say(linkNote);
      else await stayUp(terminal, { stack, interrupts, startMs });
    } finally {
      await stopShown(terminal, stack);
    }
  } finally {
    interrupts.release();
  }
}

type Server = {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly projectId: string;
  readonly docsUrl: string | null;
  readonly temporalUiUrl: string | null;
};

async function renderOn(terminal: Terminal, stack: Stack, signal: AbortSignal): Promise<void> {
  const note = await writeStackNote(stack);
  await makeMediaShown(terminal, stack.environment, signal);
  await renderShowreel(terminal, note, signal);
}

async function stayUp(
  terminal: Terminal,
  up: { stack: Stack; interrupts: Interrupts; startMs: number },
): Promise<void> {
  const lines = summaryLines(up.stack, (Date.now() - up.startMs) / 1000, terminal.paint);
  for (const line of lines) terminal.say(line);
  await up.interrupts.first;
}

/** A note may outlive a stack that was killed, so the server itself is asked. */
async function runningServer(): Promise<Server | null> {
  const note = await findStackNote({ ...process.env, SCENEMILL_HOME: stackFolder() }, process.cwd());
  if (note === null) return null;
  const isUp = await new ApiClient(note).listJobs({ limit: 1 }).then(
    () => true,
    () => false,
  );
  return isUp ? note : null;
}

async function makeMediaShown(
  terminal: Terminal,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<void> {
  const board = new StepBoard(terminal);
  try {
    await board.run('media', (say) => makeMedia(environment, signal, say));
  } finally {
    board.end();
  }
}

/** The script of the examples, as its own process: the command line imports no example. */
async function makeMedia(
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const child = await startChild({
    file: process.execPath,
    args: ['--import', 'tsx', join(showreel, 'make-media.ts')],
    environment,
    onLine: say,
  });
  const late = setTimeout(() => void child.stop(), mediaTimeoutMs);
  const stop = (): void => void child.stop(0);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const { code } = await child.exited;
  clearTimeout(late);
  signal.removeEventListener('abort', stop);
  if (signal.aborted) throw stopped(signal.reason);
  if (code !== 0) {
    const last = child.tail().split('\n').at(-1) ?? '';
    throw new CliFailure('MEDIA_FAILED', `The example's media could not be made: ${last}`);
  }
}

async function renderShowreel(terminal: Terminal, server: Server, signal: AbortSignal): Promise<void> {
  const client = new ApiClient(server);
  const wishes = { projectId: server.projectId, preset: null, concurrency: null, crf: null };
  const document = withWishes(await readDocument(join(showreel, 'movie.json')), wishes, server.projectId);
  const jobId = await submitFilm({ client, terminal, signal }, document);
  const output = join(stackFolder(), 'demo', 'scenemill-demo.mp4');
  const { movie } = document.submission;
  try {
    const report = await watchFilm(client, terminal, {
      jobId,
      movie,
      output,
      links: linksOf(server),
      signal,
    });
    terminal.answer(reportLines(report, terminal.answerPaint, terminal.answerColumns), report);
  } catch (error) {
    // Whoever breaks the demo off does not want its job to go on at the next start.
    if (!signal.aborted) throw error;
    await stopJob(client, jobId, cancelWaitMs).catch(() => undefined);
    throw stopped(error);
  }
}

function stopped(cause: unknown): CliFailure {
  return new CliFailure('INTERRUPTED', 'The demo was broken off.', {
    exitCode: exitCodes.interrupted,
    cause,
  });
}

if (isEntryPoint(import.meta.url)) {
  const isJson = process.argv.includes('--json');
  const terminal = new Terminal(process.stdout, process.stderr, { isJson, environment: process.env });
  const keepsUp = process.argv.includes('--keep');
  process.exitCode = await exitCodeOf(terminal, () => runDemo(terminal, { keepsUp }));
}
