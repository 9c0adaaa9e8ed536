// A scene from the document to the pixels of its first frame, with real files and real drawings, without a server.
import { randomUUID } from 'node:crypto';
import type { ResolvedAsset } from '../../contract/asset.ts';
import type { MovieInput } from '../../contract/movie.ts';
import { createDrawer, loadFontCatalogue } from '../../drawing/index.ts';
import { probeAsset } from '../../ffmpeg/probe-asset.ts';
import { renderPicture } from '../../ffmpeg/render-picture.ts';
import type { PlacedStill, ScenePlan } from '../../plan-compiler/render-plan.ts';
import { decodeMedia, type TestFolder, testTools } from './ffmpeg-tools.ts';
import { hashOf, planOf } from './plan-inputs.ts';
import { testSkipFrames } from './skip-frames.ts';

export type Rgb = readonly [number, number, number];
export type Frame = { readonly width: number; readonly height: number; at(x: number, y: number): Rgb };

export type FrameRenderer = {
  /** `asset:<name>` in the movie is the file of that name in the folder. Encoded at the given quality, or the product's own. */
  firstFrame(movie: MovieInput, options?: { readonly crf?: number }): Promise<Frame>;
  close(): Promise<void>;
};

export async function createFrameRenderer(
  folder: TestFolder,
  files: readonly string[],
): Promise<FrameRenderer> {
  const fonts = await loadFontCatalogue();
  const drawer = createDrawer(fonts);
  const skipFrames = testSkipFrames();
  const assets: readonly ResolvedAsset[] = await Promise.all(
    files.map(async (name) => ({
      assetId: name,
      sha256: hashOf(name),
      bytes: 1,
      objectKey: `assets/u/${name}`,
      facts: await probeAsset(testTools, { path: folder.path(name) }),
    })),
  );

  async function drawStills({ picture }: ScenePlan): Promise<readonly PlacedStill[]> {
    const drawings = picture.layers.flatMap((layer) => (layer.kind === 'drawn' ? [layer.drawing] : []));
    return await Promise.all(
      drawings.map((drawing) => drawer.draw(drawing, folder.path(`${randomUUID()}.rgba`))),
    );
  }

  return {
    async firstFrame(movie, { crf = 23 } = {}) {
      const encoding = { crf, threads: 2, repeatsStills: true, audioBitsPerSecond: 192_000 };
      const plan = planOf(movie, { assets, encoding, fonts });
      const [scene] = plan.scenes;
      if (scene === undefined) throw new Error('The movie has no scene.');
      const outputPath = folder.path(`${randomUUID()}.mp4`);
      await renderPicture(testTools, {
        picture: scene.picture,
        output: plan.output,
        outputPath,
        skipFrames,
        what: 'the scene',
        assets: new Map(
          assets.flatMap(({ assetId, sha256 }) => {
            const asset = plan.assets[sha256];
            return asset === undefined ? [] : [[sha256, { path: folder.path(assetId), asset }] as const];
          }),
        ),
        stills: await drawStills(scene),
      });
      return await readFirstFrame(outputPath, plan.output);
    },
    close: () => drawer.close(),
  };
}

async function readFirstFrame(
  path: string,
  { width, height }: { width: number; height: number },
): Promise<Frame> {
  const rgb = 'scale=in_color_matrix=bt709:in_range=tv:flags=accurate_rnd+full_chroma_int,format=rgb24';
  const bytes = await decodeMedia('-i', path, '-vf', rgb, '-frames:v', '1', '-f', 'rawvideo');
  return {
    width,
    height,
    at(x, y) {
      const [red = 0, green = 0, blue = 0] = bytes.subarray((y * width + x) * 3);
      return [red, green, blue];
    },
  };
}
