// The three films of the benchmark as documents: what a person would otherwise write as one long FFmpeg graph (one-graph.ts).
import type { MovieInput } from '../contract/movie.ts';

/** Asset references of the bench's media in one project. */
type BenchAssets = {
  readonly clip: string;
  readonly inset: string;
  readonly photo: string;
  readonly gradient: string;
  readonly music: string;
};

export type BenchFilm = {
  readonly name: string;
  /** Whose kind of scenes it has. */
  readonly kind: 'A' | 'B' | 'C';
  readonly about: string;
  readonly scenes: number;
  /** The document; `title` replaces a scene's (the last where none is named), `musicVolume` the music's. */
  readonly movie: (assets: BenchAssets, changes?: Changes) => MovieInput;
};

type Changes = { readonly title?: string; readonly titleOf?: number; readonly musicVolume?: number };

export const sceneSeconds = 5;
export const titleStyle = { fontSize: 96, fontWeight: 700, color: '#FFFFFF', y: '80%' } as const;
export const fadeSeconds = 0.5;

type Scene = MovieInput['scenes'][number];
type Layer = Scene['layers'][number];

export const films: readonly BenchFilm[] = [
  {
    name: 'A',
    kind: 'A',
    about: '10 × 5 s: video with its sound, a title with fades, music over all',
    scenes: 10,
    movie: videoWithTitles(10),
  },
  {
    name: 'B',
    kind: 'B',
    about: '20 × 5 s: titles on plain or gradient backgrounds, half of them with fades',
    scenes: 20,
    movie: (assets, changes = {}) =>
      film(20, assets, {
        ...changes,
        layers: (index) => [
          ...(index % 2 === 0 ? [] : ([{ type: 'image', src: assets.gradient }] as const)),
          title(index, index % 4 < 2),
        ],
      }),
  },
  {
    name: 'C',
    kind: 'C',
    about: '12 × 5 s: video or slowly zoomed picture, a turned translucent video over it, text',
    scenes: 12,
    movie: (assets, changes = {}) =>
      film(12, assets, {
        ...changes,
        layers: (index) => [backdrop(index, assets), inset(index, assets), title(index, false)],
      }),
  },
];

/** Film A six times over, every title its own: where an edit costs what it touches, it must cost next to nothing. */
export const sixtyScenes: BenchFilm = {
  name: 'sixty',
  kind: 'A',
  about: '60 × 5 s: the scenes of film A, six times over, each with its own title',
  scenes: 60,
  movie: videoWithTitles(60),
};

/** Where a scene of film A begins in the clip, which lasts for ten of them. */
export function clipStart(index: number): number {
  return (index % 10) * sceneSeconds;
}

function videoWithTitles(count: number): BenchFilm['movie'] {
  return (assets, changes = {}) =>
    film(count, assets, {
      ...changes,
      layers: (index) => [
        { type: 'video', src: assets.clip, trimStart: clipStart(index), duration: 'fill', volume: 0.5 },
        title(index, true),
      ],
    });
}

/** The first scenes of a film, for trying things out. */
export function shortened(film: BenchFilm, scenes: number): BenchFilm {
  const count = Math.min(scenes, film.scenes);
  return {
    ...film,
    scenes: count,
    movie: (assets, changes = {}) => {
      const movie = film.movie(assets, { titleOf: count - 1, ...changes });
      return { ...movie, scenes: movie.scenes.slice(0, count) };
    },
  };
}

/** Scenes that cost FFmpeg next to nothing, so that what remains is ours; no two are equal, as no two of films of other numbers. */
export function tinyFilm(scenes: number, filmNumber = 0): MovieInput {
  return {
    width: 64,
    height: 36,
    fps: 30,
    scenes: Array.from({ length: scenes }, (_, index) => ({
      id: `scene_${index}`,
      duration: 0.2,
      backgroundColor: `#${((filmNumber * scenes + index) * 131 + 1).toString(16).padStart(6, '0')}`,
      layers: [],
    })),
  };
}

type FilmParts = Changes & { readonly layers: (index: number) => readonly Layer[] };

function film(count: number, assets: BenchAssets, parts: FilmParts): MovieInput {
  const scenes = Array.from({ length: count }, (_, index): Scene => {
    const layers = parts
      .layers(index)
      .map((layer) => retitle(layer, index === (parts.titleOf ?? count - 1) ? parts.title : undefined));
    return { id: `scene_${index}`, duration: sceneSeconds, backgroundColor: background(index), layers };
  });
  const music = { src: assets.music, duration: 'fill' as const, volume: parts.musicVolume ?? 0.4 };
  return { width: 1920, height: 1080, fps: 30, scenes, audio: [music] };
}

export function background(index: number): string {
  return ['#14213d', '#3d1432', '#143d2b', '#3d3214'][index % 4] ?? '#000000';
}

export function titleText(index: number): string {
  return `Scene number ${index + 1}`;
}

function title(index: number, hasFades: boolean): Layer {
  const fade = { type: 'fade' as const, duration: fadeSeconds };
  return {
    type: 'text',
    text: titleText(index),
    ...titleStyle,
    ...(hasFades ? { in: fade, out: fade } : {}),
  };
}

function retitle(layer: Layer, text: string | undefined): Layer {
  return layer.type === 'text' && text !== undefined ? { ...layer, text } : layer;
}

export const zoom = { from: 1, to: 0.8 } as const;

function backdrop(index: number, assets: BenchAssets): Layer {
  if (index % 2 === 0) {
    return { type: 'video', src: assets.clip, trimStart: index * 4, duration: 'fill', muted: true };
  }
  const middle = (size: number) => ({ x: (1 - size) / 2, y: (1 - size) / 2, width: size, height: size });
  const motion = {
    type: 'ken-burns' as const,
    from: middle(zoom.from),
    to: middle(zoom.to),
    easing: 'linear' as const,
  };
  return { type: 'image', src: assets.photo, motion };
}

export const insetPlace = { width: 640, height: 360, x: 1501, y: 300, rotation: 8, opacity: 0.8 } as const;
/** What the turned inset is drawn on. Its corner lies on even pixels, where FFmpeg's overlay would move it to anyway. */
export const insetCanvas = { width: 686, height: 448 } as const;

function inset(index: number, assets: BenchAssets): Layer {
  return {
    type: 'video',
    src: assets.inset,
    trimStart: index % 4,
    duration: 'fill',
    muted: true,
    ...insetPlace,
  };
}
