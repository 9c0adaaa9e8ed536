// The bench's films as MLT documents, as a person would write them for `melt`.
import {
  type BenchFilm,
  background,
  clipStart,
  fadeSeconds,
  insetPlace,
  sceneSeconds,
  titleStyle,
  titleText,
  zoom,
} from '../films.ts';
import type { BenchMedia } from '../media.ts';

const rate = 30;
const frames = sceneSeconds * rate;
const fade = fadeSeconds * rate;
const last = frames - 1;

type Properties = Readonly<Record<string, string | number>>;

/** Tracks: the picture below, in film C a turned inset, the titles, the music. */
export function meltDocument(film: BenchFilm, media: BenchMedia): string {
  const total = film.scenes * frames - 1;
  const scenes = Array.from({ length: film.scenes }, (_, index) => index);
  const hasInset = film.kind === 'C';
  const hasFade = (index: number): boolean => film.kind === 'A' || (film.kind === 'B' && index % 4 < 2);
  const tracks = [
    { id: 'picture', hide: film.kind === 'A' ? '' : 'audio' },
    ...(hasInset ? [{ id: 'inset', hide: 'audio' }] : []),
    { id: 'titles', hide: 'audio' },
    { id: 'sound', hide: 'video' },
  ];
  const trackOf = (id: string): number => tracks.findIndex((track) => track.id === id);
  const whole = { a_track: 0, in: 0, out: total };
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<mlt>',
    '<profile width="1920" height="1080" progressive="1" sample_aspect_num="1" sample_aspect_den="1" display_aspect_num="16" display_aspect_den="9" frame_rate_num="30" frame_rate_den="1" colorspace="709"/>',
    producer('clip', { mlt_service: 'avformat', resource: media.clip }, [
      element('filter', { mlt_service: 'volume', gain: 0.5 }),
    ]),
    producer('over', { mlt_service: 'avformat', resource: media.inset }),
    producer('music', { mlt_service: 'avformat', resource: media.music }, [
      element('filter', { mlt_service: 'volume', gain: 0.4 }),
    ]),
    ...scenes.map((index) => still(film, index, media)),
    ...scenes.map((index) => title(index, hasFade(index))),
    playlist(
      'picture',
      scenes.map((index) => backdropEntry(film, index)),
    ),
    ...(hasInset
      ? [
          playlist(
            'inset',
            scenes.map((index) => entry('over', (index % 4) * rate)),
          ),
        ]
      : []),
    playlist(
      'titles',
      scenes.map((index) => entry(`title${index}`, 0)),
    ),
    playlist('sound', [`<entry producer="music" in="0" out="${total}"/>`]),
    `<tractor id="film" in="0" out="${total}"><multitrack>`,
    ...tracks.map(({ id, hide }) => `<track producer="${id}"${hide === '' ? '' : ` hide="${hide}"`}/>`),
    '</multitrack>',
    ...(hasInset ? [element('transition', { ...whole, b_track: trackOf('inset'), ...turned() })] : []),
    element('transition', {
      ...whole,
      b_track: trackOf('titles'),
      mlt_service: 'composite',
      // A band whose middle lies at 80 % of the height.
      geometry: '0%/70%:100%x20%',
      halign: 'centre',
      valign: 'middle',
    }),
    element('transition', {
      ...whole,
      b_track: trackOf('sound'),
      mlt_service: 'mix',
      sum: 1,
      always_active: 1,
    }),
    '</tractor>',
    '</mlt>',
    '',
  ].join('\n');
}

/** Arguments of melt. `cores`: frames are composed on so many threads. */
export function meltArguments(documentPath: string, outputPath: string, cores: number): readonly string[] {
  return [
    documentPath,
    '-silent',
    '-consumer',
    `avformat:${outputPath}`,
    ...['vcodec=libx264', 'preset=veryfast', 'crf=23', 'pix_fmt=yuv420p', 'threads=0'],
    ...['acodec=aac', 'ab=192k', 'ar=48000', 'channels=2', 'movflags=+faststart'],
    `real_time=-${cores}`,
  ];
}

/** The plain, gradient or slowly zoomed picture of a scene that has no video below. */
function still(film: BenchFilm, index: number, media: BenchMedia): string {
  if (film.kind === 'B' && index % 2 === 0) {
    return producer(`still${index}`, { mlt_service: 'color', resource: background(index), length: frames });
  }
  if (film.kind === 'B') {
    return producer(`still${index}`, { mlt_service: 'pixbuf', resource: media.gradient, length: frames });
  }
  if (film.kind === 'C' && index % 2 === 1) {
    const [width, height] = [1920 / zoom.to, 1080 / zoom.to];
    const end = `${(1920 - width) / 2} ${(1080 - height) / 2} ${width} ${height} 1`;
    const rect = `0=0 0 1920 1080 1;${last}=${end}`;
    return producer(`still${index}`, { mlt_service: 'pixbuf', resource: media.photo, length: frames }, [
      element('filter', { mlt_service: 'affine', 'transition.rect': rect, 'transition.distort': 1 }),
    ]);
  }
  return '';
}

function backdropEntry(film: BenchFilm, index: number): string {
  if (film.kind === 'A') return entry('clip', clipStart(index) * rate);
  if (film.kind === 'C' && index % 2 === 0) return entry('clip', index * 4 * rate);
  return entry(`still${index}`, 0);
}

function title(index: number, hasFade: boolean): string {
  const level = `0=0;${fade}=1;${frames - fade}=1;${last}=0`;
  const fades = hasFade ? [element('filter', { mlt_service: 'brightness', alpha: level, level: 1 })] : [];
  const look = { family: 'Noto Sans', weight: titleStyle.fontWeight, size: titleStyle.fontSize };
  const colours = { fgcolour: '0xffffffff', bgcolour: '0x00000000', align: 'centre', pad: 0 };
  const text = { mlt_service: 'pango', text: titleText(index), length: frames };
  return producer(`title${index}`, { ...text, ...look, ...colours }, fades);
}

function turned(): Properties {
  const { width, height, x, y, rotation, opacity } = insetPlace;
  const rect = `0=${x - width / 2} ${y - height / 2} ${width} ${height} ${opacity}`;
  return { mlt_service: 'affine', rect, fix_rotate_x: rotation, distort: 1 };
}

function producer(id: string, properties: Properties, filters: readonly string[] = []): string {
  return `<producer id="${id}">${printProperties(properties)}${filters.join('')}</producer>`;
}

function playlist(id: string, entries: readonly string[]): string {
  return `<playlist id="${id}">${entries.join('')}</playlist>`;
}

function entry(id: string, from: number): string {
  return `<entry producer="${id}" in="${from}" out="${from + last}"/>`;
}

function element(name: string, properties: Properties): string {
  return `<${name}>${printProperties(properties)}</${name}>`;
}

function printProperties(properties: Properties): string {
  return Object.entries(properties)
    .map(([name, value]) => `<property name="${name}">${value}</property>`)
    .join('');
}
