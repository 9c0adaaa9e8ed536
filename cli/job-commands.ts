import type { JobView } from '../contract/job.ts';
import { isFinal } from '../contract/names.ts';
import type { CommandContext } from './command-context.ts';
import type { Paint } from './paint.ts';
import { jobFailure, stopJob } from './render-film.ts';
import { type Column, tableLines } from './table.ts';
import { failureLines } from './terminal.ts';
import { formatBytes, formatSeconds, printable } from './terminal-text.ts';

/** The server says that encoders stop within seconds. */
const stopWaitMs = 15_000;

/** `scenemill status <id>` */
export async function statusCommand(context: CommandContext, jobId: string): Promise<void> {
  const { client } = await context.connect();
  const job = await client.getJob(jobId);
  context.terminal.answer(jobLines(job, context.terminal.answerPaint), job);
}

/** `scenemill list` */
export async function listCommand(
  context: CommandContext,
  options: { readonly limit: number; readonly status?: string; readonly cursor?: string },
): Promise<void> {
  const { client } = await context.connect();
  const list = await client.listJobs(options);
  const rows = list.jobs.map((job) => [
    job.jobId,
    job.status,
    `${Math.floor(job.progress * 100)} %`,
    job.createdAt.replace('T', ' ').slice(0, 19),
    printable(job.error ?? ''),
  ]);
  const more = list.nextCursor === null ? [] : [`more: --cursor ${list.nextCursor}`];
  const { terminal } = context;
  const table = tableLines(listColumns, rows, terminal.answerColumns);
  terminal.answer(rows.length === 0 ? ['no jobs'] : [...table, ...more], list);
}

/** `scenemill cancel <id>` */
export async function cancelCommand(context: CommandContext, jobId: string): Promise<void> {
  const { client } = await context.connect();
  const job = await stopJob(client, jobId, stopWaitMs);
  const word = isFinal(job.status) ? job.status : 'being stopped';
  context.terminal.answer([`${job.jobId}: ${word}`], job);
}

/** `scenemill retry <id>` */
export async function retryCommand(context: CommandContext, jobId: string): Promise<void> {
  const { client } = await context.connect();
  const job = await client.retryJob(jobId);
  context.terminal.answer([`${job.jobId}: ${job.status}, in place of ${jobId}`], job);
}

const listColumns: readonly Column[] = [
  { title: 'job', align: 'left' },
  { title: 'status', align: 'left' },
  { title: 'progress', align: 'right' },
  { title: 'created (UTC)', align: 'left' },
  { title: 'error', align: 'left' },
];

function jobLines(job: JobView, paint: Paint): readonly string[] {
  const { children, mediaData } = job;
  const phase = job.phase === null ? '' : ` (${job.phase})`;
  const facts: (readonly [string, string])[] = [
    ['status', `${job.status}${phase}, ${Math.floor(job.progress * 100)} %`],
    ['created', job.createdAt],
    ...(job.endedAt === null ? [] : [['ended', job.endedAt] as const]),
    ...(children === null || children.total === 0
      ? []
      : [['scenes', `${children.succeeded}/${children.total} done, ${children.cached} cached`] as const]),
    ...(mediaData === null ? [] : [['film', filmText(mediaData)] as const]),
    ...(job.outputUrl === null ? [] : [['output', job.outputUrl] as const]),
  ];
  return [
    paint.bold(job.jobId),
    ...facts.map(([name, value]) => `  ${paint.dim(name.padEnd(8))} ${printable(value)}`),
    ...(job.error === null ? [] : failureLines(jobFailure(job), paint)),
  ];
}

function filmText(media: NonNullable<JobView['mediaData']>): string {
  const { width, height, fps, duration, fileSize } = media;
  return `${width}×${height}, ${Number(fps.toFixed(3))} fps, ${formatSeconds(duration)}, ${formatBytes(fileSize)}`;
}
