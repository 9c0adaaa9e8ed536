// What the doctor says of one thing it looked at.
export type Finding = {
  readonly name: string;
  /** `warning`: films come out, but something works worse than it could. */
  readonly state: 'ok' | 'missing' | 'warning';
  readonly detail: string;
  /** The exact command that helps; null where nothing is to be done or no command can do it. */
  readonly fix: string | null;
};

export const ok = (name: string, detail: string): Finding => ({ name, state: 'ok', detail, fix: null });

export const missing = (name: string, detail: string, fix: string | null): Finding => ({
  name,
  state: 'missing',
  detail,
  fix,
});

export const warning = (name: string, detail: string, fix: string | null): Finding => ({
  name,
  state: 'warning',
  detail,
  fix,
});
