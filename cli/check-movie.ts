import type { ApiClient } from './api-client.ts';
import { CliFailure, type FailureLine } from './cli-failure.ts';
import { withKnownAssets } from './known-assets.ts';
import { type MovieDocument, projectOf } from './movie-document.ts';
import type { HashOfFile } from './source-files.ts';

export type CheckedMovie = {
  /** JSON paths of sources that can be judged only once their files are uploaded. */
  readonly unsent: readonly string[];
};

/** Every fault of a document at once, of its files as well as of its text; nothing is uploaded. Throws CliFailure. */
export async function requireValidMovie(
  client: ApiClient,
  wanted: MovieDocument,
  { name, hashOf }: { readonly name: string; readonly hashOf: HashOfFile },
): Promise<CheckedMovie> {
  const place = { projectId: projectOf(wanted), folder: wanted.folder, hashOf };
  const { movie, unknownPaths, missing } = await withKnownAssets(client, wanted.submission.movie, place);
  const judged = await client.validate({ ...wanted.submission, movie });
  const lines: readonly FailureLine[] = [
    ...missing,
    ...judged.issues.filter(({ path }) => !unknownPaths.has(path)),
  ];
  if (lines.length > 0) throw new CliFailure('VALIDATION_ERROR', `${name} is not valid.`, { lines });
  return { unsent: [...unknownPaths] };
}
