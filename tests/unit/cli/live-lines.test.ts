import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { LiveLines } from '../../../cli/live-lines.ts';
import { Terminal } from '../../../cli/terminal.ts';

const screen = () => Object.assign(new PassThrough(), { isTTY: true, columns: 60, rows: 20 });
const up = (lines: number): string => `\u001b[${lines}A\r\u001b[0J`;

test('lines are drawn over those before, and a word in between stands above them', () => {
  const stderr = screen();
  const terminal = new Terminal(screen(), stderr, { isJson: false, environment: {} });
  const written = (): string => String(stderr.read() ?? '');
  const live = new LiveLines(terminal, () => ['one', 'two']);
  expect(written()).toMatch(/one\ntwo\n$/);
  terminal.say('worker-1 ended');
  expect(written()).toBe(`${up(2)}worker-1 ended\none\ntwo\n`);
  live.end();
  expect(written()).toMatch(/\[\?25h$/);
  terminal.say('after');
  expect(written()).toBe('after\n');
});
