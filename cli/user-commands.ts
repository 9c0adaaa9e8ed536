// Users for the operator: made, listed and moved to other plans on the database itself.
import { z } from 'zod';
import type { UserDesk } from '../api/manage-users.ts';
import { RenderError } from '../contract/errors.ts';
import { Label } from '../contract/units.ts';
import { CliFailure, exitCodes } from './cli-failure.ts';
import { type Column, tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';
import { printable } from './terminal-text.ts';

type Environment = NodeJS.ProcessEnv;

/** `scenemill users list` */
export async function listUsersCommand(
  terminal: Terminal,
  environment: Environment,
  options: { readonly limit: number; readonly cursor?: string },
): Promise<void> {
  const page = await atDesk(environment, (desk) => desk.list({ ...options, cursor: options.cursor ?? null }));
  const rows = page.users.map(({ userId, email, plan, keys, minutesThisMonth }) => [
    ...[userId, printable(email), plan, String(keys), minutesThisMonth.toFixed(1)],
  ]);
  const more = page.nextCursor === null ? [] : [`more: --cursor ${page.nextCursor}`];
  terminal.answer(rows.length === 0 ? ['no users'] : [...tableLines(userColumns, rows), ...more], page);
}

/** `scenemill users plans` */
export async function listPlansCommand(terminal: Terminal, environment: Environment): Promise<void> {
  const plans = await atDesk(environment, (desk) => desk.plans());
  const rows = plans.map((plan) => [
    ...[plan.plan, plan.hasApi ? 'yes' : 'no'],
    ...[plan.minutesPerMonth, plan.minutesPerDay, plan.jobsAtOnce, plan.requestsPerMinute].map(limit),
    ...[limit(plan.filmSecondsMax), `${limit(plan.widthMax)} × ${limit(plan.heightMax)}`],
    limit(plan.retentionDays),
  ]);
  terminal.answer(tableLines(planColumns, rows), { plans });
}

/** `scenemill users add <email>` */
export async function addUserCommand(
  terminal: Terminal,
  environment: Environment,
  { email, plan }: { readonly email: string; readonly plan: string },
): Promise<void> {
  if (!z.email().max(254).safeParse(email).success) throw usage(`"${email}" is not an e-mail address.`);
  const added = await atDesk(environment, (desk) => desk.add(email, plan));
  const lines = [`user     ${added.userId}`, `project  ${added.projectId}`, `key      ${added.key}`];
  terminal.answer(lines, added);
  terminal.say('The key is shown this once: only its hash is kept.');
}

/** `scenemill users plan <user-id> <plan>` */
export async function setPlanCommand(
  terminal: Terminal,
  environment: Environment,
  { userId, plan }: { readonly userId: string; readonly plan: string },
): Promise<void> {
  await atDesk(environment, (desk) => desk.setPlan(userId, plan));
  terminal.answer([`${printable(userId)}: ${plan}, from the next request on`], { userId, plan });
}

/** `scenemill users key <user-id>` */
export async function issueKeyCommand(
  terminal: Terminal,
  environment: Environment,
  { userId, name }: { readonly userId: string; readonly name: string },
): Promise<void> {
  const label = Label.safeParse(name);
  if (!label.success) throw usage('The name of a key is 1–128 characters without control characters.');
  const issued = await atDesk(environment, (desk) => desk.issueKey(userId, label.data));
  terminal.answer([issued.key], issued);
  terminal.say('The key is shown this once: only its hash is kept.');
}

/** The room of the API and the database are loaded only here: every other command speaks HTTP. */
async function atDesk<Result>(
  environment: Environment,
  work: (desk: UserDesk) => Promise<Result>,
): Promise<Result> {
  const databaseUrl = environment['DATABASE_URL'] ?? '';
  if (databaseUrl === '')
    throw usage("There is no DATABASE_URL. Set it to that of the API's database: postgres://…");
  const { openUserDesk } = await import('../api/manage-users.ts');
  try {
    const desk = await openUserDesk(databaseUrl);
    try {
      return await work(desk);
    } finally {
      await desk.close();
    }
  } catch (error) {
    if (!(error instanceof RenderError)) throw error;
    const text = error.hint === null ? error.message : `${error.message} ${error.hint}`;
    throw new CliFailure(error.code, text, { cause: error });
  }
}

function limit(value: number | null): string {
  // The largest that its column holds stands for "the engine's own limit".
  return value === null || value === 2_147_483_647 ? '–' : String(value);
}

function usage(message: string): CliFailure {
  return new CliFailure('USAGE', message, { exitCode: exitCodes.usage });
}

const userColumns: readonly Column[] = [
  { title: 'user', align: 'left' },
  { title: 'e-mail', align: 'left' },
  { title: 'plan', align: 'left' },
  { title: 'keys', align: 'right' },
  { title: 'minutes this month', align: 'right' },
];

const planColumns: readonly Column[] = [
  { title: 'plan', align: 'left' },
  { title: 'API', align: 'left' },
  { title: 'min/month', align: 'right' },
  { title: 'min/day', align: 'right' },
  { title: 'jobs', align: 'right' },
  { title: 'requests/min', align: 'right' },
  { title: 'film s', align: 'right' },
  { title: 'picture', align: 'right' },
  { title: 'kept days', align: 'right' },
];
