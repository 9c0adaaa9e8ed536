import { mixProgramme } from '../ffmpeg/mix-programme.ts';
import { sceneBus } from '../ffmpeg/scene-bus.ts';
import type { Assembly } from './assembly.ts';
import { fetchClips } from './fetch-clips.ts';
import { fetchSources, soundSources } from './fetch-sources.ts';
import { soundsOf } from './job-clips.ts';
import type { RenderedClip } from './provide-clip.ts';
import { withScratchWatch } from './scratch-watch.ts';
import type { MediaServices } from './services.ts';

/** The sound of the whole film, encoded once from the scenes' sound and the tracks over them, checked in the scratch folder. */
export async function makeProgramme(services: MediaServices, assembly: Assembly): Promise<RenderedClip> {
  const { jobId, plan, folder, run } = assembly;
  const { programme, output } = plan;
  const sounds = soundsOf(jobId, programme.scenes);
  await fetchClips(services, assembly, sounds);
  const assets = await fetchSources(services, {
    plan,
    hashes: soundSources(programme.tracks),
    folder,
    run,
  });
  const paths = new Map(sounds.map(({ index, fileName }) => [index, folder.path(fileName)]));
  const path = folder.path('programme.m4a');
  const sceneSounds = programme.scenes.map(({ index, samples }) => ({
    path: paths.get(index) ?? null,
    samples,
  }));
  await withScratchWatch(folder, run.signal, (signal) =>
    services.memory.run(signal, (ffmpeg) =>
      mixProgramme(ffmpeg, {
        programme,
        output,
        assets,
        outputPath: path,
        signal,
        // A stream is read once: a second try has its own.
        sceneSounds: sceneBus(sceneSounds),
      }),
    ),
  );
  return { path, length: programme.totalSamples };
}
