import { errorMessage } from '../contract/errors.ts';
import type { Stage } from '../contract/names.ts';

/** Writes to the database at most this often for one scene. */
const reportMs = 500;

/** Sends the newest progress, one report at a time; a report that fails is no reason to fail the scene. */
export class ProgressReporter {
  private readonly send: (progress: number, stage: Stage) => Promise<void>;
  private readonly now: () => number;
  private sending: Promise<void> = Promise.resolve();
  private isSending = false;
  private lastMs: number;
  /** The last report that could not be sent, for whoever asks. */
  fault: string | null = null;

  constructor(
    send: (progress: number, stage: Stage) => Promise<void>,
    now: () => number = () => performance.now(),
  ) {
    this.send = send;
    this.now = now;
    // Whoever makes a reporter has just written where things stand.
    this.lastMs = now();
  }

  /** 0–1 of the scene. */
  report(progress: number, stage: Stage): void {
    if (this.isSending || this.now() - this.lastMs < reportMs) return;
    this.lastMs = this.now();
    this.isSending = true;
    this.sending = this.send(Math.min(1, progress), stage)
      .catch((error: unknown) => {
        this.fault = errorMessage(error);
      })
      .finally(() => {
        this.isSending = false;
      });
  }

  /** Resolves when no report is on its way. */
  settled(): Promise<void> {
    return this.sending;
  }
}
