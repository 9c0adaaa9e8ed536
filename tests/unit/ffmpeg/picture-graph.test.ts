// Graphs as they are printed, kept as files: a change of what FFmpeg is asked for shows in a review.
import { describe, expect, it } from 'vitest';
import { buildPictureGraph } from '../../../ffmpeg/picture-graph.ts';
import { printGraph } from '../../../ffmpeg/print-graph.ts';
import type { PictureLayer } from '../../../plan-compiler/render-plan.ts';
import type { LayerInput } from '../../support/layer-input.ts';
import { compileInput, imageAsset, planOf, videoAsset } from '../../support/plan-inputs.ts';

type Scene = {
  readonly layers: readonly LayerInput[];
  readonly duration?: number;
  readonly partSecondsMax?: number;
};

/** The printed graph of a scene's last part. */
function printed({ layers, duration = 2, partSecondsMax = 20 }: Scene): string {
  const movie = { scenes: [{ id: 'one', duration, layers: [...layers] }] };
  const { limits } = compileInput(movie);
  const assets = [videoAsset('clip'), imageAsset('photo')];
  const plan = planOf(movie, { assets, limits: { ...limits, partSecondsMax } });
  const part = plan.scenes.at(-1);
  if (part === undefined) throw new Error('The plan has no scene.');
  const still = (_: PictureLayer, index: number) => ({
    path: `/still-${index}`,
    width: 41,
    height: 20,
    x: 3,
    y: 4,
  });
  const graph = buildPictureGraph({
    picture: part.picture,
    output: plan.output,
    assets: new Map(
      Object.entries(plan.assets).map(([hash, asset]) => [hash, { path: `/${asset.kind}`, asset }]),
    ),
    stills: part.picture.layers.filter((layer) => layer.kind === 'drawn').map(still),
  });
  const inputs = graph.inputs.map(({ options, path }) =>
    `${options.filter((_, at) => at >= (path.startsWith('/still') ? 0 : 10)).join(' ')} ${path}`.trim(),
  );
  return `${inputs.join('\n')}\n\n${printGraph([graph.stream]).text}\n`;
}

const golden = (name: string): string => `../../golden/graphs/${name}.txt`;

describe('the graph of a scene', () => {
  it('with nothing but a background', async () => {
    await expect(printed({ layers: [] })).toMatchFileSnapshot(golden('background'));
  });

  it('with a video that fills the canvas has no canvas of its own', async () => {
    const text = printed({ layers: [{ type: 'video', src: 'asset:clip', duration: 'fill' }] });
    expect(text).not.toContain('overlay');
    await expect(text).toMatchFileSnapshot(golden('video-fills'));
  });

  it('with a faded, turned, translucent video and a title over a part of the scene', async () => {
    const layers: readonly LayerInput[] = [
      {
        type: 'video',
        src: 'asset:clip',
        width: '50%',
        height: '50%',
        rotation: 12,
        opacity: 0.8,
        in: { type: 'fade', duration: 0.5 },
      },
      { type: 'text', text: 'title', start: 0.5, duration: 1, out: { type: 'fade', duration: 0.5 } },
    ];
    await expect(printed({ layers })).toMatchFileSnapshot(golden('picture-in-picture'));
  });

  it('in its last part goes on where the part before stopped', async () => {
    const layers: readonly LayerInput[] = [
      { type: 'video', src: 'asset:clip', loop: true, duration: 'fill', trimStart: 0.5 },
      {
        type: 'image',
        src: 'asset:photo',
        motion: {
          type: 'ken-burns',
          from: { x: 0, y: 0, width: 1, height: 1 },
          to: { x: 0.2, y: 0.2, width: 0.6, height: 0.6 },
        },
      },
    ];
    await expect(printed({ layers, duration: 6, partSecondsMax: 2 })).toMatchFileSnapshot(
      golden('last-part'),
    );
  });

  it('never contains the text that is shown', () => {
    const nasty = "'; movie=/etc/passwd [x] %{e:1}";
    expect(printed({ layers: [{ type: 'text', text: nasty }] })).not.toContain('passwd');
  });
});
