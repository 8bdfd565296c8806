import assert from 'node:assert/strict';
import {test} from 'node:test';

import {byFallingValue, join, pictures, signedToBytes, squaredErrors, take, toBytes, vector} from '../../explorer/in_page/arrays.js';

test('bytes are clamped, and halves go to the even one, as in NumPy', () => {
  const x = Float32Array.of(-1, 0, .5 / 255, 1.5 / 255, 2.5 / 255, .5, 1, 2, NaN);
  assert.deepEqual([...toBytes(vector(x)).data], [0, 0, 0, 2, 2, 128, 255, 255, 0]);
});

test('a picture is scaled to [0, 1], as far beyond as noise may go', () => {
  const {data, shape} = pictures([0, 255, 510, -255], [1, 2, 2], .5);
  assert.deepEqual([...data], [0, 1, 1.5, -.5]);
  assert.deepEqual(shape, [1, 1, 2, 2]);
});

test('signed pictures are each scaled by their own largest size', () => {
  const two = {data: Float32Array.of(0, 2, -2, 0, 0, 0), shape: [2, 1, 1, 3]};
  assert.deepEqual([...signedToBytes(two).data], [128, 255, 0, 128, 128, 128]);
});

test('entries are taken and joined along the first axis', () => {
  const array = {data: Int32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2]};
  assert.deepEqual([...take(array, [2, 0]).data], [5, 6, 1, 2]);
  assert.deepEqual(join([array, take(array, [1])]).shape, [4, 2]);
});

test('equal values keep their order', () => assert.deepEqual(byFallingValue([1, 3, 3, 2]), [1, 2, 3, 0]));

test('errors are squared and summed picture by picture', () => {
  assert.deepEqual([...squaredErrors({data: Float32Array.of(1, 2, 3, 4), shape: [2, 2]}, [1, 0])], [4, 20]);
});
