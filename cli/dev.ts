// `npm run dev`, `scenemill dev`: the whole stack on loopback, up until Ctrl-C.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stack, startStack } from '../tools/stack.ts';
import { stackFolder } from '../tools/stack-home.ts';
import { CliFailure, exitCodes } from './cli-failure.ts';
import { type StackNote, stackNoteName } from './connection.ts';
import { watchInterrupts } from './interrupts.ts';
import type { Paint } from './paint.ts';
import { exitCodeOf, isEntryPoint } from './run-program.ts';
import { StepBoard } from './step-board.ts';
import { Terminal } from './terminal.ts';
import { formatSeconds, printable } from './terminal-text.ts';

/** Starts the stack, leaves a note for the other commands, and stops everything at Ctrl-C. */
export async function runDev(terminal: Terminal): Promise<void> {
  const interrupts = watchInterrupts();
  try {
    const startMs = Date.now();
    const stack = await startShown(terminal, interrupts.signal);
    try {
      const note = await writeStackNote(stack);
      const seconds = (Date.now() - startMs) / 1000;
      terminal.answer(summaryLines(stack, seconds, terminal.answerPaint), { ...note, home: stack.home });
      await interrupts.first;
    } finally {
      await stopShown(terminal, stack);
    }
  } finally {
    interrupts.release();
  }
}

/** Starts the stack with a line for each step. */
export async function startShown(terminal: Terminal, signal: AbortSignal): Promise<Stack> {
  const board = new StepBoard(terminal);
  const onEnd = (name: string, how: string): void => terminal.say(`${name} ended: ${printable(how)}`);
  try {
    return await startStack({ home: stackFolder(), onStep: board.onStep, onEnd, signal });
  } catch (error) {
    if (signal.aborted) {
      throw new CliFailure('INTERRUPTED', 'Broken off before the stack was up; nothing is left running.', {
        exitCode: exitCodes.interrupted,
        cause: error,
      });
    }
    throw error;
  } finally {
    board.end();
  }
}

export async function stopShown(terminal: Terminal, stack: Stack): Promise<void> {
  terminal.say('\nstopping … (Ctrl-C again ends everything at once)');
  await rm(join(stack.home, stackNoteName), { force: true });
  await stack.stop();
  terminal.say('stopped');
}

/** The key in it is as good as a password: only its owner may read it. */
export async function writeStackNote(stack: Stack): Promise<StackNote> {
  const note: StackNote = {
    apiUrl: stack.apiUrl,
    apiKey: stack.apiKey,
    projectId: stack.projectId,
    temporalUiUrl: stack.temporalUiUrl === '' ? null : stack.temporalUiUrl,
    docsUrl: stack.docsUrl,
    pid: process.pid,
  };
  const file = join(stack.home, stackNoteName);
  // Removed first: writing into an existing file would keep the mode it has.
  await rm(file, { force: true });
  await writeFile(file, `${JSON.stringify(note, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return note;
}

export function summaryLines(stack: Stack, seconds: number, paint: Paint): readonly string[] {
  const facts = [
    ['API', stack.apiUrl],
    ['API page', stack.docsUrl],
    ...(stack.temporalUiUrl === '' ? [] : [['Temporal UI', stack.temporalUiUrl]]),
    ['API key', stack.apiKey],
    ['project', stack.projectId],
    ['data', stack.home],
  ];
  return [
    '',
    paint.bold(`scenemill is up (${formatSeconds(seconds)})`),
    '',
    ...facts.map(([name = '', value = '']) => `  ${paint.dim(name.padEnd(12))} ${value}`),
    '',
    `  In another terminal:  ${paint.cyan('npx scenemill render examples/hello/movie.json')}`,
    '  Ctrl-C stops everything.',
  ];
}

if (isEntryPoint(import.meta.url)) {
  const isJson = process.argv.includes('--json');
  const terminal = new Terminal(process.stdout, process.stderr, { isJson, environment: process.env });
  process.exitCode = await exitCodeOf(terminal, () => runDev(terminal));
}
