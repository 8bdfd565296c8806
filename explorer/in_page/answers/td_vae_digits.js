// As answers/td_vae_digits.py.

import {join, range, reshape, size, slice, take, toBytes, vector} from '../arrays.js';
import {around, moved, offset, places, spread} from '../circular.js';
import {Missing, run, runApart} from '../networks.js';
import {list, pixels, whole} from '../question.js';
import {drawn} from './common.js';
import {believe, jumpOn, LARGEST_SEED, modelOf, noise, predict, watch} from './td_vae_states.js';

const [FRAMES, SHOWN, MOST_JUMPS, DRAWS, BELIEVED, FASTEST] = [20, 8, 8, 32, 64, 3];
const WHITE = 255 / 2;
const WAYS = {one: [6], two: [3, 3], six: Array(6).fill(1)};
const [AHEAD] = WAYS.one;
const [BLACK, NOISE, SKIPPED] = [1, 2, 3];

// The picture in black and white where it stands before it moves, and so many frames of it.
function worldOf({checkpoint, x, start, speed, vertical}, count) {
  const {picture_shape: shape} = modelOf(checkpoint);
  const [, height, width] = shape;
  whole(start, 0, width - 1);
  whole(speed, -FASTEST, FASTEST);
  whole(vertical, 0, 1);
  const digit = {data: Float32Array.from(pixels(x, shape), value => (value > WHITE ? 1 : 0)), shape: [height, width]};
  const data = new Float32Array(count * digit.data.length);
  for (let t = 0; t < count; t++) {
    const first = t * digit.data.length;
    digit.data.forEach((value, i) => { data[first + moved(i, start + speed * t, digit.shape, vertical)] = value; });
  }
  return {digit, happens: {data, shape: [count, ...shape]}};
}

const numbered = (first, last, step = 1) =>
  vector(Float32Array.from({length: Math.floor((last - first) / step) + 1}, (_, i) => first + i * step));

export function frames(asked) {
  return {frames: toBytes(worldOf(asked, FRAMES).happens), times: numbered(1, FRAMES)};
}

export async function futures({checkpoint, t, jump, jumps, draw, ...world}) {
  const {latent_dim: dims, picture_shape: shape, longest_jump: longest} = modelOf(checkpoint);
  whole(t, 1, FRAMES);
  whole(jump, 1, longest);
  whole(jumps, 1, MOST_JUMPS);
  whole(draw, 0, LARGEST_SEED);
  const {happens} = worldOf({checkpoint, ...world}, t + jump * jumps);
  const now = await watch(checkpoint, slice(happens, 0, t));
  const [first, ...later] = noise(draw, DRAWS, 1 + jumps, dims);
  const z = await believe(checkpoint, now.belief, first);
  const states = await jumpOn(checkpoint, z, Array(jumps).fill(jump), later);
  const {x_hat} = await runApart(checkpoint, 'decode', {z: join([z, ...states])});
  const predicted = await predict(checkpoint, now, jump * jumps);
  const bySeed = range(0, SHOWN * (1 + jumps)).map(i => i % (1 + jumps) * DRAWS + Math.floor(i / (1 + jumps)));
  const [mean, deviation] = overDraws(x_hat, DRAWS, shape);
  const after = range(0, jumps).map(i => (i + 1) * jump - 1);
  return {
    futures: toBytes(reshape(take(x_hat, bySeed), [SHOWN, 1 + jumps, ...shape])),
    seeds: numbered(DRAWS * draw, DRAWS * draw + SHOWN - 1),
    times: numbered(t, t + jump * jumps, jump),
    truth: toBytes(take(happens, [t - 1, ...after.map(i => t + i)])),
    mean: toBytes(mean),
    spread: toBytes(deviation),
    predicted: toBytes(join([slice(happens, t - 1, t), take(predicted, after)])),
  };
}

// Mean and twice the deviation of each pixel over draws, (N, C, H, W) each, of frames (N · draws, C, H, W).
function overDraws({data, shape: [count]}, draws, shape) {
  const length = size(shape);
  const parts = [0, 1].map(() => ({data: new Float32Array(count / draws * length), shape: [count / draws, ...shape]}));
  parts[0].data.forEach((_, at) => {
    const first = Math.floor(at / length) * draws * length + at % length;
    let [sum, squares] = [0, 0];
    for (let i = first; i < first + draws * length; i += length) {
      sum += data[i];
      squares += data[i] * data[i];
    }
    parts[0].data[at] = sum / draws;
    parts[1].data[at] = 2 * Math.sqrt(Math.max(squares / draws - (sum / draws) ** 2, 0));
  });
  return parts;
}

