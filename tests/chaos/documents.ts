// The films of a round: new ones, ones that share scenes, edited ones, ones asked for again, and ones that cannot be made.
import { createHash } from 'node:crypto';
import type { MovieInput } from '../../contract/movie.ts';
import type { Random } from './random.ts';

export type ChaosDocument = {
  readonly movie: MovieInput;
  /** One of its scenes makes every encoder end with code 1. */
  readonly isPoison: boolean;
  /** Equal documents have equal ones. */
  readonly hash: string;
};

/** What no other scene is long: the encoder that misbehaves knows it by that. */
export const poisonFrames = 47;

const fps = 30;
const sharedScenes = 6;
/** A scene is not shorter than the fade of its text. */
const framesMin = 6;

type Scene = MovieInput['scenes'][number];

/** Draws documents; those that it drew before are its stock for edits and repetitions. */
export function documentSource(random: Random, toneUrl: string): () => ChaosDocument {
  const stock: MovieInput[] = [];
  let drawn = 0;
  const salt = (): string => `${(drawn += 1)}-${random.between(0, 999_999)}`;
  const scene = (text: string, frames: number): Scene => ({
    id: `s${text.replaceAll(' ', '-')}`,
    duration: frames / fps,
    layers: [
      { type: 'color', color: '#203040' },
      { type: 'text', text, fontSize: 9, in: { type: 'fade', duration: 0.2 } },
    ],
  });
  const fresh = (): Scene => scene(salt(), random.between(framesMin, 40));
  const shared = (): Scene => {
    const number = random.between(1, sharedScenes);
    return scene(`shared ${number}`, 10 + number);
  };
  const film = (): MovieInput => {
    const scenes = Array.from({ length: random.between(1, 4) }, fresh);
    if (random.chance(0.4)) scenes.push(shared());
    const audio = random.chance(0.4) ? [{ src: toneUrl, volume: random.pick([0.2, 0.5, 0.8]) }] : [];
    return { width: 64, height: 36, fps, scenes: differentIds(scenes), audio };
  };
  const edited = (movie: MovieInput): MovieInput => {
    const scenes = [...movie.scenes];
    scenes[random.between(0, scenes.length - 1)] = fresh();
    return { ...movie, scenes: differentIds(scenes) };
  };
  const poisoned = (): MovieInput => ({ ...film(), scenes: [fresh(), scene(salt(), poisonFrames)] });
  return () => {
    const dice = random.between(1, 100);
    if (dice <= 5) return asDocument(poisoned(), true);
    const [first, ...rest] = stock;
    if (first === undefined || dice <= 60) {
      const movie = film();
      stock.push(movie);
      return asDocument(movie, false);
    }
    const known = random.pick([first, ...rest]);
    return asDocument(dice <= 80 ? edited(known) : known, false);
  };
}

function asDocument(movie: MovieInput, isPoison: boolean): ChaosDocument {
  return { movie, isPoison, hash: createHash('sha256').update(JSON.stringify(movie)).digest('hex') };
}

/** Two scenes of a film may not have one id. */
function differentIds(scenes: readonly Scene[]): Scene[] {
  const seen = new Set<string>();
  return scenes.filter(({ id }) => {
    const isNew = !seen.has(id);
    seen.add(id);
    return isNew;
  });
}
