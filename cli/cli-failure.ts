/** 0 is success; 130 is what shells expect of a program that Ctrl-C ended. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export type FailureLine = { readonly path: string; readonly message: string; readonly hint: string | null };

/** A failure that is told to the person at the terminal, with every fault of a document at once. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly lines: readonly FailureLine[];

  constructor(
    code: string,
    message: string,
    more: { exitCode?: ExitCode; lines?: readonly FailureLine[]; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.exitCode = more.exitCode ?? exitCodes.failed;
    this.lines = more.lines ?? [];
  }
}
