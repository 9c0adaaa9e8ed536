import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CliFailure, type FailureLine } from './cli-failure.ts';
import { mapSources, type SourceReference } from './source-references.ts';

/** Absolute path → the JSON paths that name it. Everything that is no readable file is told at once. */
export async function requireFiles(
  references: readonly SourceReference[],
  folder: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const files = new Map<string, string[]>();
  const faults: FailureLine[] = [];
  for (const { path, source } of references) {
    const file = resolve(folder, source);
    const fault = files.has(file) ? null : await faultOf(source, file);
    if (fault === null) files.set(file, [...(files.get(file) ?? []), path]);
    else faults.push({ path, ...fault });
  }
  if (faults.length === 0) return files;
  throw new CliFailure('SOURCE_MISSING', 'The document names files that are not there.', { lines: faults });
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

export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
