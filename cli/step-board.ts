import { errorMessage } from '../contract/errors.ts';
import { LiveLines } from './live-lines.ts';
import type { Paint } from './paint.ts';
import type { Terminal } from './terminal.ts';
import { formatSeconds, printable, truncate } from './terminal-text.ts';

type Step = {
  readonly name: string;
  readonly state: 'started' | 'done' | 'failed';
  readonly detail: string;
  readonly startMs: number;
  readonly endMs: number | null;
};

/** In a log, a step that works for minutes says so at most this often. */
const plainDetailMs = 5_000;

/** Steps of a set-up, some side by side: what each does now, and how long it took. */
export class StepBoard {
  readonly #terminal: Terminal;
  readonly #steps = new Map<string, Step>();
  readonly #toldMs = new Map<string, number>();
  readonly #live: LiveLines | null;
  #hasEnded = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    const picture = (): readonly string[] => this.#lines(Date.now());
    this.#live = terminal.isLive ? new LiveLines(terminal, picture) : null;
  }

  /** Takes what the stack says of its steps. */
  readonly onStep = (name: string, state: Step['state'] | 'progress', detail: string): void => {
    // A server goes on talking to whoever started it; the set-up is over.
    if (this.#hasEnded) return;
    const nowMs = Date.now();
    const before = this.#steps.get(name);
    const isOver = state === 'done' || state === 'failed';
    const step: Step = {
      name,
      state: isOver ? state : 'started',
      detail: printable(detail).trim().split('\n').at(-1) ?? '',
      startMs: before?.startMs ?? nowMs,
      endMs: isOver ? nowMs : null,
    };
    this.#steps.set(name, step);
    if (this.#live === null && this.#isWorthALine(step, nowMs)) this.#terminal.say(this.#line(step, nowMs));
  };

  /** Shows a step of our own around the work. */
  async run<T>(name: string, work: (say: (detail: string) => void) => Promise<T>): Promise<T> {
    this.onStep(name, 'started', '');
    try {
      const result = await work((detail) => this.onStep(name, 'progress', detail));
      this.onStep(name, 'done', '');
      return result;
    } catch (error) {
      this.onStep(name, 'failed', errorMessage(error));
      throw error;
    }
  }

  /** Leaves the last picture standing. */
  end(): void {
    this.#hasEnded = true;
    this.#live?.end();
  }

  #isWorthALine(step: Step, nowMs: number): boolean {
    if (step.endMs !== null) return true;
    if (step.detail === '' || nowMs - (this.#toldMs.get(step.name) ?? step.startMs) < plainDetailMs)
      return false;
    this.#toldMs.set(step.name, nowMs);
    return true;
  }

  #lines(nowMs: number): readonly string[] {
    return [...this.#steps.values()].map((step) => this.#line(step, nowMs));
  }

  #line(step: Step, nowMs: number): string {
    return stepLine(step, { nowMs, columns: this.#terminal.columns - 1 }, this.#terminal.paint);
  }
}

const nameColumns = 14;
const timeColumns = 12;
const marks = {
  started: { mark: '●', style: 'cyan' },
  done: { mark: '✓', style: 'green' },
  failed: { mark: '✗', style: 'red' },
} as const;

function stepLine(step: Step, view: { nowMs: number; columns: number }, paint: Paint): string {
  const { mark, style } = marks[step.state];
  const seconds = formatSeconds(((step.endMs ?? view.nowMs) - step.startMs) / 1000);
  const room = Math.max(0, view.columns - nameColumns - timeColumns - 6);
  return `${paint[style](mark)} ${step.name.padEnd(nameColumns)} ${seconds.padStart(timeColumns)}  ${paint.dim(truncate(step.detail, room))}`.trimEnd();
}
