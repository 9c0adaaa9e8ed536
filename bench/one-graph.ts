// The same films as one FFmpeg command each, as a person would write them by hand: all inputs, one graph, one encode.
import {
  type BenchFilm,
  background,
  clipStart,
  fadeSeconds,
  insetCanvas,
  insetPlace,
  sceneSeconds,
  titleStyle,
  titleText,
  zoom,
} from './films.ts';
import type { BenchMedia } from './media.ts';

const frames = sceneSeconds * 30;
const encode = (crf: number): readonly string[] => [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(crf), '-pix_fmt', 'yuv420p', '-r', '30'],
  ...['-c:a', 'aac', '-b:a', '192k', '-movflags', '+faststart'],
];
const encodeNearLossless = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-qp',
  '4',
  '-pix_fmt',
  'yuv420p',
  '-an',
];
/** Of a film to compare with, only every fifth frame is kept: five times less to store and to decode. */
export const keepEveryFifthFrame = "select='not(mod(n,5))',settb=1/30,setpts=N";

type Graph = { readonly inputs: string[][]; readonly lines: string[]; readonly fontFile: string };

export type GraphOptions = {
  /** The face that our titles are drawn with. */
  readonly fontFile: string;
  readonly outputPath: string;
  /** As in our films where not given. */
  readonly crf?: number;
};

/** Arguments of FFmpeg for the film as a person would make it. */
export function oneGraphArguments(
  film: BenchFilm,
  media: BenchMedia,
  options: GraphOptions,
): readonly string[] {
  const graph: Graph = { inputs: [], lines: [], fontFile: options.fontFile };
  const pictures = Array.from({ length: film.scenes }, (_, index) => scene(film, index, { graph, media }));
  graph.lines.push(`${pictures.join('')}concat=n=${film.scenes}:v=1:a=0,format=yuv420p[video]`);
  sound(film, graph, media);
  return [
    ...['-v', 'error', '-y'],
    ...graph.inputs.flat(),
    ...['-filter_complex', graph.lines.join(';'), '-map', '[video]', '-map', '[sound]'],
    ...encode(options.crf ?? 23),
    options.outputPath,
  ];
}

/** Arguments of FFmpeg for the same picture with next to no loss, to measure both films against. */
export function nearLosslessArguments(
  film: BenchFilm,
  media: BenchMedia,
  options: Omit<GraphOptions, 'crf'>,
): readonly string[] {
  const graph: Graph = { inputs: [], lines: [], fontFile: options.fontFile };
  const pictures = Array.from({ length: film.scenes }, (_, index) => scene(film, index, { graph, media }));
  graph.lines.push(
    `${pictures.join('')}concat=n=${film.scenes}:v=1:a=0,format=yuv420p,${keepEveryFifthFrame}[video]`,
  );
  return [
    ...['-v', 'error', '-y'],
    ...graph.inputs.flat(),
    ...['-filter_complex', graph.lines.join(';'), '-map', '[video]'],
    ...encodeNearLossless,
    options.outputPath,
  ];
}

type Site = { readonly graph: Graph; readonly media: BenchMedia };

function scene(film: BenchFilm, index: number, { graph, media }: Site): string {
  const label = `[v${index}]`;
  const text = drawTitle(index, graph.fontFile, film.kind === 'A' || (film.kind === 'B' && index % 4 < 2));
  const end = 'setsar=1,setpts=PTS-STARTPTS';
  if (film.kind === 'C') {
    const over = `[${input(graph, ['-ss', String(index % 4), '-t', String(sceneSeconds), '-i', media.inset])}:v]`;
    // Turned without leaving YUV: on the way back from RGB, FFmpeg would take the colours for those of BT.601.
    const turn = `${(insetPlace.rotation * Math.PI) / 180}`;
    graph.lines.push(
      `${over}scale=${insetPlace.width}:${insetPlace.height},format=yuva420p,rotate=${turn}:c=black@0:ow=${insetCanvas.width}:oh=${insetCanvas.height},lutyuv=a=val*${insetPlace.opacity},setpts=PTS-STARTPTS[o${index}]`,
    );
    graph.lines.push(`${backdrop(index, { graph, media })}[b${index}]`);
    graph.lines.push(
      `[b${index}][o${index}]overlay=x=${insetPlace.x}-w/2:y=${insetPlace.y}-h/2,${text},${end}${label}`,
    );
    return label;
  }
  graph.lines.push(`${backdrop(index, { graph, media }, film.kind)},${text},${end}${label}`);
  return label;
}

function backdrop(index: number, { graph, media }: Site, kind: BenchFilm['kind'] = 'C'): string {
  if (kind === 'B') return stillBackdrop(index, { graph, media });
  if (kind === 'A' || index % 2 === 0) {
    const start = kind === 'A' ? clipStart(index) : index * 4;
    return `[${input(graph, ['-ss', String(start), '-t', String(sceneSeconds), '-i', media.clip])}:v]setpts=PTS-STARTPTS`;
  }
  const from = input(graph, ['-i', media.photo]);
  const step = `${zoom.from}/(1-(1-${zoom.to})*on/${frames - 1})`;
  return `[${from}:v]zoompan=z='${step}':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2':d=${frames}:s=1920x1080:fps=30,scale=out_color_matrix=bt709,format=yuv420p`;
}

function stillBackdrop(index: number, { graph, media }: Site): string {
  const length = ['-t', String(sceneSeconds)];
  if (index % 2 === 1) {
    const still = input(graph, ['-loop', '1', '-framerate', '30', ...length, '-i', media.gradient]);
    return `[${still}:v]scale=out_color_matrix=bt709:out_range=tv,format=yuv420p`;
  }
  return `color=c=${background(index).replace('#', '0x')}:s=1920x1080:r=30:d=${sceneSeconds},format=gbrp,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p`;
}

function drawTitle(index: number, fontFile: string, hasFades: boolean): string {
  const out = sceneSeconds - fadeSeconds;
  const alpha = hasFades
    ? `:alpha='if(lt(t,${fadeSeconds}),t/${fadeSeconds},if(gt(t,${out}),(${sceneSeconds}-t)/${fadeSeconds},1))'`
    : '';
  return `drawtext=fontfile=${fontFile}:text='${titleText(index)}':fontsize=${titleStyle.fontSize}:fontcolor=white:x=(w-text_w)/2:y=h*0.8-text_h/2${alpha}`;
}

function sound(film: BenchFilm, graph: Graph, media: BenchMedia): void {
  const seconds = film.scenes * sceneSeconds;
  const music = `[${input(graph, ['-t', String(seconds), '-i', media.music])}:a]volume=0.4`;
  if (film.kind !== 'A') {
    graph.lines.push(`${music}[sound]`);
    return;
  }
  const clips = Array.from({ length: film.scenes }, (_, index) => {
    graph.lines.push(
      `[${index}:a]volume=0.5,aresample=48000,aformat=channel_layouts=stereo,asetpts=PTS-STARTPTS[a${index}]`,
    );
    return `[a${index}]`;
  });
  graph.lines.push(`${clips.join('')}concat=n=${film.scenes}:v=0:a=1[clips]`);
  graph.lines.push(`${music}[music]`, '[clips][music]amix=inputs=2:normalize=0:duration=first[sound]');
}

function input(graph: Graph, args: readonly string[]): number {
  return graph.inputs.push([...args]) - 1;
}
