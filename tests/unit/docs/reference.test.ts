// The pages under docs/reference are made from the schemas; `npm run docs` writes them anew.
import { describe, expect, it } from 'vitest';
import { errorCatalogue } from '../../../contract/errors.ts';
import {
  AudioLayer,
  AudioTrack,
  ColorLayer,
  ImageLayer,
  ShapeLayer,
  TextLayer,
  VideoLayer,
} from '../../../contract/layers.ts';
import { Movie, Scene } from '../../../contract/movie.ts';
import { Settings } from '../../../contract/settings.ts';
import { RenderOptions, RenderSubmission } from '../../../contract/submission.ts';
import { schemaPage } from '../../../tools/reference/schema-page.ts';
import { createFakeApi } from '../../support/fake-api.ts';

const page = (name: string): string => `../../../docs/reference/${name}.md`;
const made = 'Made from the schemas in `contract/` by `npm run docs`; do not edit.';

describe('the reference', () => {
  it('of the movie document is what the schema says', async () => {
    const introduction = `${made}\n\nTimes are seconds, lengths are pixels or shares of the canvas ("50%"), angles are degrees clockwise, colours are #RGB, #RRGGBB, #RRGGBBAA or CSS names. Later layers lie on top. Unknown properties are refused by name; those that begin with \`x-\` are yours and ignored.`;
    await expect(
      schemaPage('The movie document', introduction, [
        { title: 'Submission', schema: RenderSubmission },
        { title: 'renderOptions', schema: RenderOptions },
        { title: 'Movie', schema: Movie },
        { title: 'Scene', schema: Scene },
        { title: 'Video layer', schema: VideoLayer },
        { title: 'Image layer', schema: ImageLayer },
        { title: 'Audio layer', schema: AudioLayer },
        { title: 'Text layer', schema: TextLayer },
        { title: 'Color layer', schema: ColorLayer },
        { title: 'Shape layer', schema: ShapeLayer },
        { title: 'Audio track (movie.audio)', schema: AudioTrack },
      ]),
    ).toMatchFileSnapshot(page('movie'));
  });

  it('of the settings is what the schema says', async () => {
    const introduction = `${made}\n\nEnvironment variables of the API and the workers. An empty one counts as not set.`;
    await expect(
      schemaPage('Settings', introduction, [{ title: 'Variables', schema: Settings }]),
    ).toMatchFileSnapshot(page('settings'));
  });

  it('of the API lists every route', async () => {
    const { server } = await createFakeApi();
    await server.ready();
    const { paths } = server.swagger() as {
      paths: Record<string, Record<string, { summary?: string; description?: string }>>;
    };
    const rows = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, { summary = '', description = '' }]) =>
          `| \`${method.toUpperCase()} ${path}\` | ${[summary, description].filter((text) => text !== '').join('. ')} |`,
      ),
    );
    const introduction = `${made}\n\nA running server describes itself: \`/docs\` for people, \`/openapi.json\` for programs, with every field. Send the key as \`x-api-key\` or as \`Authorization: Bearer …\`.`;
    const table = ['| request | what it does |', '| --- | --- |', ...rows.sort()].join('\n');
    await expect(`# The HTTP API\n\n${introduction}\n\n${table}\n`).toMatchFileSnapshot(page('api'));
    await server.close();
  });

  it('of the errors is the catalogue', async () => {
    const rows = Object.entries(errorCatalogue).map(
      ([code, { status, retryable, meaning }]) =>
        `| ${code} | ${status} | ${retryable ? 'yes' : 'no'} | ${meaning} |`,
    );
    const table = [
      '| code | HTTP | can a retry help? | meaning |',
      '| --- | --- | --- | --- |',
      ...rows,
    ].join('\n');
    const introduction = `${made}\n\nAnswers are \`{error, code, details?}\`; a job that failed carries the same codes in \`error\` and \`errorDetail\`.`;
    await expect(`# Errors\n\n${introduction}\n\n${table}\n`).toMatchFileSnapshot(page('errors'));
  });
});
