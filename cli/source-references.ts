import { isObject } from './movie-document.ts';

/** A `src` of the document that names a local file. */
export type SourceReference = { readonly path: string; readonly source: string };

/** Every `src` that is not an asset yet, with its JSON path. */
export function findLocalSources(movie: unknown): readonly SourceReference[] {
  const found: SourceReference[] = [];
  mapSources(movie, (reference) => {
    if (!reference.source.startsWith('asset:')) found.push(reference);
    return reference.source;
  });
  return found;
}

/** The movie with every `src` answered anew; the rest is left as it is. */
export function mapSources(movie: unknown, replace: (reference: SourceReference) => string): unknown {
  return visit(movie, 'movie', replace);
}

function visit(value: unknown, path: string, replace: (reference: SourceReference) => string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown, at) => visit(item, `${path}[${at}]`, replace));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const itemPath = `${path}.${key}`;
      const isSource = key === 'src' && typeof item === 'string';
      return [key, isSource ? replace({ path: itemPath, source: item }) : visit(item, itemPath, replace)];
    }),
  );
}
