import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Terminal } from '../../../cli/terminal.ts';

const screen = (isTTY: boolean, columns = 60) =>
  Object.assign(new PassThrough(), { isTTY, columns, rows: columns });

const terminalOf = (environment: NodeJS.ProcessEnv, isTTY = true, isJson = false): Terminal =>
  new Terminal(screen(isTTY), screen(isTTY), { isJson, environment });

test('lines are redrawn only on a terminal that can, for a person', () => {
  expect(terminalOf({ TERM: 'xterm' }).isLive).toBe(true);
  expect(terminalOf({ TERM: 'dumb' }).isLive).toBe(false);
  expect(terminalOf({ TERM: 'xterm' }, false).isLive).toBe(false);
  expect(terminalOf({ TERM: 'xterm' }, true, true).isLive).toBe(false);
});

test('colours follow NO_COLOR, FORCE_COLOR and the terminal', () => {
  const isColoured = (terminal: Terminal): boolean => terminal.paint.red('x') !== 'x';
  expect(isColoured(terminalOf({}))).toBe(true);
  expect(isColoured(terminalOf({ NO_COLOR: '1' }))).toBe(false);
  expect(isColoured(terminalOf({ NO_COLOR: '' }))).toBe(true);
  expect(isColoured(terminalOf({ NO_COLOR: '1', FORCE_COLOR: '1' }))).toBe(false);
  expect(isColoured(terminalOf({}, false))).toBe(false);
  expect(isColoured(terminalOf({ FORCE_COLOR: '1' }, false))).toBe(true);
});

test('a table may be as wide as the terminal it goes to, and any width in a file', () => {
  expect(terminalOf({}).answerColumns).toBe(60);
  expect(terminalOf({}, false).answerColumns).toBe(Number.POSITIVE_INFINITY);
});

test('a terminal that tells no size has a usual one', () => {
  const terminal = new Terminal(screen(true, 0), screen(true, 0), { isJson: false, environment: {} });
  expect([terminal.columns, terminal.rows, terminal.answerColumns]).toEqual([100, 24, 100]);
});
