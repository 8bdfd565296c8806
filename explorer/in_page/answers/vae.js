// As answers/vae.py.

import {distance, floats, none, pictures, range, size, toBytes, vector} from '../arrays.js';
import {config, run} from '../networks.js';
import * as common from './common.js';
import {decodeAll, drawn} from './common.js';

const PATH_STEPS = 11;

async function posterior(checkpoint, x) {
  const {mu, log_var} = await run(checkpoint, 'posterior', {x: pictures(x, config(checkpoint).model.picture_shape)});
  return [mu.data, log_var.data];
}

// Mean, deviation, and divergence from the prior of each dimension.
export async function gaussian(checkpoint, x) {
  const [mu, logVar] = await posterior(checkpoint, x);
  const sigma = logVar.map(value => Math.exp(.5 * value));
  const kl = mu.map((mean, i) => .5 * (mean ** 2 + Math.exp(logVar[i]) - 1 - logVar[i]));
  return {mu, sigma, kl};
}

export async function encode({checkpoint, x, seed}) {
  const {mu, sigma} = await gaussian(checkpoint, x);
  const normal = seed ? drawn(seed, 'normal', mu.length) : mu.map(() => 0);
  return {mu: vector(mu), sigma: vector(sigma), z: vector(mu.map((mean, i) => mean + Math.fround(sigma[i] * normal[i])))};
}

export function epsilon({z, mu, sigma}) {
  const [code, mean, deviation] = [z, mu, sigma].map(floats);
  return {epsilon: vector(code.map((value, i) => (value - mean[i]) / Math.max(deviation[i], 1e-6)))};
}

export async function interpolate({checkpoint, x, x_end}) {
  const [[start], [end]] = [await posterior(checkpoint, x), await posterior(checkpoint, x_end)];
  const answer = {};
  for (const [name, path] of [['linear', linear], ['spherical', spherical]]) {
    const points = path(start, end);
    answer[`${name}_z`] = points;
    answer[name] = toBytes(await decodeAll(checkpoint, points));
  }
  return answer;
}

const shares = range(0, PATH_STEPS).map(i => i / (PATH_STEPS - 1));

function along(dims, at) {
  const data = new Float32Array(PATH_STEPS * dims);
  shares.forEach((share, step) => data.set(at(share), step * dims));
  return {data, shape: [PATH_STEPS, dims]};
}

function linear(start, end) {
  return along(start.length, share => start.map((from, i) => (1 - share) * from + share * end[i]));
}

function spherical(start, end) {
  const [long, longEnd] = [start, end].map(point => distance(point, point.map(() => 0)));
  const inner = start.reduce((sum, from, i) => sum + from * end[i], 0) / (long * longEnd);
  const angle = Math.acos(Math.min(Math.max(inner, -1), 1));
  if (Math.min(long, longEnd) < 1e-6 || Math.sin(angle) < 1e-4) return linear(start, end);
  return along(start.length, share => {
    const [from, to] = [1 - share, share].map(part => Math.sin(part * angle) / Math.sin(angle));
    const length = (1 - share) * long + share * longEnd;
    return start.map((value, i) => length * (from * value / long + to * end[i] / longEnd));
  });
}

// The autoencoder beside: nothing of a picture that is not of its size.
export async function autoencode({checkpoint, x}) {
  const fits = (x.data ?? x).length === size(config(checkpoint).model.picture_shape);
  return fits ? common.encode({checkpoint, x}) : {z: vector(new Float32Array(0))};
}

export async function autodecode({checkpoint, z}) {
  const isThere = (z.data ?? z).length;
  return isThere ? common.decode({checkpoint, z}) : {x_hat: none(config(checkpoint).model.picture_shape)};
}
