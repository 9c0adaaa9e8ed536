// What happened in a round: a line for each action as it happens, and the counts for the end.
export type Journal = {
  action(kind: string, target: string, detail?: string): void;
  note(text: string): void;
  restarted(name: string): void;
  /** Ended although nobody ended it. */
  fell(name: string, how: string): void;
  violation(text: string): void;
  readonly violations: readonly string[];
  readonly counts: Counts;
};

/** By kind and target, such as "kill worker-2". */
type Counts = {
  readonly actions: Readonly<Record<string, number>>;
  readonly restarts: Readonly<Record<string, number>>;
  readonly falls: Readonly<Record<string, number>>;
};

export function startJournal(say: (line: string) => void): Journal {
  const begunMs = performance.now();
  const violations: string[] = [];
  const counts = { actions: {}, restarts: {}, falls: {} };
  const tell = (...words: readonly string[]): void => {
    const seconds = ((performance.now() - begunMs) / 1000).toFixed(1).padStart(7);
    say(`${seconds}  ${words.filter((word) => word !== '').join('  ')}`);
  };
  return {
    action: (kind, target, detail = '') => {
      add(counts.actions, `${kind} ${target}`.trim());
      tell(kind.padEnd(11), target.padEnd(9), detail);
    },
    note: (text) => tell('-', text),
    restarted: (name) => add(counts.restarts, name),
    fell: (name, how) => {
      add(counts.falls, name);
      tell('ended by itself', name, how);
    },
    violation: (text) => {
      violations.push(text);
      tell('VIOLATION', text);
    },
    violations,
    counts,
  };
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
