// A part's pictures as a filter graph that yields the frames to be encoded: what stands still is in it for a moment only.
import {
  encodedFrames,
  keyFramePositions,
  type PictureRun,
  pictureRuns,
} from '../plan-compiler/picture-runs.ts';
import type { PlacedStill } from '../plan-compiler/render-plan.ts';
import { slicePicture } from '../plan-compiler/slice-picture.ts';
import { composePicture, type PictureRequest } from './compose-picture.ts';
import type { FfmpegInput } from './ffmpeg-command.ts';
import { numberFrames, repeatPicture } from './film-clock.ts';
import { combine, type Stream } from './filter-graph.ts';
import { InputList } from './picture-inputs.ts';

export type PictureGraph = {
  readonly inputs: readonly FfmpegInput[];
  readonly stream: Stream<'video'>;
  /** How the stream's frames become the part's. */
  readonly runs: readonly PictureRun[];
  /** Frames in the stream. */
  readonly encodedFrames: number;
  /** Frames of the stream that must be key frames, beside the first. */
  readonly keyFrames: readonly number[];
};

/** Ends in exactly `encodedFrames` frames numbered from 0, yuv420p, BT.709. */
export function buildPictureGraph(request: PictureRequest): PictureGraph {
  const { picture, output } = request;
  const inputs = new InputList();
  const runs = pictureRuns(picture, output);
  const [first, ...rest] = runs.map((run) => runStream(run, request, inputs));
  if (first === undefined) throw new Error('A part was planned without frames.');
  const isWhole = runs.every((run) => !run.isStill);
  const stream =
    rest.length === 0 ? first : combine([first, ...rest], 'concat', { n: runs.length, v: 1, a: 0 });
  return {
    inputs: inputs.inputs,
    stream: isWhole ? stream : numberFrames(stream, output.fps, 0),
    runs,
    encodedFrames: encodedFrames(runs),
    keyFrames: isWhole ? [] : keyFramePositions(runs, output.video.gopFrames),
  };
}

function runStream(run: PictureRun, request: PictureRequest, inputs: InputList): Stream<'video'> {
  if (run.frames === request.picture.frames && !run.isStill) return composePicture(request, inputs);
  const { picture, kept } = slicePicture(request.picture, {
    start: run.start,
    frames: run.isStill ? 1 : run.frames,
  });
  const stream = composePicture({ ...request, picture, stills: keptStills(request, kept) }, inputs);
  return run.isStill ? repeatPicture(stream, run.encodedFrames) : stream;
}

/** There is one still for each drawn layer; the slice has lost some layers. */
function keptStills({ picture, stills }: PictureRequest, kept: readonly number[]): readonly PlacedStill[] {
  const drawn = picture.layers.flatMap(({ kind }, index) => (kind === 'drawn' ? [index] : []));
  return stills.filter((_, position) => kept.includes(drawn[position] ?? -1));
}
