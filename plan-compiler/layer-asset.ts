import type { AudioFacts, ResolvedAsset, VideoFacts } from '../contract/asset.ts';
import type { FilmContext } from './film-context.ts';

export type PictureSource = { readonly asset: ResolvedAsset; readonly video: VideoFacts };
export type SoundSource = { readonly asset: ResolvedAsset; readonly audio: AudioFacts };

/** The moving or still pictures a layer names; anything else is reported with the layer type that would fit. */
export function findPicture(
  type: 'video' | 'image',
  source: { readonly src: string; readonly path: string },
  film: FilmContext,
): PictureSource | null {
  const path = `${source.path}.src`;
  const asset = film.asset(source.src, path);
  if (asset === null) return null;
  const { kind, video } = asset.facts;
  if (kind === type && video !== null) return { asset, video };
  reportKind(type, asset, { path, film });
  return null;
}

/** The sound a layer or track names: a sound file, or a video that has sound. */
export function findSound(
  source: { readonly src: string; readonly path: string },
  film: FilmContext,
): SoundSource | null {
  const path = `${source.path}.src`;
  const asset = film.asset(source.src, path);
  if (asset === null) return null;
  const { kind, audio } = asset.facts;
  if (kind !== 'image' && audio !== null) return { asset, audio };
  reportKind('audio', asset, { path, film });
  return null;
}

function reportKind(
  wanted: 'video' | 'image' | 'audio',
  asset: ResolvedAsset,
  site: { readonly path: string; readonly film: FilmContext },
): void {
  const { kind } = asset.facts;
  const isSilent = wanted === 'audio' && kind === 'video';
  site.film.log.report({
    code: isSilent ? 'source-without-sound' : 'wrong-asset-kind',
    path: site.path,
    message: isSilent
      ? `"asset:${asset.assetId}" is a video without sound.`
      : `"asset:${asset.assetId}" is ${nouns[kind]}, not ${nouns[wanted]}.`,
    hint: isSilent
      ? 'Name a file that has sound, or leave this out.'
      : `Name ${nouns[wanted]}, or use the file as ${uses[kind]}.`,
  });
}

const nouns = { video: 'a video', image: 'an image', audio: 'a sound file' } as const;
const uses = {
  video: 'a "video" layer',
  image: 'an "image" layer',
  audio: 'an "audio" layer or in `movie.audio`',
} as const;
