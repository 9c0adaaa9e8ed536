import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { ThreadDrawer } from '../../../drawing/drawer.ts';
import { createDrawer, type Drawer, drawingVersion, loadFontCatalogue } from '../../../drawing/index.ts';
import { startDrawingThread } from '../../../drawing/start-thread.ts';
import { fallbackFonts, shapeOf, textOf } from './drawings.ts';

const folder = mkdtempSync(join(tmpdir(), 'scenemill-drawer-'));
const open: Drawer[] = [];
const kept = <Made extends Drawer>(drawer: Made): Made => {
  open.push(drawer);
  return drawer;
};
const pathOf = (name: string) => join(folder, `${name}.rgba`);
const realThread = () => startDrawingThread({ fontPaths: new Map() });
const script = (code: string) => () => new Worker(code, { eval: true });

afterEach(async () => {
  await Promise.all(open.splice(0).map((drawer) => drawer.close()));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts the threads in turn, the last one for good; counts them. */
function threadsInTurn(...starts: readonly (() => Worker)[]) {
  const turn = { started: 0 };
  const start = () => {
    const next = starts[Math.min(turn.started, starts.length - 1)] ?? realThread;
    turn.started += 1;
    return next();
  };
  return { turn, start };
}

describe('a drawing on a disk that is full', () => {
  test('is SCRATCH_FULL', async () => {
    const drawer = kept(createDrawer(await loadFontCatalogue()));
    await expect(drawer.draw(shapeOf(), '/dev/full')).rejects.toMatchObject({ code: 'SCRATCH_FULL' });
  });
});

describe('the same drawing', () => {
  test('gives the same bytes twice in a thread and in two threads', async () => {
    const catalogue = await loadFontCatalogue();
    const text = textOf('Ünïcode שלום مرحبا 日本 👍🏽 50%', {
      fonts: await fallbackFonts(),
      fontSize: 33.3,
      stroke: { width: 3, color: { r: 0, g: 0, b: 0, a: 255 } },
      shadow: { x: 3, y: 3, blur: 7, color: { r: 0, g: 0, b: 0, a: 128 } },
    });
    const drawing = { ...text, place: { ...text.place, rotation: 17 } };
    const first = kept(createDrawer(catalogue));
    const second = kept(createDrawer(catalogue.toReversed()));
    const stills = [
      await first.draw(drawing, pathOf('same-1')),
      await second.draw(textOf('other', { fonts: drawing.fonts }), pathOf('other')),
      await first.draw(drawing, pathOf('same-2')),
      await second.draw(drawing, pathOf('same-3')),
    ];
    const bytes = await Promise.all(stills.map((still) => readFile(still.path)));
    expect(bytes[0]?.equals(bytes[2] ?? Buffer.alloc(0))).toBe(true);
    expect(bytes[0]?.equals(bytes[3] ?? Buffer.alloc(0))).toBe(true);
    expect(bytes[0]?.equals(bytes[1] ?? Buffer.alloc(0))).toBe(false);
    expect({ ...stills[3], path: '' }).toEqual({ ...stills[0], path: '' });
  });
});

test('many drawings are made in order by one thread', async () => {
  const { turn, start } = threadsInTurn(realThread);
  const drawer = kept(new ThreadDrawer(start));
  const finished: number[] = [];
  await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const still = await drawer.draw(shapeOf({ width: index + 1 }), pathOf(`many-${index}`));
      finished.push(still.width);
    }),
  );
  expect(finished).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  expect(turn.started).toBe(1);
});

test('no thread is started before the first drawing', async () => {
  const { turn, start } = threadsInTurn(realThread);
  await kept(new ThreadDrawer(start)).close();
  expect(turn.started).toBe(0);
});

test('a file that cannot be written is a fault of ours, and the thread lives on', async () => {
  const { turn, start } = threadsInTurn(realThread);
  const drawer = kept(new ThreadDrawer(start));
  await expect(drawer.draw(shapeOf(), join(folder, 'no', 'such', 'folder'))).rejects.toMatchObject({
    name: 'RenderError',
    code: 'INTERNAL',
    message: expect.stringContaining('ENOENT') as string,
  });
  await expect(drawer.draw(shapeOf(), pathOf('after'))).resolves.toMatchObject({ width: 40 });
  expect(turn.started).toBe(1);
});

