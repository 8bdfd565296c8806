// Draws are those of numpy.random.default_rng: the numbers here were printed by NumPy 2.

import assert from 'node:assert/strict';
import {test} from 'node:test';

import {Random} from '../../explorer/in_page/random.js';

const SEEDS = [
  {seed: 0, uniform: [0.8506242036819458, 0.6369616389274597, 0.5111364722251892], normal: [1.1176220178604126, -1.3871248960494995, -0.4265716075897217], gumbel: [-0.013159932702447984, 1.1570300134758764]},
  {seed: 1, uniform: [0.4731886386871338, 0.5118215680122375, 0.7551674842834473], normal: [1.7291035652160645, -1.4284534454345703, 1.0277447700500488], gumbel: [0.3325756547011548, -1.100294030634532]},
  {seed: 7, uniform: [0.9449049234390259, 0.6250954270362854, 0.6841799020767212], normal: [1.5219693183898926, -1.1441057920455933, 1.150161623954773], gumbel: [0.01909733577748242, -0.822025847244558]},
  {seed: 2147483648, uniform: [0.13758772611618042, 0.902868390083313, 0.24288296699523926], normal: [-0.33172640204429626, 1.4731231927871704, 0.24367396533489227], gumbel: [-0.8465927936943641, 2.8698801914954317]},
  {seed: 8589934597, uniform: [0.7928340435028076, 0.23772090673446655, 0.7110314965248108], normal: [1.717829704284668, -0.69756019115448, -0.7470065355300903], gumbel: [1.304004572965195, 0.5828517594356701]},
  {seed: [3, 5], uniform: [0.02395343780517578, 0.13667339086532593, 0.05665403604507446], normal: [0.03404129296541214, -0.19057868421077728, -0.04243703559041023], gumbel: [1.9175796606088429, -0.7664037716049907]},
  {seed: [1000000, 319], uniform: [0.3561614155769348, 0.7791689038276672, 0.7779698967933655], normal: [-0.6777153015136719, -1.9161386489868164, -0.8173317313194275], gumbel: [-0.4123462990791874, -0.030329502211208476]},
];

const TAIL = {16277: -4.286896705627441, 34150: 4.239436149597168, 25442: -4.176800727844238, 81389: 4.105680465698242};  // of 100,000 draws of seed 7, those farthest from 0

test('uniform, normal and Gumbel draws are those of NumPy, for seeds of one and of several numbers', () => {
  for (const {seed, uniform, normal, gumbel} of SEEDS) {
    assert.deepEqual([...new Random(seed).uniform(3)], uniform);
    assert.deepEqual([...new Random(seed).normal(3)], normal);
    new Random(seed).gumbel(2).forEach((value, i) => assert.ok(Math.abs(value - gumbel[i]) < 1e-12));
  }
});

test('draws from the tail of the normal distribution are those of NumPy', () => {
  const draws = new Random(7).normal(100_000);
  for (const [index, value] of Object.entries(TAIL)) assert.ok(Math.abs(draws[index] - value) <= 4e-7);
});

test('draws go on where they were', () => {
  const [together, apart] = [new Random(3), new Random(3)];
  assert.deepEqual([...together.normal(6)], [...apart.normal(2), ...apart.normal(4)]);
});

test('wide normal draws are those of NumPy to the last digits, and so are those from the tail', () => {
  const wide = {0: [0.1257302210933933, -0.1321048632913019, 0.6404226504432821], 7: [0.0012301533574825742, 0.2987455375084699, -0.2741378553622176]};
  for (const [seed, values] of Object.entries(wide)) {
    new Random(Number(seed)).wideNormal(3).forEach((value, i) => assert.ok(Math.abs(value - values[i]) < 1e-15));
  }
  const draws = new Random(7).wideNormal(100_000);
  const tail = {33110: -4.502222241099144, 25634: -4.233863398396944, 4657: 4.06160631065189, 85580: -3.9341080639229524};
  for (const [index, value] of Object.entries(tail)) assert.ok(Math.abs(draws[index] - value) < 1e-14);
});

test('coins fall as those of NumPy', () => {
  assert.deepEqual([...new Random(0).coins(8)], [1, 1, 1, 0, 0, 0, 0, 0]);
  assert.deepEqual([...new Random([3, 5]).coins(8)], [0, 0, 0, 1, 1, 1, 0, 1]);
});
