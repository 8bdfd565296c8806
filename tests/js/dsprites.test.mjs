import assert from 'node:assert/strict';
import {test} from 'node:test';

import {render, SIZES} from '../../explorer/in_page/dsprites.js';

const MIDDLE = {shape: 0, scale: 5, orientation: 0, posX: 15.5, posY: 15.5};
const lit = ({data}) => data.reduce((sum, value) => sum + value / 255, 0);

test('areas are those of the shapes, to the pixels of an edge', () => {
  assert.ok(Math.abs(lit(render(MIDDLE)) - 19.2 ** 2) < 40);
  assert.ok(Math.abs(lit(render({...MIDDLE, shape: 1})) - Math.PI * 12.76 * 7.22) < 10);
  assert.ok(Math.abs(lit(render({...MIDDLE, shape: 1, scale: 0})) - Math.PI * 12.76 * 7.22 / 4) < 10);
});

test('a sprite moves by its place alone', () => {
  const [at, there] = [render({...MIDDLE, shape: 2, posX: 0, posY: 31}), render({...MIDDLE, shape: 2, posX: 31, posY: 31})];
  assert.equal(lit(at), lit(there));
  for (let i = 0; i < 64 * 64 - 32; i++) if (at.data[i]) assert.ok(there.data[i + 32]);
});

test('a heart is as its mirror image, its point down, and the last angle is the first', () => {
  const {data} = render({...MIDDLE, shape: 2});
  const row = i => data.slice(64 * i, 64 * (i + 1));
  for (let i = 0; i < 64; i++) assert.deepEqual(row(i), row(i).toReversed());
  const below = lit({data: data.slice(64 * 32)});
  assert.ok(below < lit({data}) / 2);
  assert.deepEqual(render({...MIDDLE, shape: 2, orientation: SIZES.orientation - 1}).data, data);
});
