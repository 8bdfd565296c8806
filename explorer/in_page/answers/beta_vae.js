// As answers/beta_vae.py.

import {byFallingValue, floats, join, none, reshape, row, slice, toBytes, vector} from '../arrays.js';
import {render, SIZES} from '../dsprites.js';
import {config, names, runApart} from '../networks.js';
import {whole} from '../question.js';
import {code, known, traversed} from './common.js';
import {gaussian} from './vae.js';

const STEPS = 7;
const LIMITS = {three: 3, prior: 2.5758293035489};  // of the prior: the second holds 99 % of it
const [INACTIVE, ROWS, FEWER, MANY] = [.05, 8, 4, 6];
const AT_ONCE = 3;  // rows that are drawn anew together: a hand sees some of ten move at once, and the others next

export function placeDsprites(factors) {
  const indices = Object.entries(SIZES).map(([name, size]) => [name, whole(factors[name], 0, size - 1)]);
  return {x: render(Object.fromEntries(indices))};
}

export async function encode({checkpoint, x}) {
  const {mu, sigma, kl} = await gaussian(checkpoint, x);
  const sum = kl.reduce((total, one) => total + one, 0);
  return {mu: vector(mu), sigma: vector(sigma), z: vector(mu), kl_each: vector(kl), kl: sum};
}

const posteriors = new Map();  // ends of sliders where real codes lie, as the server has told them

// Checkpoint -> the rows that were drawn last, the oldest first: one does not depend on its own dimension.
const grids = new Map();

// All strips, but only some of those that have changed are drawn anew: "unfinished" says that there are more.

export async function traversals({checkpoint, z, dimensions, span}) {
  const {latent_dim: dims, picture_shape: shape} = config(checkpoint).model;
  const chosen = Array.from(dimensions.data ?? dimensions);
  const {low, high} = span === 'posterior' ? known(posteriors, checkpoint) : limits(LIMITS[span], dims);
  const {data} = code(z);
  const rows = grids.get(`${checkpoint} ${span}`) ?? new Map();
  grids.set(`${checkpoint} ${span}`, rows);
  const others = dimension => data.filter((_, i) => i !== dimension).join();
  const missing = chosen.filter(dimension => !rows.has(dimension));
  const stale = [...rows.keys()].filter(dimension => chosen.includes(dimension) && rows.get(dimension).others !== others(dimension));
  const now = [...missing, ...stale].slice(0, Math.max(missing.length, AT_ONCE));
  if (now.length) {
    const {x_hat} = await runApart(checkpoint, 'decode', {z: traversed(data, now, low.data, high.data, STEPS)});
    const drawn = toBytes(x_hat);
    now.forEach((dimension, place) => {
      rows.delete(dimension);
      rows.set(dimension, {others: others(dimension), strip: slice(drawn, place * STEPS, (place + 1) * STEPS)});
    });
  }
  const strips = chosen.length ? join(chosen.map(dimension => rows.get(dimension).strip)) : none(shape);
  const unfinished = now.length < missing.length + stale.length;
  return {strips, low, high, ...(unfinished && {unfinished})};
}

export function learnTraversals({checkpoint, span}, {low, high}) {
  if (span === 'posterior') posteriors.set(checkpoint, {low, high});
}

function limits(limit, dims) {
  const high = new Float32Array(dims).fill(limit);
  return {low: vector(high.map(value => -value)), high: vector(high)};
}

// One model's part of the comparison.
export async function through({checkpoint, data, x, z, hold}) {
  const {model, profile, data: own} = config(checkpoint);
  const shape = model.picture_shape;
  if (own !== data) {
    return {x_hat: none(shape), strips: none(shape), kl: vector(new Float32Array(0))};
  }
  const held = hold === 'z' ? floats(z) : (await gaussian(checkpoint, x)).mu;
  const kl = Float32Array.from(profile.kl_per_dimension);
  const rows = names('beta_vae').filter(name => config(name).data === data).length <= MANY ? ROWS : FEWER;
  const foremost = byFallingValue(kl).slice(0, rows).filter(dimension => kl[dimension] >= INACTIVE);
  const ends = limits(3, held.length);
  const points = join([row(held), traversed(held, foremost, ends.low.data, ends.high.data, STEPS)]);
  const {x_hat} = await runApart(checkpoint, 'decode', {z: points});
  const drawn = toBytes(x_hat);
  const amounts = foremost.flatMap(dimension => Array(STEPS).fill(kl[dimension]));
  return {
    x_hat: reshape(slice(drawn, 0, 1), shape),
    strips: slice(drawn, 1),
    kl: vector(Float32Array.from(amounts)),
  };
}
