// As answers/vq_vae_2.py and answers/vq_vae_2_sampling.py.

import {byFallingValue, floats, join, pictures, slice, toBytes, vector} from '../arrays.js';
import {config, run, runApart} from '../networks.js';
import {Random} from '../random.js';
import {known} from './common.js';
import {Walk} from './prior_walk.js';

const [SAMPLES, LIKELIEST, MOST] = [4, 16, 32];
const LEAST_TEMPERATURE = .05;

const means = new Map();  // what stands in for codes that are not there, as the server has told it

export function learnMeans({checkpoint}, {top_mean, bottom_mean}) {
  means.set(checkpoint, {top_mean, bottom_mean});
}

function grids(checkpoint) {
  const [, height, width] = config(checkpoint).model.picture_shape;
  return {top: [height / 8, width / 8], bottom: [height / 4, width / 4]};
}

export async function encode({checkpoint, x}) {
  const {top, bottom} = await runApart(checkpoint, 'encode', {x: pictures(x, config(checkpoint).model.picture_shape)});
  const grid = ({data, shape}) => ({data: Float32Array.from(data), shape: shape.slice(1)});
  return {top: grid(top), bottom: grid(bottom)};
}

async function decodePartly(checkpoint, top, bottom, runs = runApart) {
  const shape = grids(checkpoint);
  const of = (codes, grid) => ({data: codes, shape: [codes.length / (grid[0] * grid[1]), ...grid]});
  const inputs = {top: of(top, shape.top), bottom: of(bottom, shape.bottom), ...known(means, checkpoint, ['vq_vae_2', 'means'])};
  return toBytes((await runs(checkpoint, 'decode_gaps', inputs)).x_hat);
}

const whole = values => Int32Array.from(values.data ?? values);
const flat = parts => Int32Array.from(parts.flatMap(part => Array.from(part)));

export async function decode({checkpoint, top, bottom}) {
  return {decoded: await decodePartly(checkpoint, whole(top), whole(bottom), run)};
}

let exchanged = new Map();  // the last pictures, by their model and codes: a hand changes those of one level at a time

export async function exchange({checkpoint, ...given}) {
  const [top, bottom, otherTop, otherBottom] = ['top', 'bottom', 'other_top', 'other_bottom'].map(name => whole(given[name]));
  const [noTop, noBottom] = [top, bottom].map(codes => codes.map(() => -1));
  const pairs = [[top, noBottom], [noTop, bottom], [top, otherBottom], [otherTop, bottom]];
  const keys = pairs.map(([one, other]) => [checkpoint, one.join(), other.join()].join(' '));
  const stale = pairs.filter((_, i) => !exchanged.has(keys[i]));
  if (stale.length) {
    const drawn = await decodePartly(checkpoint, flat(stale.map(([one]) => one)), flat(stale.map(([, other]) => other)));
    const kept = new Map(exchanged);
    keys.filter(key => !kept.has(key)).forEach((key, place) => kept.set(key, slice(drawn, place, place + 1)));
    exchanged = new Map(keys.map(key => [key, kept.get(key)]));
  }
  return {exchanged: join(keys.map(key => exchanged.get(key)))};
}

// What the priors begin with: a picture's codes, and −1 in the part that they are to fill.
export function start({checkpoint, top, bottom, part}) {
  const answer = {};
  for (const [level, values] of [['top', top], ['bottom', bottom]]) {
    const [rows, columns] = grids(checkpoint)[level];
    const leftOut = {
      all: () => true,
      lower: i => Math.floor(i / columns) >= Math.floor(rows / 2),
      right: i => i % columns >= Math.floor(columns / 2),
      none: () => false,
    }[part];
    const codes = floats(values);
    answer[level] = {data: codes.map((code, i) => (leftOut(i) ? -1 : code)), shape: [rows, columns]};
  }
  return answer;
}

let walk = null;  // the last one, which the next question goes on with

export async function advance({checkpoint, top, bottom, count, label, seed, temperature, top_k, guidance}) {
  const {model} = config(checkpoint);
  known(means, checkpoint, ['vq_vae_2', 'means']);  // before any work
  const grid = grids(checkpoint);
  const codes = {top: whole(top), bottom: whole(bottom)};
  const isGuided = guidance !== 1;
  const key = `${checkpoint} ${label} ${isGuided}`;
  if (walk?.key !== key) walk = new Walk(key, checkpoint, grid, label, SAMPLES, isGuided);
  const asked = walk;
  const sharp = Math.max(temperature, LEAST_TEMPERATURE);
  const {nats, probabilities, next} = await asked.goOn(codes, Math.min(count, MOST), {
    draws: place => new Random([seed, place]).gumbel(SAMPLES * model.num_codes),
    temperature: sharp,
    topK: top_k,
    guidance,
  });
  const tops = grid.top[0] * grid.top[1];
  const [likeliest, amounts] = [new Float32Array(SAMPLES * LIKELIEST), new Float32Array(SAMPLES * LIKELIEST)];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const of = probabilities.subarray(sample * model.num_codes, (sample + 1) * model.num_codes);
    byFallingValue(of).slice(0, LIKELIEST).forEach((code, i) => {
      likeliest[sample * LIKELIEST + i] = code;
      amounts[sample * LIKELIEST + i] = 100 * of[code];
    });
  }
  const level = name => ({data: Float32Array.from(codes[name]), shape: [SAMPLES, ...grid[name]]});
  return {
    top: level('top'),
    bottom: level('bottom'),
    pictures: await decodePartly(checkpoint, codes.top, codes.bottom),
    nats: vector(nats),
    top_next: next < tops ? next : -1,
    bottom_next: next < tops ? -1 : next - tops,
    likeliest: {data: likeliest, shape: [SAMPLES, LIKELIEST]},
    probabilities: {data: amounts, shape: [SAMPLES, LIKELIEST]},
  };
}
