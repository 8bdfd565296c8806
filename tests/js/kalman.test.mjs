import assert from 'node:assert/strict';
import {test} from 'node:test';

import {filtered, forecast} from '../../explorer/in_page/kalman.js';
import {DECAY, positions} from '../../explorer/in_page/oscillator.js';

const near = (found, expected, within = 1e-12) => assert.ok(Math.abs(found - expected) <= within, `${found}, not ${expected}`);
const WORLD = {frequency: .4, noise: .3, variance: 2, process: .1, decay: .99};

test('one observation moves the mean by its share of what was uncertain, and leaves what it does not show', () => {
  const {mean, covariance} = filtered([.8], WORLD);
  near(mean[0], .8 * 2 / (2 + .09));
  near(mean[1], 0);
  near(covariance[0][0], 2 * .09 / (2 + .09));
  near(covariance[1][1], 2);
});

test('the filter and its forecast are those of metrics/kalman.py, which printed these numbers', () => {
  const state = filtered([1, .5, -.25, -.75], WORLD);
  near(state.mean[0], -0.7237579142036097);
  near(state.mean[1], 1.2711325247410257);
  const {covariance: [[p, q], [, r]]} = state;
  [0.05747603295641379, -0.04284087537831084, 0.11612386481423914].forEach((value, i) => near([p, q, r][i], value));
  const {means, deviations} = forecast(state, 3, WORLD);
  [-1.1500112294679605, -1.3879212308229567, -1.4040270087482623].forEach((value, i) => near(means[i], value));
  [0.32429864961728044, 0.38097036104786886, 0.3984084453022209].forEach((value, i) => near(deviations[i], value));
});

test('where nothing pushes and nothing disturbs, what was seen foretells the course', () => {
  const still = {real: Array(60).fill(0), imaginary: Array(60).fill(0)};
  const course = positions(.1, 1.5, .7, still);
  course.forEach((value, step) => near(value, DECAY ** step * 1.5 * Math.cos(.1 * step + .7)));
  const world = {frequency: .1, noise: 1e-6, variance: 2, process: 0, decay: DECAY};
  const {means} = forecast(filtered(course.slice(0, 10), world), 50, world);
  means.forEach((mean, i) => near(mean, course[10 + i], 1e-4));
});

test('a push moves an oscillator from its own step on', () => {
  const pushed = (real, imaginary) => positions(.1, 1, 0, {real, imaginary});
  const [free, once] = [pushed([0, 0, 0, 0], [0, 0, 0, 0]), pushed([9, 0, .5, 0], [9, 0, .25, 0])];
  near(once[1], free[1]);
  near(once[2] - free[2], .5);
  near(once[3] - free[3], DECAY * (.5 * Math.cos(.1) - .25 * Math.sin(.1)));
});
