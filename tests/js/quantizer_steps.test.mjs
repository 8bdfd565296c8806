// A codebook in the plane learns by the equations of the paper.

import assert from 'node:assert/strict';
import test from 'node:test';

import {BATCH, judge, learn, nearest, smoothed, step} from '../../explorer/widgets/quantizer_steps.js';

const SETTINGS = {count: 10, method: 'ema', decay: .9, rate: 1, commitment: .25, restart: 0, seed: 1};
// Three points, of which two are nearest to the first code.
const SMALL = {points: [[0, 0], [0, 2], [10, 0]], codes: [[1, 1], [9, 1]], counts: [4, 1]};
const small = {...SMALL, homes: SMALL.points};
const near = (actual, expected) => actual.flat().forEach((value, i) => assert.ok(Math.abs(value - expected.flat()[i]) < 1e-3, `${actual} and ${expected}`));

test('counts and sums are averaged, and a code is the one by the other', () => {
  const {counts, codes, chosen, sums} = step(small, {...SETTINGS, decay: .5}, [0, 1, 2]);
  assert.deepEqual(chosen, [2, 1]);
  near(sums, [[0, 2], [10, 0]]);
  near(counts, [.5 * 4 + .5 * 2, .5 * 1 + .5 * 1]);
  near(codes, [[2 / 3, 3 / 3], [9.5, .5]]);  // m is (4, 4) before for the first, (9, 1) for the second
});

test('the gradient of the mean squared distance moves a code as a difference quotient says', () => {
  const loss = codes => [0, 1, 2].reduce((sum, i) => {
    const code = codes[nearest(SMALL.codes, SMALL.points[i])];
    return sum + ((code[0] - SMALL.points[i][0]) ** 2 + (code[1] - SMALL.points[i][1]) ** 2) / 3;
  }, 0);
  const {codes} = step(small, {...SETTINGS, method: 'gradient', rate: .1}, [0, 1, 2]);
  const tiny = 1e-5;
  SMALL.codes.forEach((code, k) => code.forEach((value, axis) => {
    const moved = SMALL.codes.map((one, other) => one.map((part, i) => part + (other === k && i === axis ? tiny : 0)));
    const slope = (loss(moved) - loss(SMALL.codes)) / tiny;
    assert.ok(Math.abs(codes[k][axis] - (value - .1 * slope)) < 1e-4);
  }));
});

test('a point is drawn to its code and held where it began', () => {
  const free = step(small, {...SETTINGS, commitment: 0}, [0]);
  near(free.points, SMALL.points);
  const drawn = step(small, {...SETTINGS, commitment: 1}, [0]);
  assert.ok(drawn.points[0][0] > 0 && drawn.points[0][1] > 0, 'towards (1, 1)');
  near(drawn.points.slice(1), SMALL.points.slice(1));
});

test('a code that is chosen too rarely starts again on a point of the batch', () => {
  const {codes, counts, restarted} = step(small, {...SETTINGS, restart: .95}, [0, 1, 0], () => .5);
  assert.deepEqual(restarted, [false, true]);
  near([codes[1]], [[0, 2]]);
  assert.equal(counts[1], 3 / 2);
});

test('smoothed counts are never 0 and have the same sum', () => {
  const [one, none] = smoothed([5, 0]);
  assert.ok(none > 0);
  assert.ok(Math.abs(one + none - 5) < 1e-9);
});

test('without restarts codes die, with them none does, and both are the same every time', () => {
  const [dying, living] = [0, 1].map(restart => judge(learn({...SETTINGS, restart}, 150)));
  assert.ok(dying.dead.filter(Boolean).length >= 2);
  assert.equal(living.dead.filter(Boolean).length, 0);
  assert.ok(living.distance < dying.distance);
  assert.ok(living.perplexity > dying.perplexity);
  assert.deepEqual(learn(SETTINGS, 20), learn(SETTINGS, 20));
  assert.equal(learn(SETTINGS, 1).batch.length, BATCH);
});
