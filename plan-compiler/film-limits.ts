import type { Movie } from '../contract/movie.ts';
import type { EngineLimits } from './compile-types.ts';
import { framesPerSecond, parseFrameRate } from './frame-time.ts';
import type { IssueLog } from './issue-log.ts';
import { secondsText } from './layer-timing.ts';

/** What can be told from the document alone: canvas, frame rate and scene ids. */
export function checkFilm(movie: Movie, limits: EngineLimits, log: IssueLog): void {
  checkSide('width', movie.width, { range: limits.canvasWidth, log });
  checkSide('height', movie.height, { range: limits.canvasHeight, log });
  checkFrameRate(movie.fps, limits.fpsMax, log);
  checkSceneIds(movie, log);
}

/** The whole film's length; called once all scenes have one. */
export function checkFilmLength(seconds: number, limits: EngineLimits, log: IssueLog): void {
  if (seconds <= limits.filmSecondsMax) return;
  log.report({
    code: 'film-too-long',
    path: 'movie.scenes',
    message: `The film lasts ${secondsText(seconds)} s; this engine renders at most ${limits.filmSecondsMax} s.`,
    hint: 'Shorten scenes, or render the film as several.',
  });
}

function checkSide(
  side: 'width' | 'height',
  pixels: number,
  { range, log }: { readonly range: EngineLimits['canvasWidth']; readonly log: IssueLog },
): void {
  if (pixels >= range.min && pixels <= range.max) return;
  log.report({
    code: 'canvas-out-of-range',
    path: `movie.${side}`,
    message: `The ${side} is ${pixels} pixels; this engine renders ${range.min} to ${range.max}.`,
    hint: null,
  });
}

function checkFrameRate(fps: Movie['fps'], fpsMax: number, log: IssueLog): void {
  const rate = framesPerSecond(parseFrameRate(fps));
  if (rate >= 1 && rate <= fpsMax) return;
  log.report({
    code: 'fps-out-of-range',
    path: 'movie.fps',
    message: `${fps} frames per second; this engine renders 1 to ${fpsMax}.`,
    hint: null,
  });
}

function checkSceneIds(movie: Movie, log: IssueLog): void {
  const first = new Map<string, number>();
  movie.scenes.forEach(({ id }, index) => {
    const earlier = first.get(id);
    if (earlier === undefined) {
      first.set(id, index);
      return;
    }
    log.report({
      code: 'scene-id-twice',
      path: `movie.scenes[${index}].id`,
      message: `"${id}" is the id of movie.scenes[${earlier}] as well.`,
      hint: 'Give every scene an id of its own.',
    });
  });
}
