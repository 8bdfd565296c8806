// As answers/lineup.py: one picture through a model of each family.

import {byFallingValue, join, pictures, squaredErrors, toBytes, vector} from '../arrays.js';
import {beside, config, run} from '../networks.js';
import {DIGIT, PICTURE_SLACK, known} from './common.js';

const ACTIVE = .1;
const PRIOR_RANGE = 3;
const SIGMOID = ['denoising', 'sparse', 'contractive'];

const scales = new Map();  // of codes that are drawn on the scale of all test codes, as the server has told them

export async function through({x, x_tilde}) {
  const [clean, spoilt] = [pictures(x, DIGIT), pictures(x_tilde, DIGIT, PICTURE_SLACK)];
  const answer = {};
  const drawn = [];
  for (const [number, name] of beside('start').entries()) {
    const {code, x_hat} = await one(name, spoilt);
    for (const [key, value] of Object.entries(code)) answer[`${key}_${number}`] = value;
    drawn.push(x_hat);
  }
  const hats = join(drawn);
  return {...answer, x_hats: toBytes(hats), errors: vector(squaredErrors(hats, clean.data))};
}

async function one(name, x) {
  const {family, profile} = config(name);
  if (family === 'vae') {
    const {mu, log_var} = await run(name, 'posterior', {x});
    const kl = profile.kl_per_dimension ?? Array(mu.data.length).fill(1);
    const shown = byFallingValue(kl).slice(0, Math.max(1, kl.filter(nats => nats >= ACTIVE).length));
    const spread = shown.map(i => Math.exp(.5 * log_var.data[i]));
    const code = {code: vector(Float32Array.from(shown, i => mu.data[i])), spread: vector(Float32Array.from(spread)), scale: PRIOR_RANGE};
    return {code, x_hat: (await run(name, 'decode', {z: mu})).x_hat};
  }
  const {z} = await run(name, 'encode', {x});
  return {code: {code: vector(z.data), scale: scale(name, z.data)}, x_hat: (await run(name, 'decode', {z})).x_hat};
}

function scale(name, z) {
  const {family} = config(name);
  if (SIGMOID.includes(family)) return 1;
  if (family === 'autoencoder') return known(scales, name);
  return z.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
}

export function learnThrough(_, answer) {
  for (const [number, name] of beside('start').entries()) scales.set(name, answer[`scale_${number}`]);
}
