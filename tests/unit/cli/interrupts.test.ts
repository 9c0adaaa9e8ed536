import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Interrupts, watchInterrupts } from '../../../cli/interrupts.ts';

let nowMs = 0;
let interrupts: Interrupts;
const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
beforeEach(() => {
  exit.mockClear();
  nowMs = 0;
  interrupts = watchInterrupts(() => nowMs);
});
afterEach(() => interrupts.release());

const press = (signal: NodeJS.Signals = 'SIGINT'): void => void process.emit(signal, signal);

test('the first Ctrl-C asks for an orderly end', async () => {
  expect(interrupts.signal.aborted).toBe(false);
  press();
  await interrupts.first;
  expect(interrupts.signal.aborted).toBe(true);
  expect(exit).not.toHaveBeenCalled();
});

test('one that npm or the loader hands on again is not taken for a second', () => {
  press();
  nowMs = 40;
  press();
  nowMs = 900;
  press('SIGTERM');
  expect(exit).not.toHaveBeenCalled();
});

test('a second Ctrl-C ends everything at once', () => {
  press();
  nowMs = 1_500;
  press();
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
});

test('what was handed back to Node is not heard any more', () => {
  interrupts.release();
  const listeners = process.listenerCount('SIGINT');
  const again = watchInterrupts();
  expect(process.listenerCount('SIGINT')).toBe(listeners + 1);
  again.release();
  expect(interrupts.signal.aborted).toBe(false);
});
