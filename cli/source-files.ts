import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CliFailure, type FailureLine } from './cli-failure.ts';
import { mapSources, type SourceReference } from './source-references.ts';

export type FoundFiles = {
  /** Absolute path → the JSON paths that name it. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** What is no readable file. */
  readonly missing: readonly FailureLine[];
};

export async function findFiles(references: readonly SourceReference[], folder: string): Promise<FoundFiles> {
  const files = new Map<string, string[]>();
  const missing: FailureLine[] = [];
  for (const { path, source } of references) {
    const file = resolve(folder, source);
    const fault = files.has(file) ? null : await faultOf(source, file);
    if (fault === null) files.set(file, [...(files.get(file) ?? []), path]);
    else missing.push({ path, ...fault });
  }
  return { files, missing };
}

/** The files, or one failure that names all that are not there. */
export async function requireFiles(
  references: readonly SourceReference[],
  folder: string,
): Promise<FoundFiles['files']> {
  const { files, missing } = await findFiles(references, folder);
  if (missing.length === 0) return files;
  throw new CliFailure('SOURCE_MISSING', 'The document names files that are not there.', { lines: missing });
}

async function faultOf(source: string, file: string): Promise<Omit<FailureLine, 'path'> | null> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(source)) {
    return {
      message: `"${source}" is a URL.`,
      hint: 'The engine fetches nothing: download it and name the file.',
    };
  }
  const found = await stat(file).catch(() => null);
  if (found?.isFile() === true) return null;
  const what = found === null ? 'There is no file' : 'That is no plain file:';
  return { message: `${what} ${file}`, hint: 'A source is relative to the document that names it.' };
}

/** The movie with the asset of every file that has one. */
export function withAssets(movie: unknown, folder: string, assetIds: ReadonlyMap<string, string>): unknown {
  return mapSources(movie, ({ source }) => {
    const assetId = source.startsWith('asset:') ? undefined : assetIds.get(resolve(folder, source));
    return assetId === undefined ? source : `asset:${assetId}`;
  });
}

export type HashOfFile = (file: string) => Promise<string>;

/** Reads each file once, however often it is asked for: a command judges its files before it sends them. */
export function rememberHashes(signal: AbortSignal): HashOfFile {
  const known = new Map<string, Promise<string>>();
  return (file) => {
    const found = known.get(file) ?? hashFile(file, signal);
    known.set(file, found);
    return found;
  };
}

async function hashFile(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest('hex');
}
