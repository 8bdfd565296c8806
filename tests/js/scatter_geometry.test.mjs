// Which part of many points is shown, and which of them is meant.

import assert from 'node:assert/strict';
import test from 'node:test';

import {Index, View, inside, neighbourTowards} from '../../explorer/widgets/scatter_geometry.js';

// Points of a sequence that looks random and is the same each time, within −6 … 6.
function scattered(count) {
  const data = Float32Array.from({length: 2 * count}, (_, i) => 6 * ((Math.sin(i + 1) * 10000) % 1));
  return {data, shape: [count, 2]};
}

const pointsOf = (...corners) => ({data: Float32Array.from(corners.flat()), shape: [corners.length, 2]});
const distances = ({data, shape: [count]}, x, y) => Array.from({length: count}, (_, i) => Math.hypot(data[2 * i] - x, data[2 * i + 1] - y));

test('a pixel and the point beneath it are each other’s', () => {
  const view = new View(300, 200);
  Object.assign(view, {x: 1, y: -2, scale: 40});
  for (const point of [[0, 0], [1, -2], [3.5, 2.25]]) {
    view.toPoint(...view.toPixel(...point)).forEach((value, axis) => assert.ok(Math.abs(value - point[axis]) < 1e-9));
  }
  assert.deepEqual(view.toPixel(1, -2), [150, 100]);
  assert.deepEqual(view.toPixel(2, -1), [190, 60], 'y grows upwards');
});

test('all points but a few far ones are shown at first', () => {
  const view = new View(300, 200);
  const all = scattered(3000);
  all.data[0] = 1e6;
  view.fit(all);
  assert.ok(view.scale > 15, String(view.scale));
  const seen = Array.from({length: 3000}, (_, i) => view.toPixel(all.data[2 * i], all.data[2 * i + 1]))
    .filter(([column, row]) => column >= 0 && column <= 300 && row >= 0 && row <= 200);
  assert.ok(seen.length >= .995 * 3000, String(seen.length));
});

test('what lies under a pixel stays there in a zoom', () => {
  const view = new View(300, 200);
  view.fit(scattered(100));
  const before = view.toPoint(40, 170);
  view.zoom(3, 40, 170);
  view.toPoint(40, 170).forEach((value, axis) => assert.ok(Math.abs(value - before[axis]) < 1e-9));
});

test('a zoom has ends', () => {
  const view = new View(300, 200);
  view.fit(scattered(100));
  const {least} = view;
  view.zoom(1e9);
  assert.equal(view.scale, 200 * least);
  view.zoom(1e-9);
  assert.equal(view.scale, least / 2);
});

test('a map that is moved shows what was beside it', () => {
  const view = new View(300, 200);
  const before = view.toPixel(1, 1);
  view.pan(30, -20);
  assert.deepEqual(view.toPixel(1, 1), [before[0] + 30, before[1] - 20]);
});

test('points within a radius and the nearest are those that a search over all finds', () => {
  const all = scattered(2000);
  const index = new Index(all);
  for (const [x, y, radius] of [[0, 0, .3], [2.9, -2.9, .5], [-1.2, .7, 2], [10, 10, 1], [0, 0, 0]]) {
    const far = distances(all, x, y);
    const near = far.flatMap((distance, i) => (distance <= radius ? [i] : []));
    assert.deepEqual([...index.within(x, y, radius)].sort((a, b) => a - b), near);
    const least = Math.min(...near.map(i => far[i]));
    const found = index.nearest(x, y, radius);
    if (near.length) assert.equal(far[found], least);
    else assert.equal(found, -1);
  }
});

test('points in one place are all found', () => {
  const all = pointsOf([1, 1], [1, 1], [1, 1]);
  assert.deepEqual([...new Index(all).within(1, 1, .1)].sort(), [0, 1, 2]);
});

test('a lasso holds what lies within it, not in its bays', () => {
  const horseshoe = [[0, 0], [3, 0], [3, 3], [2, 3], [2, 1], [1, 1], [1, 3], [0, 3]];
  const all = pointsOf([.5, 2], [1.5, 2], [2.5, 2], [1.5, .5], [4, 1], [-1, .5]);
  assert.deepEqual(inside(horseshoe, all), [0, 2, 3]);
});

test('a step goes to the nearest point in its direction', () => {
  const view = new View(100, 100);
  view.scale = 10;
  const all = pointsOf([0, 0], [1, .2], [3, 0], [.5, 2], [-1, -1.5]);
  const step = direction => neighbourTowards(view, all, 0, direction, 2);
  assert.deepEqual([[1, 0], [0, -1], [0, 1], [-1, 0]].map(step), [1, 3, 4, -1]);
});

test('a step passes over points that are too near to be told apart', () => {
  const view = new View(100, 100);
  view.scale = 10;
  assert.equal(neighbourTowards(view, pointsOf([0, 0], [.1, 0], [2, 0]), 0, [1, 0], 2), 2);
});
