import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SkipFrameMaker } from '../../ffmpeg/skip-frames.ts';
import { testTools } from './ffmpeg-tools.ts';

/** A maker that works below the system's temporary folder. */
export function testSkipFrames(): SkipFrameMaker {
  return new SkipFrameMaker(testTools, async () => {
    const dir = await mkdtemp(join(tmpdir(), 'scenemill-skip-'));
    return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
  });
}