export async function ways({checkpoint, t, draw, ...world}) {
  const {latent_dim: dims, longest_jump: longest} = modelOf(checkpoint);
  if (longest < AHEAD) throw new Missing(`${checkpoint} does not jump that far.`);
  whole(t, 1, FRAMES);
  whole(draw, 0, LARGEST_SEED);
  const {digit, happens} = worldOf({checkpoint, ...world}, t + AHEAD);
  const {belief} = await watch(checkpoint, slice(happens, 0, t));
  const films = await waysOn(checkpoint, belief, noise(draw, DRAWS, 1 + AHEAD, dims));
  const [goal] = places(slice(happens, t + AHEAD - 1), digit, world.vertical);
  const answer = {truth: toBytes(slice(happens, t - 1)), times: numbered(t, t + AHEAD)};
  for (const [name, {film, last}] of Object.entries(films)) {
    const off = places(last, digit, world.vertical).map(place => offset(place, goal, around(digit.shape, world.vertical)));
    answer[`${name}_film`] = toBytes(film);
    answer[`${name}_samples`] = toBytes(slice(last, 0, SHOWN));
    answer[`${name}_off`] = vector(Float32Array.from(off.slice(0, SHOWN)));
    answer[`${name}_within`] = 100 * off.filter(by => Math.abs(by) <= 1).length / DRAWS;
  }
  return answer;
}

// All that is seen of each way: the film of the first draw, from now on, and the last frames of all draws.
async function waysOn(checkpoint, belief, [first, ...later]) {
  const z = await believe(checkpoint, belief, first);
  const seen = [];
  for (const lengths of Object.values(WAYS)) {
    const states = await jumpOn(checkpoint, z, lengths, later);
    seen.push(...[z, ...states].map(part => slice(part, 0, 1)), states.at(-1));
  }
  const {x_hat} = await runApart(checkpoint, 'decode', {z: join(seen)});
  let at = 0;
  return Object.fromEntries(Object.entries(WAYS).map(([name, {length}]) =>
    [name, {film: slice(x_hat, at, at += 1 + length), last: slice(x_hat, at, at += DRAWS)}]));
}

export async function blind({checkpoint, t, marks, later, draw, ...world}) {
  const {latent_dim: dims, picture_shape: shape, longest_jump: longest} = modelOf(checkpoint);
  whole(t, 1, FRAMES);
  whole(later, 1, longest);
  whole(draw, 0, LARGEST_SEED);
  const done = list(marks, FRAMES).map(mark => whole(mark, 0, SKIPPED));
  const {digit, happens} = worldOf({checkpoint, ...world}, FRAMES + later);
  const seen = blinded(slice(happens, 0, FRAMES), done);
  const told = take(seen, range(0, t).filter(frame => done[frame] !== SKIPPED));
  if (!told.shape[0]) throw new Missing('The model is shown nothing.');
  const noises = noise(draw, BELIEVED, 2, dims);
  const z = join(await believed(checkpoint, slice(happens, 0, t), told, slice(happens, t, t + later), noises));
  const {x_hat} = await runApart(checkpoint, 'decode', {z});
  const [mean, deviation] = overDraws(x_hat, BELIEVED, shape);
  const found = places(x_hat, digit, world.vertical);
  const answer = {seen: toBytes(seen)};
  for (const [i, name] of ['clear', 'blind', 'smoothed'].entries()) {
    const first = i * BELIEVED;
    const place = spread(found.slice(first, first + BELIEVED), around(digit.shape, world.vertical));
    answer[`${name}_samples`] = toBytes(slice(x_hat, first, first + SHOWN));
    answer[`${name}_summary`] = toBytes(join([mean, deviation].map(part => slice(part, i, i + 1))));
    answer[`${name}_deviation`] = place.deviation;
    answer[`${name}_places`] = place.count;
  }
  return answer;
}

// States had all frames been clear, after those that were told, and once some later ones are seen as well.
async function believed(checkpoint, clear, told, later, noises) {
  const [ifClear, now, afterwards] = [
    await watch(checkpoint, clear), await watch(checkpoint, told), await watch(checkpoint, join([told, later])),
  ];
  const {z} = await run(checkpoint, 'look_back', {
    belief: vector(now.belief.data),
    later_belief: vector(afterwards.belief.data),
    noise: reshape(join(noises), [2, ...noises[0].shape]),
    length: {data: Int32Array.of(later.shape[0]), shape: []},
  });
  return [await believe(checkpoint, ifClear.belief, noises[0]), await believe(checkpoint, now.belief, noises[0]), z];
}

// Frames with what their marks say done to them; skipped ones stay.
function blinded(happens, marks) {
  return join(marks.map((mark, frame) => {
    const one = slice(happens, frame, frame + 1);
    if (mark === BLACK) return {...one, data: new Float32Array(one.data.length)};
    if (mark === NOISE) return {...one, data: Float32Array.from(drawn([0, frame], 'coins', one.data.length))};
    return one;
  }));
}
