import type { CommandContext } from './command-context.ts';
import { type JobPlan, secondsOf } from './job-plan.ts';
import { type Column, tableLines } from './table.ts';
import { formatSeconds, printable } from './terminal-text.ts';

const keyLettersShown = 12;

/** `scenemill plan <id>`: the compiled plan as a table. */
export async function planCommand(context: CommandContext, jobId: string): Promise<void> {
  const { client } = await context.connect();
  const plan = await client.getPlan(jobId);
  context.terminal.answer(planLines(plan), plan);
}

export function planLines(plan: JobPlan): readonly string[] {
  const { width, height, fps } = plan.output;
  const rate = fps.den === 1 ? String(fps.num) : `${fps.num}/${fps.den}`;
  const film = formatSeconds(secondsOf(plan, plan.totalFrames));
  return [
    `${width}×${height}, ${rate} fps, ${plan.totalFrames} frames (${film}), ${plan.scenes.length} scenes`,
    '',
    ...tableLines(columns, plan.scenes.map(sceneRow)),
  ];
}

const columns: readonly Column[] = [
  { title: '#', align: 'right' },
  { title: 'scene', align: 'left' },
  { title: 'from', align: 'right' },
  { title: 'frames', align: 'right' },
  { title: 'layers', align: 'left' },
  { title: 'picture key', align: 'left' },
  { title: 'sound key', align: 'left' },
];

function sceneRow(scene: JobPlan['scenes'][number]): readonly string[] {
  const part = scene.part.count > 1 ? ` (${scene.part.index + 1}/${scene.part.count})` : '';
  return [
    String(scene.index),
    `${printable(scene.sceneId)}${part}`,
    String(scene.startFrame),
    String(scene.frames),
    layersText(scene),
    scene.pictureKey.slice(0, keyLettersShown),
    scene.soundKey?.slice(0, keyLettersShown) ?? '–',
  ];
}

/** For example "1 video, 3 drawn, 1 sound". */
function layersText({ picture, sound }: JobPlan['scenes'][number]): string {
  const counts = new Map<string, number>();
  for (const { kind } of picture.layers) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  if (sound !== null) counts.set('sound', sound.layers.length);
  const words = [...counts].map(([kind, count]) => `${count} ${kind}`);
  return words.length === 0 ? 'background only' : words.join(', ');
}
