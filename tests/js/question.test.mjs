// What the server would refuse is left to it.

import assert from 'node:assert/strict';
import {test} from 'node:test';

import {Missing} from '../../explorer/in_page/networks.js';
import {list, number, pixels, whole} from '../../explorer/in_page/question.js';

test('a whole number within bounds is taken, and nothing else', () => {
  assert.equal(whole(3, 1, 3), 3);
  for (const value of [0, 4, 1.5, NaN, null, true, '2']) assert.throws(() => whole(value, 1, 3), Missing);
});

test('a finite number is clipped, and nothing else is taken', () => {
  assert.deepEqual([-1, .5, 9].map(value => number(value, 0, 1)), [0, .5, 1]);
  for (const value of [NaN, Infinity, null, true, '2']) assert.throws(() => number(value, 0, 1), Missing);
});

test('a list has as many numbers as it must, in an array or not', () => {
  assert.deepEqual(list([1, 2], 2), [1, 2]);
  assert.deepEqual(list({data: Float32Array.of(1, 2), shape: [2]}, 2), [1, 2]);
  assert.equal(pixels(Array(12).fill(1), [3, 2, 2]).length, 12);
  for (const values of [[], [1], [1, 2, 3], [1, NaN], [1, null]]) assert.throws(() => list(values, 2), Missing);
});
