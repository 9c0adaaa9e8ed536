import { describe, expect, it } from 'vitest';
import { describeEnd } from '../../../ffmpeg/describe-end.ts';
import type { ProcessEnd } from '../../../ffmpeg/run-process.ts';

const end = (given: Partial<ProcessEnd>): ProcessEnd => ({
  exitCode: given.killSignal === undefined ? 0 : null,
  killSignal: null,
  endedBy: 'itself',
  ...given,
});

describe('the end of a run', () => {
  it('that is well has no fault', () => {
    expect(describeEnd(end({}), '')).toBeNull();
    expect(describeEnd(end({}), 'thumbnail of a folder named "Cannot allocate memory"')).toBeNull();
  });

  it('by a signal is transient, whoever reports it', () => {
    for (const [exitCode, signal] of [
      [137, 'SIGKILL'],
      [139, 'SIGSEGV'],
      [255, 'a signal'],
    ] as const) {
      expect(describeEnd(end({ exitCode }), '')).toMatchObject({
        code: null,
        isTransient: true,
        text: `was ended by ${signal}`,
      });
    }
    expect(describeEnd(end({ killSignal: 'SIGSEGV' }), '')).toMatchObject({ isTransient: true });
  });

  it('by our own watch for silence is transient', () => {
    const fault = describeEnd(end({ killSignal: 'SIGTERM', endedBy: 'silence' }), '');
    expect(fault).toMatchObject({ isTransient: true, text: 'said nothing for 60 s and was stopped' });
  });

  it('with a refused graph is not', () => {
    expect(describeEnd(end({ exitCode: 1 }), 'No such filter')).toMatchObject({
      code: null,
      isTransient: false,
      text: 'exited with code 1',
    });
  });

  it('out of memory is told from other ends', () => {
    for (const line of [
      'Error while filtering: Cannot allocate memory',
      'x264 [error]: malloc of size 3110400 failed',
      'pthread_create: Resource temporarily unavailable',
      'Error initializing output stream 0:0 -- Error while opening encoder for output stream #0:0 - maybe incorrect parameters',
    ]) {
      expect(describeEnd(end({ exitCode: 1 }), line), line).toMatchObject({ code: 'OUT_OF_MEMORY' });
    }
  });

  it('over the bound of streams is not, although FFmpeg says so', () => {
    const lines = 'Number of streams exceeds max_streams parameter (16)\nCannot allocate memory';
    expect(describeEnd(end({ exitCode: 1 }), lines)).toMatchObject({ code: null, isTransient: false });
  });

  it('on a full disk names the disk, also after exit code 0', () => {
    const line = 'Error writing trailer of file:/s/a.mkv: No space left on device';
    expect(describeEnd(end({}), line)).toMatchObject({ code: 'SCRATCH_FULL', isTransient: true });
    expect(describeEnd(end({}), 'Error writing trailer')).toMatchObject({ isTransient: true });
  });

  it('at a bound names the bound', () => {
    expect(describeEnd(end({ exitCode: 1 }), 'av_interleaved_write_frame(): File too large')).toMatchObject({
      code: 'SCRATCH_QUOTA_EXCEEDED',
      isTransient: false,
    });
    expect(describeEnd(end({ killSignal: 'SIGXFSZ' }), '')).toMatchObject({ code: 'SCRATCH_QUOTA_EXCEEDED' });
    expect(describeEnd(end({ exitCode: 255 }), 'Exiting normally, received signal 24.')).toMatchObject({
      code: 'RENDER_TIMEOUT',
      isTransient: false,
    });
  });
});
