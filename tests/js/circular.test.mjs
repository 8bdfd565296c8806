import assert from 'node:assert/strict';
import {test} from 'node:test';

import {moved, offset, places, spread} from '../../explorer/in_page/circular.js';

const picture = {data: Float32Array.of(1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1), shape: [3, 4]};

function movedBy(by, isVertical) {
  const data = new Float32Array(12);
  picture.data.forEach((value, i) => { data[moved(i, by, picture.shape, isVertical)] = value; });
  return data;
}

test('a picture that leaves on one side comes back in on the other', () => {
  assert.deepEqual([...movedBy(-1, false)], [1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0]);
  assert.deepEqual([...movedBy(4, true)], [0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0]);
});

test('a picture is found where it was moved to, in faint and noisy frames too', () => {
  for (const [isVertical, size] of [[false, 4], [true, 3]]) {
    const frames = Array.from({length: size}, (_, by) => [...movedBy(by, isVertical)].map((value, i) => .1 * (i % 3) + .6 * value));
    const found = places({data: Float32Array.from(frames.flat()), shape: [size, 1, 3, 4]}, picture, isVertical);
    assert.deepEqual(found, Array.from({length: size}, (_, by) => by));
  }
});

test('the way between two places is the short one', () => {
  assert.deepEqual([[1, 27], [27, 1], [14, 0], [3, 3]].map(([to, from]) => offset(to, from, 28)), [2, -2, -14, 0]);
});

test('places spread as metrics/circular.py says, which printed the first numbers', () => {
  const {deviation, count} = spread([0, 0, 1, 27, 5], 28);
  assert.ok(Math.abs(deviation - 2.098262206569638) < 1e-12);
  assert.ok(Math.abs(count - 3.7892914162759954) < 1e-12);
  const opposite = spread([0, 14], 28);
  assert.ok(Math.abs(opposite.deviation - 28 / Math.sqrt(12)) < 1e-12);
  assert.ok(Math.abs(opposite.count - 2) < 1e-12);
  assert.equal(spread([9, 9, 9], 28).count, 1);
});
