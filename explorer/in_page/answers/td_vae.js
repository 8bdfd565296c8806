// As answers/td_vae_digits.py.

import {join, pictures, range, reshape, row, slice, take, toBytes, vector} from '../arrays.js';
import {config, run, runApart} from '../networks.js';
import {drawn} from './common.js';

const [FRAMES, SHOWN, DRAWS, WHITE] = [20, 8, 32, .5];

// So many frames of 0 and 1 of a picture that moves.
function world(checkpoint, x, start, speed, vertical, count) {
  const shape = config(checkpoint).model.picture_shape;
  const [, height, width] = shape;
  const white = pictures(x, shape).data.map(value => (value > WHITE ? 1 : 0));
  const data = new Float32Array(count * white.length);
  for (let t = 0; t < count; t++) {
    const by = start + speed * t;
    for (let i = 0; i < white.length; i++) {
      const [r, c] = [Math.floor(i / width), i % width];
      const to = vertical ? modulo(r + by, height) * width + c : r * width + modulo(c + by, width);
      data[t * white.length + to] = white[i];
    }
  }
  return {data, shape: [count, ...shape]};
}

const modulo = (value, size) => ((value % size) + size) % size;

export function frames({checkpoint, x, start, speed, vertical}) {
  const happens = world(checkpoint, x, start, speed, vertical, FRAMES);
  return {frames: toBytes(happens), times: vector(Float32Array.from({length: FRAMES}, (_, t) => t + 1))};
}

let watched = {key: '', memories: []};  // what is known after each frame of the last world

// What is known after each of so many frames of a world; a hand that moves t goes on from where it was.
async function watch(checkpoint, happens, t, key) {
  if (watched.key !== key) watched = {key, memories: []};
  const {memories} = watched;
  const units = config(checkpoint).model.belief_dim;
  let last = memories.at(-1) ?? {belief: row(new Float32Array(units)), memory: row(new Float32Array(units))};
  for (let frame = memories.length; frame < t; frame++) {
    last = await run(checkpoint, 'watch', {x: slice(happens, frame, frame + 1), h: last.belief, c: last.memory});
    memories.push(last);
  }
  return memories[t - 1];
}

export async function futures({checkpoint, x, start, speed, vertical, t, jump, jumps, draw}) {
  const {latent_dim: dims, picture_shape: shape} = config(checkpoint).model;
  const happens = world(checkpoint, x, start, speed, vertical, t + jump * jumps);
  const seeds = Array.from({length: DRAWS}, (_, i) => DRAWS * draw + i);
  const noise = seeds.map(seed => drawn(seed, 'normal', (1 + jumps) * dims));
  const now = await watch(checkpoint, happens, t, [checkpoint, (x.data ?? x).join(), start, speed, vertical].join());
  const states = await jumpOn(checkpoint, now.belief, noise, jump, jumps, dims);
  const {x_hat} = await runApart(checkpoint, 'decode', {z: join(states)});
  const times = Array.from({length: 1 + jumps}, (_, i) => t + i * jump);
  const truth = take(happens, times.map(time => time - 1));
  const bySeed = range(0, SHOWN * times.length).map(i => i % times.length * DRAWS + Math.floor(i / times.length));
  const [mean, spread] = overDraws(x_hat, 1 + jumps, shape);
  return {
    futures: toBytes(reshape(take(x_hat, bySeed), [SHOWN, 1 + jumps, ...shape])),
    seeds: vector(Float32Array.from(seeds.slice(0, SHOWN))),
    times: vector(Float32Array.from(times)),
    truth: toBytes(truth),
    mean: toBytes(mean),
    spread: toBytes(spread),
    predicted: toBytes(join([slice(happens, t - 1, t), ...await predict(checkpoint, now, jump, jumps)])),
  };
}

// States (DRAWS, dims) now and after each jump.
async function jumpOn(checkpoint, belief, noise, jump, jumps, dims) {
  const part = step => ({
    data: Float32Array.from(noise.flatMap(one => Array.from(one.subarray(step * dims, (step + 1) * dims)))),
    shape: [DRAWS, dims],
  });
  const lengths = {data: new Int32Array(DRAWS).fill(jump), shape: [DRAWS]};
  const known = take(belief, Array(DRAWS).fill(0));
  const states = [(await run(checkpoint, 'believe', {belief: known, noise: part(0)})).z];
  for (let i = 1; i <= jumps; i++) states.push((await run(checkpoint, 'jump', {z: states.at(-1), lengths, noise: part(i)})).later);
  return states;
}

// The frames after each jump that the plain predictor expects, each from its own last one.
async function predict(checkpoint, {belief, memory}, jump, jumps) {
  const found = [];
  for (let step = 1; step <= jump * jumps; step++) {
    const {x_hat} = await run(checkpoint, 'expect', {belief});
    if (step % jump === 0) found.push(x_hat);
    if (step < jump * jumps) ({belief, memory} = await run(checkpoint, 'watch', {x: x_hat, h: belief, c: memory}));
  }
  return found;
}

// Mean and twice the deviation of each pixel over the draws, (times, C, H, W) each.
function overDraws({data}, times, shape) {
  const size = data.length / (times * DRAWS);
  const [mean, spread] = [new Float32Array(times * size), new Float32Array(times * size)];
  for (let time = 0; time < times; time++) {
    for (let pixel = 0; pixel < size; pixel++) {
      let [sum, squares] = [0, 0];
      for (let d = 0; d < DRAWS; d++) {
        const value = data[(time * DRAWS + d) * size + pixel];
        sum += value;
        squares += value * value;
      }
      const at = time * size + pixel;
      mean[at] = sum / DRAWS;
      spread[at] = 2 * Math.sqrt(Math.max(squares / DRAWS - (sum / DRAWS) ** 2, 0));
    }
  }
  return [mean, spread].map(part => ({data: part, shape: [times, ...shape]}));
}
