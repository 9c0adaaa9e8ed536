import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { ApiClient } from './api-client.ts';
import { requireValidMovie } from './check-movie.ts';
import { CliFailure, exitCodes } from './cli-failure.ts';
import { type MovieDocument, projectOf } from './movie-document.ts';
import { patientClient } from './patient-client.ts';
import { rememberHashes } from './source-files.ts';
import type { Terminal } from './terminal.ts';
import { truncate } from './terminal-text.ts';
import { uploadAssets } from './upload-assets.ts';

export type Submitting = {
  readonly client: ApiClient;
  readonly terminal: Terminal;
  /** Ends it before anything is submitted. */
  readonly signal: AbortSignal;
};

/** Judges the document, uploads what it names, submits it; answers the job's id. Faults cost no upload. */
export async function submitFilm(submitting: Submitting, found: MovieDocument): Promise<string> {
  const { client, terminal, signal } = submitting;
  let movie: unknown;
  try {
    movie = await uploadSources({ ...submitting, client: patientClient(client, terminal, signal) }, found);
    signal.throwIfAborted();
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new CliFailure('INTERRUPTED', 'Stopped; nothing was submitted.', {
      exitCode: exitCodes.interrupted,
      cause: error,
    });
  }
  // Not broken off any more: a job whose id nobody was told could not be stopped.
  const steady = patientClient(client, terminal, new AbortController().signal);
  const { jobId } = await steady.submit({ ...found.submission, movie }, randomUUID());
  terminal.say(`job ${jobId}`);
  return jobId;
}

/** The movie with an asset for every file. */
async function uploadSources(
  { client, terminal, signal }: Submitting,
  found: MovieDocument,
): Promise<unknown> {
  const hashOf = rememberHashes(signal);
  await requireValidMovie(client, found, { name: 'The document', hashOf });
  const upload = await uploadAssets(client, found.submission.movie, {
    projectId: projectOf(found),
    folder: found.folder,
    hashOf,
    onSend: (file, { index, count }) =>
      terminal.say(truncate(`uploading ${basename(file)} (${index + 1} of ${count})`, terminal.columns)),
  });
  const { files, sent } = upload;
  if (files > 0)
    terminal.say(`${files} ${files === 1 ? 'file' : 'files'}: ${sent} sent, ${files - sent} known`);
  return upload.movie;
}
