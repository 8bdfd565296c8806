// As answers/k_sparse.py.

import {byFallingValue, clamp, join, pictures, reshape, row, signedToBytes, slice, squaredErrors, toBytes, vector} from '../arrays.js';
import {beside, config, run} from '../networks.js';
import {codePicture} from './common.js';

const [STRIP, STRONGEST] = [20, 6];

const centres = new Map();  // of models: what the sum of their atoms is added to

// The k units with the largest activations, their amounts, and the atom of each.
async function findActive(checkpoint, x, k) {
  const z = (await run(checkpoint, 'units', {x})).z.data;
  const units = Int32Array.from(byFallingValue(z).slice(0, k || config(checkpoint).model.k));
  const {filters} = await run(checkpoint, 'filters_of', {units: vector(units)});
  if (!centres.has(checkpoint)) {
    centres.set(checkpoint, (await run(checkpoint, 'reconstruct', {z: row(new Float32Array(z.length))})).flat.data);
  }
  return {units, amounts: Float32Array.from(units, unit => z[unit]), rows: filters, centre: centres.get(checkpoint)};
}

// Flat pictures, cut to [0, 1], of the sums of the first atoms: of none, of one, ….
function sums({amounts, rows, centre}) {
  const size = centre.length;
  const all = new Float32Array((amounts.length + 1) * size);
  all.set(centre);
  for (let i = size; i < all.length; i++) {
    all[i] = all[i - size] + Math.fround(amounts[Math.floor(i / size) - 1] * rows.data[i - size]);
  }
  return {data: all.map(value => clamp(value, 0, 1)), shape: [amounts.length + 1, size]};
}

// The last of these sums alone, flat.
function reconstruction({amounts, rows, centre}) {
  const sum = Float32Array.from(centre);
  amounts.forEach((amount, atom) => {
    const start = atom * sum.length;
    for (let i = 0; i < sum.length; i++) sum[i] += Math.fround(amount * rows.data[start + i]);
  });
  return sum.map(value => clamp(value, 0, 1));
}

export async function compare({x, k, data}) {
  const names = beside(`k_sparse ${data}`);
  const shape = config(names[0]).model.picture_shape;
  const pixels = pictures(x, shape);
  const active = [];
  for (const name of names) active.push(await findActive(name, pixels, k));
  const hats = join(active.map(one => row(reconstruction(one))));
  const most = Math.max(...names.map(name => config(name).model.latent_dim));
  return {
    maps: codePicture(join(active.map(one => codeMap(one, most)))),
    strongest: {data: join(active.map(one => inARow(one.rows, shape))).data, shape: [names.length, shape[0], shape[1], STRONGEST * shape[2]]},
    x_hat: toBytes(reshape(hats, [names.length, ...shape])),
    error: vector(squaredErrors(hats, pixels.data)),
    count: vector(Float32Array.from(active, one => one.units.length)),
  };
}

export async function atoms({checkpoint, x, k, n}) {
  const shape = config(checkpoint).model.picture_shape;
  const pixels = pictures(x, shape);
  const active = await findActive(checkpoint, pixels, k);
  const count = active.units.length;
  const added = Math.min(n, count);
  const partial = sums(active);
  const errors = squaredErrors(partial, pixels.data);
  const last = Math.max(added, 1) - 1;
  const atom = added ? slice(active.rows, last, last + 1) : row(new Float32Array(pixels.data.length));
  const strip = slice(active.rows, 0, Math.min(STRIP, count));
  return {
    strip: signedToBytes(reshape(strip, [strip.shape[0], ...shape])),
    amounts: vector(active.amounts.slice(0, STRIP)),
    units: vector(Float32Array.from(active.units.slice(0, STRIP))),
    partial: toBytes(reshape(slice(partial, added, added + 1), shape)),
    added: signedToBytes(reshape(atom, [1, ...shape])),
    added_unit: vector(Float32Array.of(active.units[last])),
    amount: added ? active.amounts[last] : 0,
    error: errors[added],
    n: added,
    count,
    axis: vector(errors.map((_, i) => i)),
    errors: vector(errors),
  };
}

// A code relative to its largest activation; what is inactive or negative is 0.
function codeMap({units, amounts}, size) {
  const data = new Float32Array(size);
  units.forEach((unit, i) => { data[unit] = Math.max(amounts[i], 0) / Math.max(amounts[0], 1e-12); });
  return row(data);
}

// Up to STRONGEST atoms as one picture; where there are fewer, the rest is black.
function inARow(rows, [channels, height, width]) {
  const some = slice(rows, 0, Math.min(STRONGEST, rows.shape[0]));
  const bytes = signedToBytes(reshape(some, [some.shape[0], channels, height, width])).data;
  const data = new Uint8Array(STRONGEST * channels * height * width);
  for (let atom = 0; atom < some.shape[0]; atom++) {
    for (let line = 0; line < channels * height; line++) {
      const from = (atom * channels * height + line) * width;
      data.set(bytes.subarray(from, from + width), (line * STRONGEST + atom) * width);
    }
  }
  return row(data);
}
