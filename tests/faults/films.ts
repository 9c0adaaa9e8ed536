import type { MovieInput } from '../../contract/movie.ts';

export type TinyFilm = MovieInput & { scenes: NonNullable<MovieInput['scenes']> };

let films = 0;

/** Tiny scenes, each with its own number of frames, in a film that no other case has made before. */
export function tinyFilm(...frames: readonly number[]): TinyFilm {
  films += 1;
  const salt = `${process.pid}-${films}`;
  return {
    width: 64,
    height: 36,
    fps: 30,
    scenes: frames.map((count, index) => ({
      id: `s${index}`,
      duration: count / 30,
      layers: [
        { type: 'color', color: '#203040' },
        { type: 'text', text: `${salt} ${index}`, fontSize: 9, in: { type: 'fade', duration: 0.2 } },
      ],
    })),
  };
}

/** What the arguments of the run of FFmpeg hold that encodes a scene of so many frames. */
export const encodes = (frames: number): string => `-frames:v ${frames}`;

/** What tells a film from all others: a text that only it has. */
export function saltOf({ scenes }: TinyFilm): string {
  const layer = scenes[0]?.layers.find(({ type }) => type === 'text');
  return layer?.type === 'text' ? layer.text : 'no text';
}
