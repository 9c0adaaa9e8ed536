import { describe, expect, it } from 'vitest';
import { MemoryGate } from '../../../activities/memory-gate.ts';
import { RenderError } from '../../../contract/errors.ts';
import { openGround } from '../../../ffmpeg/cage.ts';
import type { FfmpegTools } from '../../../ffmpeg/ffmpeg-command.ts';

const limits = { memoryBytesMax: 1_000, fileBytesMax: 1_000 };
const tools: FfmpegTools = { ffmpegPath: '/f', ffprobePath: '/p', cage: { ...openGround, limits } };
const outOfMemory = () => new RenderError('OUT_OF_MEMORY', 'too large');
const live = new AbortController().signal;

function resolvers<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((given) => {
    resolve = given;
  });
  return { promise, resolve };
}

/** A render that says when it has begun and ends when told. */
function held() {
  const begun = resolvers<number>();
  const told = resolvers<undefined>();
  const body = async ({ cage }: FfmpegTools) => {
    begun.resolve(cage.limits.memoryBytesMax);
    await told.promise;
  };
  return { begun: begun.promise, end: () => told.resolve(undefined), body };
}

describe('the memory of a worker', () => {
  it('lets renders run side by side', async () => {
    const gate = new MemoryGate({ tools, shares: 2 });
    const [one, two] = [held(), held()];
    const runs = [gate.run(live, one.body), gate.run(live, two.body)];
    expect(await Promise.all([one.begun, two.begun])).toEqual([1_000, 1_000]);
    one.end();
    two.end();
    await Promise.all(runs);
  });

  it('is given whole, once, to a render that needs more than its share', async () => {
    const gate = new MemoryGate({ tools, shares: 4 });
    const given: number[] = [];
    const run = gate.run(live, async ({ cage }) => {
      given.push(cage.limits.memoryBytesMax);
      await Promise.reject(outOfMemory());
    });
    await expect(run).rejects.toMatchObject({ code: 'OUT_OF_MEMORY', retryable: false });
    expect(given).toEqual([1_000, 4_000]);
  });

  it('is given when nothing else runs, and nothing starts before that has ended', async () => {
    const gate = new MemoryGate({ tools, shares: 2 });
    const [other, large] = [held(), held()];
    const log: string[] = [];
    const logged =
      (name: string, body: (given: FfmpegTools) => Promise<void>) => async (given: FfmpegTools) => {
        log.push(`${name} begins`);
        await body(given);
        log.push(`${name} ends`);
      };
    let tries = 0;
    const runs = [
      gate.run(live, logged('other', other.body)),
      gate.run(live, async (given) => {
        tries += 1;
        if (tries === 1) throw outOfMemory();
        await logged('large', large.body)(given);
      }),
    ];
    await other.begun;
    other.end();
    await large.begun;
    runs.push(
      gate.run(
        live,
        logged('last', () => Promise.resolve()),
      ),
    );
    large.end();
    await Promise.all(runs);
    const steps = ['other', 'large', 'last'].flatMap((name) => [`${name} begins`, `${name} ends`]);
    expect(log).toEqual(steps);
  });

  it('keeps nobody waiting behind one who was cancelled', async () => {
    const gate = new MemoryGate({ tools, shares: 2 });
    const [other, later] = [held(), held()];
    const otherRun = gate.run(live, other.body);
    await other.begun;
    const cancel = new AbortController();
    const large = gate.run(cancel.signal, () => Promise.reject(outOfMemory()));
    const laterRun = gate.run(live, later.body);
    cancel.abort(new Error('cancelled'));
    await expect(large).rejects.toThrow('cancelled');
    await later.begun;
    later.end();
    other.end();
    await Promise.all([otherRun, laterRun]);
  });

  it('is not given for other faults', async () => {
    const gate = new MemoryGate({ tools, shares: 2 });
    let tries = 0;
    const run = gate.run(live, () => {
      tries += 1;
      return Promise.reject(new RenderError('SCENE_RENDER_FAILED', 'no'));
    });
    await expect(run).rejects.toMatchObject({ code: 'SCENE_RENDER_FAILED' });
    expect(tries).toBe(1);
  });
});
