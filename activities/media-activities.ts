import type { MediaActivities } from '../workflows/activity-types.ts';
import { runActivity } from './activity-run.ts';
import { assembleFilm } from './assemble-film.ts';
import { mixProgramme } from './mix-programme.ts';
import { probeUpload } from './probe-upload.ts';
import { renderScene, renderScenes } from './render-scene.ts';
import { renderSounds } from './render-sounds.ts';
import type { MediaServices } from './services.ts';

/** FFmpeg work. */
export function createMediaActivities(services: MediaServices): MediaActivities {
  return {
    renderScene: (input) => runActivity((run) => renderScene(services, input, run)),
    renderScenes: (input) => runActivity((run) => renderScenes(services, input, run)),
    renderSounds: (input) => runActivity((run) => renderSounds(services, input, run)),
    mixProgramme: (input) => runActivity((run) => mixProgramme(services, input, run)),
    assembleFilm: (input) => runActivity((run) => assembleFilm(services, input, run)),
    probeAsset: (input) => runActivity((run) => probeUpload(services, input, run)),
  };
}
