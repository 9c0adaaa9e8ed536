// What a stack may be told, and what its steps share while it starts.
import type { Ports } from './ports.ts';
import type { Environment } from './stack-environment.ts';
import type { StackHome } from './stack-home.ts';
import type { StackPart } from './stack-part.ts';

type StepState = 'started' | 'progress' | 'done' | 'failed';
type OnStep = (name: string, state: StepState, detail: string) => void;

export type StackOptions = {
  /** Where everything is kept; where not given, a temporary folder that `stop` removes. */
  readonly home?: string;
  readonly ports?: Partial<Ports>;
  readonly workers?: {
    readonly processes: number;
    readonly concurrency: number;
    /** What each process serves, in their order; both roles where nothing is said. */
    readonly roles?: readonly ('control' | 'media')[];
  };
  /** For tests: Temporal in memory, a fast Postgres, and no server that the environment names is touched. */
  readonly isDisposable?: boolean;
  /** For tests that kill servers: what Temporal and Postgres have taken is there when they are started again. */
  readonly keepsData?: boolean;
  /** Settings of our processes, above those that the stack decides. */
  readonly environment?: Environment;
  readonly onStep?: OnStep;
  /** Told of a process that ended by itself after the start. */
  readonly onEnd?: (name: string, how: string) => void;
  /** Breaks the start off; what was started is stopped. */
  readonly signal?: AbortSignal;
  /** The programs of the two roles; ours where not given. */
  readonly entries?: { readonly api: string; readonly worker: string };
};

export type StackStart = {
  readonly options: StackOptions;
  readonly home: StackHome;
  readonly ports: Ports;
  /** Our own environment, without its servers where the stack is disposable. */
  readonly shell: Environment;
  /** Aborted by the caller, or by the first step that fails. */
  readonly signal: AbortSignal;
  /** Every process of ours that was started, in order. */
  readonly parts: StackPart[];
};
