import { basename, resolve } from 'node:path';
import { requireValidMovie } from './check-movie.ts';
import type { CommandContext } from './command-context.ts';
import type { Target } from './connection.ts';
import { requirePlace } from './download-result.ts';
import { watchInterrupts } from './interrupts.ts';
import { readDocument, withWishes } from './movie-document.ts';
import { openFile } from './open-file.ts';
import { watchFilm } from './render-film.ts';
import { type RenderReport, reportLines } from './report.ts';
import { rememberHashes } from './source-files.ts';
import { submitFilm } from './submit-film.ts';

export type RenderCommandOptions = {
  readonly wait: boolean;
  readonly open?: boolean;
  readonly output?: string;
  readonly project?: string;
  readonly preset?: string;
  readonly concurrency?: number;
  readonly crf?: number;
};

/** `scenemill render movie.json`: upload, submit, watch, download. Ctrl-C ends the watching, not the job. */
export async function renderCommand(
  context: CommandContext,
  file: string,
  options: RenderCommandOptions,
): Promise<void> {
  const { terminal } = context;
  const output = resolve(context.folder, options.output ?? `${basename(file).replace(/\.json$/i, '')}.mp4`);
  const document = await readDocument(resolve(context.folder, file));
  if (options.wait) await requirePlace(output);
  const { client, target } = await context.connect();
  const wanted = withWishes(document, wishesOf(options), target.projectId);
  const interrupts = watchInterrupts();
  const { signal } = interrupts;
  try {
    const jobId = await submitFilm({ client, terminal, signal }, wanted);
    if (!options.wait) {
      terminal.answer([`"scenemill status ${jobId}" tells how it stands.`], { jobId });
      return;
    }
    const watch = { jobId, movie: wanted.submission.movie, output, links: linksOf(target), signal };
    const report = await watchFilm(client, terminal, watch);
    terminal.answer(reportLines(report, terminal.answerPaint, terminal.answerColumns), report);
  } finally {
    interrupts.release();
  }
  if (options.open === true) openFile(output);
}

/** `scenemill validate movie.json`: every fault at once. Files that the server does not have are only looked for. */
export async function validateCommand(context: CommandContext, file: string): Promise<void> {
  const document = await readDocument(resolve(context.folder, file));
  const { client, target } = await context.connect();
  const wanted = withWishes(document, wishesOf({ wait: false }), target.projectId);
  const hashOf = rememberHashes(new AbortController().signal);
  const { unsent } = await requireValidMovie(client, wanted, { name: file, hashOf });
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
