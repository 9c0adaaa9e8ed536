import type { Writable } from 'node:stream';
import { type CliFailure, exitCodes } from './cli-failure.ts';
import { createPaint, type Paint, wantsColor } from './paint.ts';
import { printable } from './terminal-text.ts';

type Screen = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
const plainColumns = 100;
const plainRows = 24;

/** Where a command speaks: answers on stdout, all else (progress, notes, faults) on stderr. */
export class Terminal {
  readonly #stdout: Writable;
  readonly #stderr: Screen;
  #hasAnswered = false;
  /** Writes a line above what is redrawn at the moment. */
  #writeAbove: ((line: string) => void) | null = null;
  readonly #isDumb: boolean;
  /** How wide a table on stdout may be; a pipe or a file takes any width. */
  readonly answerColumns: number;
  readonly isJson: boolean;
  readonly paint: Paint;
  /** The same for what goes to stdout. */
  readonly answerPaint: Paint;

  constructor(stdout: Screen, stderr: Screen, options: { isJson: boolean; environment: NodeJS.ProcessEnv }) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.isJson = options.isJson;
    this.#isDumb = options.environment['TERM'] === 'dumb';
    this.answerColumns =
      stdout.isTTY === true ? sizeOf(stdout.columns, plainColumns) : Number.POSITIVE_INFINITY;
    // Whoever reads has heard enough ("| head"): the rest is for nobody, and no fault of the command.
    for (const stream of [stdout, stderr]) stream.on('error', passOverClosedPipe);
    this.paint = createPaint(wantsColor(stderr, options.environment));
    this.answerPaint = createPaint(!options.isJson && wantsColor(stdout, options.environment));
  }

  /** Lines may be redrawn in place. */
  get isLive(): boolean {
    return this.#stderr.isTTY === true && !this.#isDumb && !this.isJson;
  }

  get columns(): number {
    return sizeOf(this.#stderr.columns, plainColumns);
  }

  get rows(): number {
    return sizeOf(this.#stderr.rows, plainRows);
  }

  /** The answer of a command: lines for a person, or one JSON value and nothing else. */
  answer(lines: readonly string[], json: unknown): void {
    this.#hasAnswered = true;
    const text = this.isJson ? JSON.stringify(json, null, 2) : lines.join('\n');
    this.#stdout.write(`${text}\n`);
  }

  /** A word beside the answer; not said to programs. */
  say(line: string): void {
    if (this.isJson) return;
    if (this.#writeAbove === null) this.#stderr.write(`${line}\n`);
    else this.#writeAbove(line);
  }

  /** While lines are redrawn at the bottom, words go above them; null: no more. */
  setAbove(writeAbove: ((line: string) => void) | null): void {
    this.#writeAbove = writeAbove;
  }

  /** Raw control of the screen, for what is redrawn. */
  draw(text: string): void {
    this.#stderr.write(text);
  }

  /** After an answer, a program learns the rest from the exit code: stdout holds one value. */
  fail(failure: CliFailure): void {
    if (this.isJson) {
      if (this.#hasAnswered) return;
      const { code, message, lines } = failure;
      this.#stdout.write(`${JSON.stringify({ error: message, code, details: lines }, null, 2)}\n`);
      return;
    }
    this.#stderr.write(`${failureLines(failure, this.paint).join('\n')}\n`);
  }
}

/** A terminal that nobody sits at, as in many a CI, says it has no columns and no rows. */
function sizeOf(told: number | undefined, usual: number): number {
  return told === undefined || told === 0 ? usual : told;
}

function passOverClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** What went wrong and where: the JSON path, the message and what to do, for every fault. */
export function failureLines(failure: CliFailure, paint: Paint): readonly string[] {
  // Whoever typed something wrong or pressed Ctrl-C has no use for a code.
  const isOwn = failure.exitCode !== exitCodes.failed;
  const head = isOwn ? printable(failure.message) : `${failure.code}: ${printable(failure.message)}`;
  const faults = failure.lines.flatMap(({ path, message, hint }) => [
    `  ${paint.bold(printable(path === '' ? '(document)' : path))}`,
    `    ${printable(message)}`,
    ...(hint === null ? [] : [`    ${paint.dim(`→ ${printable(hint)}`)}`]),
  ]);
  return [`${paint.red('✗')} ${head}`, ...faults];
}
