import assert from 'node:assert/strict';
import {test} from 'node:test';

import {gaussianCrps, quantile, sampleCrps} from '../../explorer/in_page/forecast.js';

const near = (found, expected, within) => assert.ok(Math.abs(found - expected) <= within, `${found}, not ${expected}`);

test('quantiles are those of NumPy by the method weibull', () => {
  const squares = [0, 1, 4, 9, 16, 25, 36];
  [[0, 0], [.1, 0], [.3, 2.2], [.5, 9], [.97, 36]].forEach(([share, value]) => near(quantile(squares, share), value, 1e-12));
});

test('the score of samples is their mean error less half of how far pairs of them lie apart', () => {
  const [samples, truth] = [[-1, .5, .6, 2], .4];
  const error = samples.reduce((sum, value) => sum + Math.abs(value - truth), 0) / 4;
  const pairs = samples.flatMap((one, i) => samples.slice(i + 1).map(other => Math.abs(one - other)));
  near(sampleCrps(samples, truth), error - pairs.reduce((a, b) => a + b) / pairs.length / 2, 1e-12);
});

test('the score of a normal distribution at its mean is (√2 − 1) / √π deviations', () => {
  near(gaussianCrps(3, .5, 3), .5 * (Math.SQRT2 - 1) / Math.sqrt(Math.PI), 2e-7);
});

test('the score of a normal distribution is the integral that defines it, on either side of the truth', () => {
  for (const truth of [-.5, .9]) {
    let score = 0;  // the integral of (P(x) − [x ≥ truth])²
    let below = 0;
    for (let x = -6; x < 6; x += .0005) {
      below += .0005 * Math.exp(-(((x - .2) / .7) ** 2) / 2) / (.7 * Math.sqrt(2 * Math.PI));
      score += .0005 * (below - (x >= truth ? 1 : 0)) ** 2;
    }
    near(gaussianCrps(.2, .7, truth), score, 1e-3);
  }
});
