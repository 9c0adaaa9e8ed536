import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { isAlive } from '../tools/child-process.ts';
import type { Connection } from './api-client.ts';
import { CliFailure, exitCodes } from './cli-failure.ts';

/** What `scenemill dev` leaves for the other commands while it is up. */
export const StackNote = z.object({
  apiUrl: z.string(),
  apiKey: z.string(),
  projectId: z.string(),
  temporalUiUrl: z.string().nullable(),
  docsUrl: z.string().nullable(),
  pid: z.int(),
});
export type StackNote = z.infer<typeof StackNote>;

export type Target = Connection & {
  /** Where a document names none. */
  readonly projectId: string;
  readonly docsUrl: string | null;
  readonly temporalUiUrl: string | null;
};

export const stackNoteName = 'stack.json';
const defaultProject = 'default';

/** Options count before the environment, and both before a running dev stack; nothing found is a fault of usage. */
export async function findTarget(
  given: { readonly apiUrl: string | null; readonly apiKey: string | null },
  environment: NodeJS.ProcessEnv,
  folder: string,
): Promise<Target> {
  const apiUrl = given.apiUrl ?? setting(environment, 'SCENEMILL_API_URL');
  const apiKey = given.apiKey ?? setting(environment, 'SCENEMILL_API_KEY');
  const note = await findStackNote(environment, folder);
  if (apiUrl !== null) return namedServer(apiUrl, apiKey, note);
  if (note !== null && isAlive(note.pid)) return { ...note, apiKey: apiKey ?? note.apiKey };
  throw usage(
    note === null
      ? 'There is no server to speak to.'
      : `The dev stack that was at ${note.apiUrl} has ended without a word (process ${note.pid}).`,
    'Start one with "scenemill dev", or give --api-url and --api-key (or SCENEMILL_API_URL and SCENEMILL_API_KEY).',
  );
}

/** An empty variable counts as not set. */
function setting(environment: NodeJS.ProcessEnv, name: string): string | null {
  const value = environment[name] ?? '';
  return value === '' ? null : value;
}

/** A key from the note is for the note's own server only. */
function namedServer(apiUrl: string, apiKey: string | null, note: StackNote | null): Target {
  const key = apiKey ?? (note?.apiUrl === apiUrl ? note.apiKey : null);
  if (key === null) throw usage('There is no API key.', 'Give --api-key or set SCENEMILL_API_KEY.');
  return {
    apiUrl: requireUrl(apiUrl),
    apiKey: key,
    projectId: defaultProject,
    docsUrl: null,
    temporalUiUrl: null,
  };
}

/** Looks in SCENEMILL_HOME, else upwards from the folder, as git does. */
export async function findStackNote(
  environment: NodeJS.ProcessEnv,
  folder: string,
): Promise<StackNote | null> {
  const home = environment['SCENEMILL_HOME'] ?? '';
  if (home !== '') return readNote(resolve(folder, home));
  for (let place = resolve(folder); ; place = dirname(place)) {
    const note = await readNote(join(place, '.scenemill'));
    if (note !== null || place === dirname(place)) return note;
  }
}

async function readNote(home: string): Promise<StackNote | null> {
  const text = await readFile(join(home, stackNoteName), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return StackNote.parse(JSON.parse(text));
  } catch (cause) {
    const message = `${join(home, stackNoteName)} is damaged. Remove it and start "scenemill dev" again.`;
    throw new CliFailure('STACK_NOTE_DAMAGED', message, { cause });
  }
}

function requireUrl(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw usage(`"${text}" is not the URL of a server.`, 'It begins with http:// or https://.');
  }
  return text;
}

function usage(message: string, hint: string): CliFailure {
  return new CliFailure('USAGE', `${message} ${hint}`, { exitCode: exitCodes.usage });
}
