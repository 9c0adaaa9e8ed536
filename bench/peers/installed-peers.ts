// The other programs that are installed here, each able to render the bench's films.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BenchSite } from '../bench-site.ts';
import type { Peer } from '../film-case.ts';
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
import { measureProgram } from '../process-meter.ts';
import { meltArguments, meltDocument } from './melt-film.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('moviepy_film.py', import.meta.url));

/** What is missing is said, with the command that installs it. */
export async function findPeers(site: BenchSite, python: string): Promise<readonly Peer[]> {
  const melt = (await answers('melt', ['--version'])) ? 'melt' : 'melt-7';
  const hasMelt = await answers(melt, ['--version']);
  const hasMoviePy = await answers(python, [
    '-c',
    'import moviepy, sys; sys.exit(moviepy.__version__ < "2")',
  ]);
  if (!hasMelt) console.log('melt is not installed: apt-get install melt');
  if (!hasMoviePy) {
    console.log(
      'MoviePy 2 is not installed: python3 -m venv VENV && VENV/bin/pip install moviepy, then MOVIEPY_PYTHON=VENV/bin/python',
    );
  }
  return [...(hasMelt ? [meltPeer(melt, site)] : []), ...(hasMoviePy ? [moviePyPeer(python, site)] : [])];
}

function meltPeer(melt: string, site: BenchSite): Peer {
  return {
    name: 'melt',
    render: async (film, outputPath) => {
      const document = join(site.folder, `melt-${film.name}.mlt`);
      await writeFile(document, meltDocument(film, absolute(site)));
      const environment = { FONTCONFIG_FILE: await provideFontSettings(site) };
      const args = meltArguments(document, outputPath, availableParallelism());
      return await measureProgram({ file: melt, args, environment });
    },
  };
}

function moviePyPeer(python: string, site: BenchSite): Peer {
  return {
    name: 'moviepy',
    render: async (film, outputPath) => {
      const description = join(site.folder, `moviepy-${film.name}.json`);
      await writeFile(description, JSON.stringify(describeFilm(film, site, outputPath), null, 2));
      // The same FFmpeg, and so the same encoder.
      const environment = { FFMPEG_BINARY: site.ffmpegPath, IMAGEIO_FFMPEG_EXE: site.ffmpegPath };
      return await measureProgram({ file: python, args: [script, description], environment });
    },
  };
}

function describeFilm(film: BenchFilm, site: BenchSite, outputPath: string): object {
  const indexes = Array.from({ length: film.scenes }, (_, index) => index);
  return {
    kind: film.kind,
    scenes: film.scenes,
    media: site.media,
    output: outputPath,
    font: site.fontFile,
    titleSize: titleStyle.fontSize,
    sceneSeconds,
    fadeSeconds,
    titles: indexes.map(titleText),
    fades: indexes.map((index) => film.kind === 'A' || (film.kind === 'B' && index % 4 < 2)),
    backgrounds: indexes.map(background),
    clipStarts: indexes.map((index) => (film.kind === 'A' ? clipStart(index) : index * 4)),
    inset: insetPlace,
    zoomTo: zoom.to,
  };
}

/** melt draws with the fonts that fontconfig knows; ours lie in a folder of their own. */
async function provideFontSettings({ folder, fontFile }: BenchSite): Promise<string> {
  const file = resolve(folder, 'fonts.conf');
  const cache = resolve(folder, 'font-cache');
  await writeFile(
    file,
    `<?xml version="1.0"?><fontconfig><dir>${dirname(fontFile)}</dir><cachedir>${cache}</cachedir></fontconfig>\n`,
  );
  return file;
}

/** melt reads paths as seen from its document. */
function absolute({ media }: BenchSite): BenchSite['media'] {
  return {
    clip: resolve(media.clip),
    inset: resolve(media.inset),
    photo: resolve(media.photo),
    gradient: resolve(media.gradient),
    music: resolve(media.music),
  };
}

async function answers(file: string, args: readonly string[]): Promise<boolean> {
  return await run(file, [...args])
    .then(() => true)
    .catch(() => false);
}
