// What an FFmpeg must be able to do for us, and how that is read from what the program prints about itself.

export type FfmpegFeatures = {
  readonly encoders: readonly string[];
  readonly decoders: readonly string[];
  readonly filters: readonly string[];
  readonly muxers: readonly string[];
  readonly demuxers: readonly string[];
  readonly protocols: readonly string[];
};

/** Of both programs. ffprobe 4.0, which one package ships, does not report the fields that uploads are judged by. */
export const versionMin = [5, 1] as const;

export const requiredFeatures: FfmpegFeatures = {
  encoders: words('libx264 aac alac mjpeg png pcm_s16le pcm_f32le rawvideo'),
  decoders: words(
    `h264 hevc vp8 vp9 libvpx libvpx-vp9 mpeg4 mpeg2video prores mjpeg png webp gif rawvideo
     aac mp3float flac alac opus vorbis ac3 pcm_s16le pcm_s24le pcm_f32le`,
  ),
  filters: words(
    `overlay scale crop pad fillborders alphaextract alphamerge premultiply unpremultiply rotate perspective convolution tile hflip vflip fade fps tpad trim setpts settb setsar
     loop split concat format color colorchannelmixer lutyuv tonemap zscale bwdif null
     amix afade adelay atrim apad aloop asplit asetpts aresample aformat volume anullsrc pan`,
  ),
  muxers: words('mp4 mov wav h264 f32le rawvideo image2 null'),
  demuxers: words(
    `mov matroska mp3 wav flac ogg aac png_pipe jpeg_pipe webp_pipe gif
     concat lavfi image2 rawvideo f32le h264`,
  ),
  protocols: words('file pipe'),
};

/** Each kind with the option that makes FFmpeg list it. */
export const featureOptions: Readonly<Record<keyof FfmpegFeatures, string>> = {
  encoders: '-encoders',
  decoders: '-decoders',
  filters: '-filters',
  muxers: '-muxers',
  demuxers: '-demuxers',
  protocols: '-protocols',
};

/** The names in one listing. The columns of flags before them differ between FFmpeg 5 and 9, so none is counted. */
export function parseFeatures(kind: keyof FfmpegFeatures, listing: string): ReadonlySet<string> {
  const lines = listing.split('\n');
  if (kind === 'protocols')
    return new Set(lines.filter((line) => /^ {2}\S+$/.test(line)).map((line) => line.trim()));
  if (kind === 'filters') return new Set(lines.flatMap((line) => filterLine.exec(line)?.[1] ?? []));
  return new Set(lines.slice(legendEnd(lines)).flatMap((line) => namesAfterFlags(line, flagsWidth(lines))));
}

/** What a program lacks, as "filter zscale"; empty where it is fit. */
export function missingFeatures(
  found: Readonly<Record<keyof FfmpegFeatures, ReadonlySet<string>>>,
  required: FfmpegFeatures = requiredFeatures,
): readonly string[] {
  const kinds = Object.keys(featureOptions) as (keyof FfmpegFeatures)[]; // The keys of our own constant.
  return kinds.flatMap((kind) =>
    required[kind].filter((name) => !found[kind].has(name)).map((name) => `${kind.slice(0, -1)} ${name}`),
  );
}

/** From the first line of `-version`; null where there is no number, as in a build from the development branch. */
export function parseVersion(output: string): readonly [major: number, minor: number] | null {
  const match = /^ff(?:mpeg|probe) version n?(\d+)\.(\d+)/.exec(output);
  return match === null ? null : [Number(match[1]), Number(match[2])];
}

/** A build without a number ("N-109468-g…") is newer than any release it grew from, so only its features count. */
export function isFitVersion(output: string): boolean {
  const version = parseVersion(output);
  if (version === null) return /^ff(?:mpeg|probe) version N-\d+/.test(output);
  const [major, minor] = version;
  return major > versionMin[0] || (major === versionMin[0] && minor >= versionMin[1]);
}

const filterLine = /^ [TSC. ]{2,3} (\S+) +[AVN|]+->[AVN|]+ /;
const legendLine = /^ *(-{2,})\s*$/;

function legendEnd(lines: readonly string[]): number {
  return lines.findIndex((line) => legendLine.test(line)) + 1;
}

function flagsWidth(lines: readonly string[]): number {
  return legendLine.exec(lines[legendEnd(lines) - 1] ?? '')?.[1]?.length ?? 0;
}

/** One demuxer may have several names: "mov,mp4,m4a,3gp,3g2,mj2". */
function namesAfterFlags(line: string, width: number): readonly string[] {
  const name = /^ (\S+)/.exec(line.slice(1 + width))?.[1];
  return name === undefined ? [] : name.split(',');
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
