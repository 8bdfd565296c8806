// Where a step stands in what a training noted, and which axis a term gets.

import assert from 'node:assert/strict';
import test from 'node:test';

import {decades, print, ticks} from '../../explorer/widgets/axes.js';
import {axisOf, entryAt} from '../../explorer/widgets/course.js';

test('a step belongs to the entry that was noted at it or after it', () => {
  const steps = [300, 600, 900];
  assert.deepEqual([1, 300, 301, 900].map(step => entryAt(steps, step)), [0, 0, 1, 2]);
  assert.equal(entryAt(steps, 901), -1);
  assert.equal(entryAt([], 5), -1);
});

test('an axis is logarithmic where all values are positive, and holds them all', () => {
  for (const [values, linear, log] of [[[2, 300, NaN], false, true], [[2, 300], true, false], [[-1, 5], false, false], [[0, 5], false, false], [[1, 1], false, false], [[NaN], false, false]]) {
    const axis = axisOf(values, linear);
    assert.equal(axis.log, log, String(values));
    assert.ok(axis.top > axis.bottom);
    for (const value of values.filter(Number.isFinite)) assert.ok(value >= axis.bottom && value <= axis.top);
  }
});

test('powers of ten are marked, or what lies between them', () => {
  assert.deepEqual(decades(1, 1000), [1, 10, 100, 1000]);
  assert.deepEqual(decades(16, 27), [20]);
  assert.deepEqual(decades(30, 450), [50, 100, 200]);
  assert.deepEqual(ticks(0, 45000, 3).map(value => value + 0), [0, 20000, 40000]);
});

test('a number is printed as short as it may be', () => {
  assert.equal(print(.00147), '.00147');
  assert.equal(print(-29.3186, 5), '−29.319');
});
