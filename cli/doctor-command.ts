import { examine, type Finding } from '../tools/doctor.ts';
import { CliFailure } from './cli-failure.ts';
import type { Paint } from './paint.ts';
import type { Terminal } from './terminal.ts';

/** `scenemill doctor`: what is there, what is missing, and the command that helps; 1 where something is missing. */
export async function doctorCommand(terminal: Terminal): Promise<void> {
  const findings = await examine();
  terminal.answer(findingLines(findings, terminal.answerPaint), { findings });
  const missing = findings.filter(({ state }) => state === 'missing').length;
  if (missing > 0)
    throw new CliFailure('MACHINE_LACKS', `${missing} of ${findings.length} things are missing.`);
}

export function findingLines(findings: readonly Finding[], paint: Paint): readonly string[] {
  const nameColumns = Math.max(...findings.map(({ name }) => name.length));
  return findings.flatMap(({ name, state, detail, fix }) => {
    const { mark, style } = marks[state];
    const head = `${paint[style](mark)} ${name.padEnd(nameColumns)}  ${detail}`;
    return fix === null ? [head] : [head, `  ${' '.repeat(nameColumns)}  ${paint.bold(fix)}`];
  });
}

const marks = {
  ok: { mark: '✓', style: 'green' },
  missing: { mark: '✗', style: 'red' },
  warning: { mark: '!', style: 'yellow' },
} as const;
