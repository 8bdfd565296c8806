// How a layer's numbers lie on the canvas, and how high its box is.

import assert from 'node:assert/strict';
import test from 'node:test';

import {greys, height, layout} from '../../explorer/widgets/strip.js';

function places({width, height: rows, at}) {
  return Array.from({length: width * rows}, (_, i) => at(i % width, Math.floor(i / width))).filter(index => index >= 0);
}

test('every number has one place on the canvas', () => {
  for (const shape of [[1, 1, 1, 2], [1, 1, 1, 64], [1, 1, 1, 1000], [1, 1, 8, 8], [32, 1, 14, 14], [20, 1, 7, 5], [3, 1, 64, 64]]) {
    const count = shape.reduce((a, b) => a * b);
    assert.deepEqual(places(layout(shape)).sort((a, b) => a - b), Array.from({length: count}, (_, i) => i), String(shape));
  }
});

test('maps lie side by side with a pixel between them, sixteen in a row', () => {
  const {width, height: rows, at} = layout([20, 1, 7, 5]);
  assert.deepEqual([width, rows], [16 * 6 - 1, 2 * 8 - 1]);
  assert.equal(at(5, 0), -1);
  assert.equal(at(6, 0), 35);
  assert.equal(at(0, 8), 16 * 35);
});

test('0 is black where nothing is negative, and mid-grey where something is', () => {
  assert.deepEqual([...greys(Float32Array.of(0, 1, 2))], [0, 128, 255]);
  assert.deepEqual([...greys(Float32Array.of(-2, 0, 1))], [1, 128, 192]);
  assert.deepEqual([...greys(Float32Array.of(0, 0))], [0, 0]);
});

test('a larger layer has a higher box, and none is higher than there is room', () => {
  const heights = [1, 2, 10, 784, 12288, 10 ** 6].map(height);
  assert.deepEqual(heights, [...heights].sort((a, b) => a - b));
  assert.ok(heights[0] > 0 && heights.at(-1) === 72);
});
