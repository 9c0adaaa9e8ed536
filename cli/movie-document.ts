import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { errorMessage } from '../contract/errors.ts';
import { CliFailure, exitCodes } from './cli-failure.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** A document as it lies on disk, in its full form; the server judges what is in it. */
export type MovieDocument = {
  readonly file: string;
  /** What `src` is relative to. */
  readonly folder: string;
  readonly submission: JsonObject & { readonly movie: unknown };
};

export type RenderWishes = {
  readonly projectId: string | null;
  readonly preset: string | null;
  readonly concurrency: number | null;
  readonly crf: number | null;
};

const documentBytesMax = 64_000_000;

/** Reads a bare movie `{title, scenes…}` or the full `{kind, projectId, movie, renderOptions}`. */
export async function readDocument(file: string): Promise<MovieDocument> {
  const path = resolve(file);
  const content = parseJson(file, await readText(file, path));
  if (!isObject(content)) throw notADocument(file);
  if ('movie' in content) return document(path, { kind: 'movie', ...content, movie: content['movie'] });
  if ('scenes' in content) return document(path, { kind: 'movie', movie: content });
  throw notADocument(file);
}

/** The submission with what the command line asked for; the document's own project counts before the default. */
export function withWishes(
  found: MovieDocument,
  wishes: RenderWishes,
  defaultProject: string,
): MovieDocument {
  const own = found.submission['projectId'];
  const projectId = wishes.projectId ?? (typeof own === 'string' ? own : defaultProject);
  const given = found.submission['renderOptions'];
  const renderOptions = {
    ...(isObject(given) ? given : {}),
    ...(wishes.preset === null ? {} : { qualityPreset: wishes.preset }),
    ...(wishes.concurrency === null ? {} : { requestedConcurrency: wishes.concurrency }),
    ...(wishes.crf === null ? {} : { crf: wishes.crf }),
  };
  return { ...found, submission: { ...found.submission, projectId, renderOptions } };
}

export function projectOf(found: MovieDocument): string {
  const projectId = found.submission['projectId'];
  return typeof projectId === 'string' ? projectId : '';
}

/** Scene ids in film order, as far as the document has them. */
export function sceneIdsOf(movie: unknown): readonly string[] {
  if (!isObject(movie) || !Array.isArray(movie['scenes'])) return [];
  return movie['scenes'].map((scene: unknown, index) =>
    isObject(scene) && typeof scene['id'] === 'string' ? scene['id'] : `scene ${index + 1}`,
  );
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function document(path: string, submission: MovieDocument['submission']): MovieDocument {
  return { file: path, folder: dirname(path), submission };
}

async function readText(file: string, path: string): Promise<string> {
  try {
    if ((await stat(path)).size > documentBytesMax) {
      throw new CliFailure('DOCUMENT_TOO_LARGE', `${file} is larger than 64 MB.`, {
        exitCode: exitCodes.usage,
      });
    }
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof CliFailure) throw cause;
    const message = isMissing(cause)
      ? `There is no file ${path}.`
      : `${file} cannot be read: ${errorMessage(cause)}`;
    throw new CliFailure('FILE_NOT_READ', message, { exitCode: exitCodes.usage, cause });
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

function parseJson(file: string, text: string): unknown {
  try {
    // Some editors put a byte order mark before the text.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const message = errorMessage(cause);
    const place = /position (\d+)/.exec(message)?.[1];
    const where = place === undefined ? '' : `, ${lineAndColumn(text, Number(place))}`;
    throw new CliFailure('NOT_JSON', `${file}${where}: ${message}`, { exitCode: exitCodes.failed, cause });
  }
}

function lineAndColumn(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function notADocument(file: string): CliFailure {
  return new CliFailure(
    'NOT_A_DOCUMENT',
    `${file} is no movie document: it has neither "scenes" (a movie) nor "movie" (a whole submission).`,
  );
}
