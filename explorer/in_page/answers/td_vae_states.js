// What a TD-VAE knows after some frames, and the states and frames that it expects from then on.

import {join, row, slice, take} from '../arrays.js';
import {config, Missing, run} from '../networks.js';
import {NAME} from '../oscillator.js';
import {Random} from '../random.js';

export const LARGEST_SEED = 1_000_000;

// Keywords of a TD-VAE of one of both worlds; of any other model the server says that it is none.
export function modelOf(checkpoint, isOscillating = false) {
  const {family, data, model} = config(checkpoint);
  if (family !== 'td_vae' || (data === NAME) !== isOscillating) throw new Missing(`${checkpoint} is of another world.`);
  return model;
}

const KEPT = 8;  // sequences, and sets of noise
let watched = [];  // {checkpoint, frames, known}: what was known after each frame of those that were watched last
let turn = Promise.resolve();  // one is watched after the other, so that two questions about the same one share the work

// What is known after frames (T, C, H, W), {belief, memory}. Frames that another sequence has begun with are not watched
// again.
export function watch(checkpoint, frames) {
  const done = turn.then(() => watchNow(checkpoint, frames));
  turn = done.catch(() => {});
  return done;
}

async function watchNow(checkpoint, frames) {
  const known = [];
  for (const earlier of watched.filter(one => one.checkpoint === checkpoint)) {
    const same = alike(earlier.frames, frames);
    if (same > known.length) known.splice(0, Infinity, ...earlier.known.slice(0, same));
  }
  const begun = known.length;
  const nothing = row(new Float32Array(config(checkpoint).model.belief_dim));
  for (let frame = begun; frame < frames.shape[0]; frame++) {
    const {belief, memory} = known.at(-1) ?? {belief: nothing, memory: nothing};
    known.push(await run(checkpoint, 'watch', {x: slice(frames, frame, frame + 1), h: belief, c: memory}));
  }
  if (known.length > begun) watched = [...watched, {checkpoint, frames, known}].slice(-KEPT);
  return known.at(-1);
}

// How many frames two sequences begin with alike.
function alike(one, other) {
  const count = Math.min(one.data.length, other.data.length);
  let same = 0;
  while (same < count && one.data[same] === other.data[same]) same++;
  return Math.floor(same * one.shape[0] / one.data.length);
}

const drawn = new Map();  // by seeds and size: a hand needs the same ones again

// Standard normal noise (seeds, size) for each of some draws, as compute/sequences.py: every seed has its own, and the
// draws of a few are the first ones of many.
export function noise(draw, seeds, draws, size) {
  const key = [draw, seeds, size].join();
  if (!(drawn.get(key)?.length >= draws)) drawn.set(key, drawNoise(draw * seeds, seeds, draws, size));
  if (drawn.size > KEPT) drawn.delete(drawn.keys().next().value);
  return drawn.get(key).slice(0, draws);
}

function drawNoise(first, seeds, draws, size) {
  const found = Array.from({length: draws}, () => ({data: new Float32Array(seeds * size), shape: [seeds, size]}));
  for (let seed = 0; seed < seeds; seed++) {
    const normal = new Random(first + seed).normal(draws * size);
    found.forEach(({data}, at) => data.set(normal.subarray(at * size, (at + 1) * size), seed * size));
  }
  return found;
}

// States (S, latent_dim) that are drawn with noise (S, latent_dim) from what is known.
export async function believe(checkpoint, belief, part) {
  const beliefs = take(belief, Array(part.shape[0]).fill(0));
  return (await run(checkpoint, 'believe', {belief: beliefs, noise: part})).z;
}

// States (S, latent_dim) after each of some jumps from a first one, with noise (S, latent_dim) for each of them.
export async function jumpOn(checkpoint, first, lengths, noises, compute = run) {
  const states = [first];
  for (const [i, length] of lengths.entries()) {
    const inputs = {z: states[i], lengths: repeated(length, first.shape[0]), noise: noises[i]};
    states.push((await compute(checkpoint, 'jump', inputs)).later);
  }
  return states.slice(1);
}

export const repeated = (value, count) => ({data: new Int32Array(count).fill(value), shape: [count]});

// Frames (steps, C, H, W) that the plain predictor expects, each after its own last one.
export async function predict(checkpoint, {belief, memory}, steps) {
  const frames = [];
  for (let step = 0; step < steps; step++) {
    if (step) ({belief, memory} = await run(checkpoint, 'watch', {x: frames.at(-1), h: belief, c: memory}));
    frames.push((await run(checkpoint, 'expect', {belief})).x_hat);
  }
  return join(frames);
}
