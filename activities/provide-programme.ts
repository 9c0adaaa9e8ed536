// The sound of the whole film: from the cache, or mixed and encoded once from the scenes' sound and the tracks over them.
import { mixProgramme } from '../ffmpeg/mix-programme.ts';
import { sceneBus } from '../ffmpeg/scene-bus.ts';
import { objectKeys } from '../storage/object-keys.ts';
import type { Assembly } from './assembly.ts';
import { fetchClips } from './fetch-clips.ts';
import { fetchSources, soundSources } from './fetch-sources.ts';
import type { MediaServices } from './services.ts';

/** Returns the file in the scratch folder. */
export async function provideProgramme(services: MediaServices, assembly: Assembly): Promise<string> {
  const { plan, folder, run } = assembly;
  const path = folder.path('programme.m4a');
  const { key } = plan.programme;
  const place = { key, objectKey: objectKeys.cachedProgramme(key) };
  const cached = (await services.cache.lookup([place])).get(key);
  if (
    cached !== undefined &&
    (await services.cache.fetch(cached, place.objectKey, { path, signal: run.signal })) !== null
  )
    return path;
  await mix(services, assembly, path);
  await services.cache.publish(
    { ...place, kind: 'programme', length: plan.programme.totalSamples },
    path,
    run.signal,
  );
  return path;
}

async function mix(services: MediaServices, assembly: Assembly, outputPath: string): Promise<void> {
  const { plan, folder, run } = assembly;
  const { programme, output } = plan;
  const clips = programme.scenes.flatMap(({ index, soundKey }) =>
    soundKey === null ? [] : [{ index, key: soundKey }],
  );
  const sounds = await fetchClips(services, assembly, { kind: 'sound', clips });
  const assets = await fetchSources(services, {
    plan,
    hashes: soundSources(programme.tracks),
    folder,
    run,
  });
  await mixProgramme(services.ffmpeg, {
    programme,
    output,
    sceneSounds: sceneBus(
      programme.scenes.map(({ index, samples }) => ({ path: sounds.get(index) ?? null, samples })),
    ),
    assets,
    outputPath,
    signal: run.signal,
  });
}
