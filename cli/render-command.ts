import { basename, resolve } from 'node:path';
import type { ApiClient } from './api-client.ts';
import { requireValidMovie } from './check-movie.ts';
import type { CommandContext } from './command-context.ts';
import type { Target } from './connection.ts';
import { watchInterrupts } from './interrupts.ts';
import { readDocument, withWishes } from './movie-document.ts';
import { openFile } from './open-file.ts';
import { type FilmWatch, submitFilm, watchFilm } from './render-film.ts';
import { type RenderReport, reportLines } from './report.ts';
import type { Terminal } from './terminal.ts';

export type RenderCommandOptions = {
  readonly wait: boolean;
  readonly open?: boolean;
  readonly output?: string;
  readonly project?: string;
  readonly preset?: string;
  readonly concurrency?: number;
  readonly crf?: number;
};

/** `scenemill render movie.json`: upload, submit, watch, download. */
export async function renderCommand(
  context: CommandContext,
  file: string,
  options: RenderCommandOptions,
): Promise<void> {
  const { terminal } = context;
  const document = await readDocument(resolve(context.folder, file));
  const { client, target } = await context.connect();
  const wanted = withWishes(document, wishesOf(options), target.projectId);
  const jobId = await submitFilm(client, terminal, wanted);
  if (!options.wait) {
    terminal.answer([`"scenemill status ${jobId}" tells how it stands.`], { jobId });
    return;
  }
  const output = resolve(context.folder, options.output ?? `${basename(file).replace(/\.json$/i, '')}.mp4`);
  const watch = { jobId, movie: wanted.submission.movie, output, links: linksOf(target) };
  const report = await watchUntilInterrupted(client, terminal, watch);
  terminal.answer(reportLines(report, terminal.answerPaint), report);
  if (options.open === true) openFile(output);
}

/** Ctrl-C ends the watching, not the job. */
async function watchUntilInterrupted(
  client: ApiClient,
  terminal: Terminal,
  watch: Omit<FilmWatch, 'signal'>,
): Promise<RenderReport> {
  const interrupts = watchInterrupts();
  try {
    return await watchFilm(client, terminal, { ...watch, signal: interrupts.signal });
  } finally {
    interrupts.release();
  }
}

/** `scenemill validate movie.json`: every fault at once. Files that the server does not have are only looked for. */
export async function validateCommand(context: CommandContext, file: string): Promise<void> {
  const document = await readDocument(resolve(context.folder, file));
  const { client, target } = await context.connect();
  const wanted = withWishes(document, wishesOf({ wait: false }), target.projectId);
  const { unsent } = await requireValidMovie(client, wanted, file);
  const note =
    unsent.length === 0 ? '' : ` ${unsent.length} of its sources are judged once they are uploaded.`;
  context.terminal.answer([`✓ ${file} is valid.${note}`], { valid: true, issues: [], unsent });
}

export function linksOf(target: Pick<Target, 'docsUrl' | 'temporalUiUrl'>): RenderReport['links'] {
  const { docsUrl, temporalUiUrl } = target;
  return [
    ...(docsUrl === null ? [] : [{ name: 'API page', url: docsUrl }]),
    ...(temporalUiUrl === null ? [] : [{ name: 'Temporal UI', url: temporalUiUrl }]),
  ];
}

function wishesOf(options: RenderCommandOptions): Parameters<typeof withWishes>[1] {
  const { project = null, preset = null, concurrency = null, crf = null } = options;
  return { projectId: project, preset, concurrency, crf };
}
