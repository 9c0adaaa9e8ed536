// What a case of load has measured, as text.
export type LoadCheck = { readonly what: string; readonly isMet: boolean; readonly found: string };

export type LoadFigure = { readonly name: string; readonly value: string };

export type LoadCase = {
  readonly title: string;
  readonly figures: readonly LoadFigure[];
  readonly checks: readonly LoadCheck[];
};

export function printCase({ title, figures, checks }: LoadCase): string {
  const width = Math.max(...figures.map(({ name }) => name.length));
  return [
    `\n${title}`,
    ...figures.map(({ name, value }) => `  ${name.padEnd(width)}  ${value}`),
    ...checks.map(({ what, isMet, found }) => `  ${isMet ? 'ok    ' : 'FAILED'}  ${what}: ${found}`),
    '',
  ].join('\n');
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0)} MB`;
}
