// One process of a stack, which can be killed and started again at the same place.
import { type ChildExit, describeExit } from './child-process.ts';

/** What the start of a process gives back. */
export type RunningPart = {
  readonly pid: number;
  readonly exited: Promise<ChildExit>;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<unknown>;
};

export type StackPart = {
  readonly name: string;
  pid(): number;
  /** Resolves when the process that runs now has ended. */
  exited(): Promise<ChildExit>;
  /** Sends a signal to the process alone; resolves at once. */
  kill(signal: NodeJS.Signals): void;
  /** Stops it where it still runs, starts it with the same settings, and resolves when it is ready. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

export type PartPlan = {
  readonly name: string;
  /** Resolves when the process is ready for work. */
  readonly start: () => Promise<RunningPart>;
  /** Told of an end that nobody here asked for. */
  readonly onEnd: (name: string, how: string) => void;
};

export async function startPart(plan: PartPlan): Promise<StackPart> {
  let isEndWanted = false;
  const start = async (): Promise<RunningPart> => {
    const running = await plan.start();
    isEndWanted = false;
    void running.exited.then((exit) => {
      if (!isEndWanted) plan.onEnd(plan.name, describeExit(exit));
    });
    return running;
  };
  let running = await start();
  const stop = async (): Promise<void> => {
    isEndWanted = true;
    await running.stop();
  };
  return {
    name: plan.name,
    pid: () => running.pid,
    exited: () => running.exited,
    kill: (signal) => {
      isEndWanted = true;
      running.kill(signal);
    },
    restart: async () => {
      await stop();
      running = await start();
    },
    stop,
  };
}
