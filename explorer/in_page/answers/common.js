// Questions that several tabs ask: as answers/common.py answers them.

import {clamp, floats, none, pictures, row, toBytes, vector} from '../arrays.js';
import {config, Missing, run, runApart} from '../networks.js';
import {once} from '../once.js';
import {Random} from '../random.js';
import {askServer} from '../../widgets/kit.js';

const LATENT_LIMIT = 1000;
const STEPS = 11;  // tiles of a traversal
const BLOCK = 7;  // pixels on a side of what blocks black out
const FEW = 16;  // pictures that the page itself decodes

export const DIGIT = [1, 28, 28];
export const PICTURE_SLACK = 4;  // how far noise may carry a pixel out of [0, 1]

// Channels, height and width of a picture; of a plain list of pixels those of a digit.
export const shapeOf = x => x.shape ?? DIGIT;

// A code as the page sent it.
export function code(z, limit = LATENT_LIMIT) {
  return row(floats(z).map(value => clamp(value, -limit, limit)));
}

// Pictures in [0, 1] of codes (N, D); many are left to the worker.
export async function decodeAll(checkpoint, z) {
  return (await (z.shape[0] > FEW ? runApart : run)(checkpoint, 'decode', {z})).x_hat;
}

export async function encode({checkpoint, x}) {
  const {z} = await run(checkpoint, 'encode', {x: pictures(x, config(checkpoint).model.picture_shape)});
  return {z: vector(z.data)};
}

export async function decode({checkpoint, z}) {
  return {x_hat: toBytes(await decodeAll(checkpoint, code(z)))};
}

const ends = new Map();  // of a model's sliders, as the server has told them

// A model's traversals: where they begin and end is the server's first answer.
export async function traversals({checkpoint, z, dimensions}) {
  const {low, high} = known(ends, checkpoint);
  const chosen = Array.from(dimensions.data ?? dimensions);
  if (!chosen.length) return {strips: none(config(checkpoint).model.picture_shape), low, high};
  const points = traversed(code(z).data, chosen, low.data, high.data, STEPS);
  return {strips: toBytes(await decodeAll(checkpoint, points)), low, high};
}

export function learnTraversals({checkpoint}, {low, high}) {
  ends.set(checkpoint, {low, high});
}

// What only the server knows; it is asked for it where a question of its own tells no more than that.
export function known(facts, key, question) {
  if (facts.has(key)) return facts.get(key);
  if (question) once([...question, key].join(' '), () => askServer(...question, {checkpoint: key}));
  throw new Missing(`The server has not said yet what there is of ${key}.`);
}

// Copies of a code in which one dimension at a time goes from its low to its high end.
export function traversed(z, dimensions, low, high, steps) {
  const data = new Float32Array(dimensions.length * steps * z.length);
  dimensions.forEach((dimension, place) => {
    const step = (high[dimension] - low[dimension]) / (steps - 1);
    for (let i = 0; i < steps; i++) {
      const at = (place * steps + i) * z.length;
      data.set(z, at);
      data[at + dimension] = i === steps - 1 ? high[dimension] : low[dimension] + i * step;
    }
  });
  return {data, shape: [dimensions.length * steps, z.length]};
}

const draws = new Map();  // by seed, kind and number: a hand that moves the level needs the same ones again
const MOST_DRAWS = 64;

export function drawn(seed, kind, count) {
  const key = `${seed} ${kind} ${count}`;
  const found = draws.get(key) ?? new Random(seed)[kind](count);
  draws.delete(key);
  draws.set(key, found);
  if (draws.size > MOST_DRAWS) draws.delete(draws.keys().next().value);
  return found;
}

// A picture, spoilt, on the scale of 0 to 255.
export function corrupt({x, kind, level, seed}) {
  const shape = shapeOf(x);
  const {data} = pictures(x, shape);
  const spoilt = SPOIL[kind](data, Math.fround(clamp(level, 0, 1)), Number(seed), shape);
  const limit = PICTURE_SLACK;
  return {x_tilde: {data: spoilt.map(value => 255 * clamp(value, -limit, 1 + limit)), shape}};
}

const SPOIL = {
  masking(x, level, seed) {
    const uniform = drawn(seed, 'uniform', x.length);
    return x.map((value, i) => (uniform[i] >= level ? value : 0));
  },
  salt_and_pepper(x, level, seed) {
    const uniform = drawn(seed, 'uniform', x.length);
    return x.map((value, i) => (uniform[i] >= level ? value : 0) + (uniform[i] < level / 2 ? 1 : 0));
  },
  gaussian(x, level, seed) {
    const normal = drawn(seed, 'normal', x.length);
    return x.map((value, i) => value + Math.fround(level * normal[i]));
  },
  blocks(x, level, seed, [channels, height, width]) {
    const [rows, columns] = [Math.ceil(height / BLOCK), Math.ceil(width / BLOCK)];
    const uniform = drawn(seed, 'uniform', channels * rows * columns);
    const rowOf = i => Math.floor(i / (height * width)) * rows + Math.floor(i % (height * width) / width / BLOCK);
    const block = i => rowOf(i) * columns + Math.floor(i % width / BLOCK);
    return x.map((value, i) => (uniform[block(i)] >= level ? value : 0));
  },
};

const CODE_COLUMNS = 40;

// Codes (B, D) in [0, 1] as pictures (B, 1, rows, columns), unit by unit; missing cells are 0.
export function codePicture({data, shape: [count, dims]}) {
  const columns = CODE_COLUMNS;
  const rows = Math.ceil(dims / columns);
  const cells = new Float32Array(count * rows * columns);
  for (let i = 0; i < count; i++) cells.set(data.subarray(i * dims, (i + 1) * dims), i * rows * columns);
  return toBytes({data: cells, shape: [count, 1, rows, columns]});
}
