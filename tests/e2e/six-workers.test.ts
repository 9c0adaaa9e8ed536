// Sharding is invisible: six workers, each with a slot of its own, make the very file that one makes.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { MovieInput } from '../../contract/movie.ts';
import { renderWorkflowId } from '../../contract/names.ts';
import { type Stack, startStack } from '../../tools/stack.ts';
import { type Film, FilmClient } from '../support/film-client.ts';
import { ffmpeg, writeCounterVideo } from '../support/frame-counter.ts';

const mediaWorkers = 6;
const size = { width: 160, height: 90 };
const frames = 600;

let folder = '';
let many: Stack;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenemill-six-'));
  await writeCounterVideo(join(folder, 'silent.mp4'), { ...size, fps: '30', frames });
  const [silent, photo] = [join(folder, 'silent.mp4'), join(folder, 'photo.png')];
  const tone = ['-f', 'lavfi', '-i', `sine=f=440:d=${frames / 30}`];
  await ffmpeg(['-i', silent, ...tone, '-c:v', 'copy', '-c:a', 'aac', join(folder, 'clip.mp4')]);
  await ffmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=320x180', '-frames:v', '1', photo]);
  many = await startStack({
    isDisposable: true,
    ports: { api: 0, temporal: 0, temporalUi: 0, postgres: 0 },
    workers: {
      processes: mediaWorkers + 1,
      concurrency: 1,
      roles: ['control', ...Array.from({ length: mediaWorkers }, () => 'media' as const)],
    },
    environment: { CANVAS_WIDTH_MIN: '16', CANVAS_HEIGHT_MIN: '16', PART_SECONDS_MAX: '4' },
  });
});
afterAll(async () => {
  await many.stop();
  await rm(folder, { recursive: true, force: true });
});

const motion = {
  type: 'ken-burns' as const,
  from: { x: 0, y: 0, width: 1, height: 1 },
  to: { x: 0.2, y: 0.2, width: 0.7, height: 0.7 },
};

/** Pictures that move, that stand and that are moved over, each of them costly enough for an activity of its own. */
function movie(clip: `asset:${string}`, photo: `asset:${string}`): MovieInput {
  const kinds = [
    (at: number) => ({ type: 'video' as const, src: clip, trimStart: at }),
    (at: number) => ({ type: 'text' as const, text: `Title ${at}`, fontSize: 20 }),
    () => ({ type: 'image' as const, src: photo, motion }),
  ];
  // So many that a worker that makes and mixes the sound comes to pictures, too.
  const scenes = Array.from({ length: 36 }, (_, index) => ({
    id: `scene_${index}`,
    duration: 1.1 + index / 20,
    layers: kinds.flatMap((layer, kind) => (index % 3 === kind ? [layer(index / 4)] : [])),
  }));
  return { ...size, fps: 30, scenes, audio: [{ src: clip, volume: 0.3, duration: 'fill' }] };
}

async function render(client: FilmClient, requestedConcurrency: number): Promise<Film> {
  const upload = async (name: string): Promise<`asset:${string}`> =>
    `asset:${(await client.upload(name, await readFile(join(folder, name)))).assetId}`;
  const film = movie(await upload('clip.mp4'), await upload('photo.png'));
  return client.renderFilm(film, folder, { renderOptions: { requestedConcurrency, cache: 'refresh' } });
}

async function sha256({ path }: Film): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

type HistoryEvent = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

/** Of the activity that was scheduled. */
const nameOf = ({ activityTaskScheduledEventAttributes: scheduled }: HistoryEvent): string =>
  scheduled?.activityType?.name ?? '';

/** The processes that took part in rendering a job's pictures. */
async function renderersOf({ job }: Film): Promise<ReadonlySet<string>> {
  const connection = await Connection.connect({ address: many.environment.TEMPORAL_ADDRESS ?? '' });
  const handle = new Client({ connection }).workflow.getHandle(renderWorkflowId(job.jobId));
  const { events } = await handle.fetchHistory().finally(() => connection.close());
  const pictures = new Set(
    (events ?? [])
      .filter((event) => nameOf(event).startsWith('renderScene'))
      .map(({ eventId }) => String(eventId)),
  );
  const started = (events ?? []).map((event) => event.activityTaskStartedEventAttributes);
  const ofPictures = started.filter((start) => pictures.has(String(start?.scheduledEventId)));
  return new Set(ofPictures.map((start) => String(start?.identity)));
}

it('the film of six workers is that of one, byte for byte', async () => {
  const one = await render(new FilmClient(() => inject('stack')), 1);
  // More at a time than there are slots, so that none stands idle.
  const six = await render(new FilmClient(() => many), 2 * mediaWorkers);
  expect((await renderersOf(six)).size).toBe(mediaWorkers);
  expect(await sha256(six)).toBe(await sha256(one));
});
