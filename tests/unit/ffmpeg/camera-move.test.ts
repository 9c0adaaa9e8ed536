// Which scenes are coded as moves of a camera over a still picture.
import { expect, it } from 'vitest';
import { isCameraMove } from '../../../ffmpeg/camera-move.ts';
import type { LayerInput } from '../../support/layer-input.ts';
import { imageAsset, planOf, videoAsset } from '../../support/plan-inputs.ts';

const motion = {
  type: 'ken-burns' as const,
  from: { x: 0, y: 0, width: 1, height: 1 },
  to: { x: 0.1, y: 0.1, width: 0.8, height: 0.8 },
};
const move: LayerInput = { type: 'image', src: 'asset:photo', motion };
const still: LayerInput = { type: 'image', src: 'asset:photo' };
const video = (size: string): LayerInput => ({
  type: 'video',
  src: 'asset:clip',
  duration: 'fill',
  loop: true,
  width: size,
  height: size,
});

function isMove(...layers: readonly LayerInput[]): boolean {
  const movie = { scenes: [{ id: 'one', duration: 2, layers: [...layers] }] };
  const { scenes, output } = planOf(movie, { assets: [videoAsset('clip'), imageAsset('photo')] });
  const [scene] = scenes;
  if (scene === undefined) throw new Error('The plan has no scene.');
  return isCameraMove({ picture: scene.picture, output });
}

it.each<[string, boolean, readonly LayerInput[]]>([
  ['a move', true, [move]],
  ['a move under a title', true, [move, { type: 'text', text: 'Title' }]],
  ['a move under a small video', true, [move, video('40%')]],
  ['a move beside a still of the canvas’s size', true, [still, move]],
  ['a move for most of the time', true, [{ ...move, duration: 1.1 }]],
  ['a move for a while', false, [{ ...move, duration: 0.9 }]],
  ['a small move', false, [{ ...move, width: '60%', height: '60%' }]],
  ['a move under a large video', false, [move, video('80%')]],
  ['a move over a video', false, [video('100%'), move]],
  ['a still', false, [still]],
  ['nothing', false, []],
])('%s makes a scene one: %s', (_, expected, layers) => {
  expect(isMove(...layers)).toBe(expected);
});
