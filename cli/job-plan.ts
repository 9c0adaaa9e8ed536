import { z } from 'zod';

/** What the command line reads of a compiled plan; the rest is passed over. */
export const JobPlan = z.object({
  totalFrames: z.number(),
  output: z.object({
    width: z.number(),
    height: z.number(),
    fps: z.object({ num: z.number(), den: z.number() }),
  }),
  scenes: z.array(
    z.object({
      index: z.number(),
      sceneId: z.string(),
      part: z.object({ index: z.number(), count: z.number() }),
      startFrame: z.number(),
      frames: z.number(),
      picture: z.object({ layers: z.array(z.object({ kind: z.string() })) }),
      pictureKey: z.string(),
      sound: z.object({ layers: z.array(z.unknown()) }).nullable(),
      soundKey: z.string().nullable(),
    }),
  ),
});
export type JobPlan = z.infer<typeof JobPlan>;

export function secondsOf(plan: JobPlan, frames: number): number {
  return (frames * plan.output.fps.den) / plan.output.fps.num;
}
