// The figures of a round as text.
import type { RoundResult } from './round.ts';

export function roundTable(result: RoundResult): string {
  const { rows, refused, journal, retries, deliveries, seconds, round } = result;
  const { actions, restarts, falls } = journal.counts;
  const ends = countBy(rows.map(({ status }) => status));
  const reasons = countBy(
    rows.flatMap(({ status, error }) => (status === 'failed' ? [reasonOf(error)] : [])),
  );
  const kills = Object.entries(actions).filter(([name]) => name.startsWith('kill '));
  return [
    `seed ${round.seed}, struck for ${seconds.struck} s, ${seconds.whole} s in all`,
    line('jobs by end', ends),
    line('failed because', reasons),
    line('not accepted', refused),
    line(`kills (${sum(kills)})`, Object.fromEntries(kills)),
    line(
      'other actions',
      Object.fromEntries(Object.entries(actions).filter(([name]) => !name.startsWith('kill '))),
    ),
    line(`started again (${sum(Object.entries(restarts))})`, restarts),
    line('ended by themselves', falls),
    `retries seen: ${retries}; webhooks received: ${deliveries}`,
    ...journal.violations.map((violation) => `VIOLATION: ${violation}`),
  ].join('\n');
}

function reasonOf(error: string | null): string {
  return (error ?? 'no reason').replace(/\(scene .*|scene \S+/, '').slice(0, 90);
}

function line(name: string, counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return `${name}: ${entries.map(([what, count]) => `${what} ${count}`).join(', ') || 'none'}`;
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function sum(entries: readonly (readonly [string, number])[]): number {
  return entries.reduce((total, [, count]) => total + count, 0);
}