describe('a thread that is lost', () => {
  test.each([
    ['ends', `require('node:worker_threads').parentPort.once('message', () => process.exit(3))`],
    [
      'throws',
      `require('node:worker_threads').parentPort.once('message', () => { throw new Error('gone'); })`,
    ],
    ['cannot start', `throw new Error('no start')`],
  ])('because it %s fails the drawing at hand; the next ones get a new thread', async (_why, code) => {
    const { turn, start } = threadsInTurn(script(code), realThread);
    const drawer = kept(new ThreadDrawer(start));
    const lost = drawer.draw(shapeOf(), pathOf('lost'));
    const waiting = drawer.draw(shapeOf(), pathOf('waiting'));
    await expect(lost).rejects.toMatchObject({ name: 'RenderError', code: 'INTERNAL', retryable: true });
    await expect(waiting).resolves.toMatchObject({ width: 40 });
    expect(turn.started).toBe(2);
  });

  test('because it is silent for too long is given up', async () => {
    const silent = script(`require('node:worker_threads').parentPort.on('message', () => {})`);
    const { start } = threadsInTurn(silent);
    const drawer = kept(new ThreadDrawer(start, 50));
    await expect(drawer.draw(shapeOf(), pathOf('silent'))).rejects.toMatchObject({ code: 'RENDER_TIMEOUT' });
  });
});

describe('an abort', () => {
  test('before the drawing is asked for refuses it', async () => {
    const drawer = kept(new ThreadDrawer(realThread));
    const draw = drawer.draw(shapeOf(), pathOf('never'), AbortSignal.abort(new Error('cancelled')));
    await expect(draw).rejects.toThrow('cancelled');
  });

  test('takes a waiting drawing out of the queue', async () => {
    const drawer = kept(new ThreadDrawer(realThread));
    const controller = new AbortController();
    const first = drawer.draw(shapeOf(), pathOf('first'));
    const second = drawer.draw(shapeOf(), pathOf('second'), controller.signal);
    const third = drawer.draw(shapeOf(), pathOf('third'));
    controller.abort(new Error('cancelled'));
    await expect(second).rejects.toThrow('cancelled');
    await Promise.all([first, third]);
    await expect(readFile(pathOf('second'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('of the drawing at hand is told once the file is no longer written', async () => {
    const drawer = kept(new ThreadDrawer(realThread));
    const controller = new AbortController();
    const draw = drawer.draw(shapeOf(), pathOf('at-hand'), controller.signal);
    controller.abort(new Error('cancelled'));
    await expect(draw).rejects.toThrow('cancelled');
    await expect(readFile(pathOf('at-hand'))).resolves.toHaveLength(40 * 20 * 4);
  });
});

describe('closing', () => {
  test('refuses what is at hand, what waits and what comes', async () => {
    const drawer = new ThreadDrawer(realThread);
    const refusals = ['a', 'b', 'c'].map((name) =>
      expect(drawer.draw(shapeOf(), pathOf(name))).rejects.toMatchObject({ code: 'INVALID_STATE' }),
    );
    await drawer.close();
    await Promise.all(refusals);
    await expect(drawer.draw(shapeOf(), pathOf('d'))).rejects.toMatchObject({ code: 'INVALID_STATE' });
    await drawer.close();
  });
});

test('the queue has a bound', async () => {
  const silent = script(`require('node:worker_threads').parentPort.on('message', () => {})`);
  const drawer = new ThreadDrawer(silent);
  const draws = Array.from({ length: 1026 }, (_, index) => drawer.draw(shapeOf(), pathOf(`bound-${index}`)));
  const settled = Promise.allSettled(draws);
  await expect(draws.at(-1)).rejects.toThrow('More than 1024 drawings are waiting.');
  await drawer.close();
  expect((await settled).every((result) => result.status === 'rejected')).toBe(true);
});

test('the version names the canvas package', () => {
  expect(drawingVersion()).toMatch(/^drawing-\d+\+canvas-\d+\.\d+\.\d+$/);
});
