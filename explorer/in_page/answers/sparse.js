// As answers/sparse.py.

import {byFallingValue, clamp, join, pictures, signedToBytes, reshape, squaredErrors, toBytes, vector} from '../arrays.js';
import {config, run} from '../networks.js';

const [ACTIVE, STRONGEST, LARGEST_FACTOR] = [.5, 8, 5];
const [SIDE, SEAM] = [8, 56];  // of a cell, and the grey that keeps cells apart

export async function respond({checkpoint, x, unit, factor}) {
  const shape = config(checkpoint).model.picture_shape;
  const pixels = pictures(x, shape);
  const {z} = await run(checkpoint, 'encode', {x: pixels});
  const changed = Float32Array.from(z.data);
  changed[unit] *= clamp(factor, 0, LARGEST_FACTOR);
  const {x_hat} = await run(checkpoint, 'decode', {z: join([z, {data: changed, shape: z.shape}])});
  const [asIs, multiplied] = [x_hat.data.subarray(0, pixels.data.length), x_hat.data.subarray(pixels.data.length)];
  const difference = multiplied.map((value, i) => .5 + Math.fround(value - asIs[i]));
  return {
    pictures: toBytes(join([x_hat, {data: difference, shape: [1, ...shape]}])),
    errors: vector(squaredErrors(x_hat, pixels.data)),
    change: squaredErrors({data: multiplied, shape: [1]}, asIs)[0],
    activation: z.data[unit],
    ...await mostActive(checkpoint, z.data, shape),
  };
}

async function mostActive(checkpoint, z, shape) {
  const strongest = byFallingValue(z).slice(0, STRONGEST);
  const units = {data: Int32Array.from(strongest), shape: [strongest.length]};
  const {filters} = await run(checkpoint, 'filters_of', {units});
  return {
    z: vector(z),
    cells: cells(z),
    numbers: vector(z.map((_, i) => i)),
    active: z.filter(value => value > ACTIVE).length,
    mean: z.reduce((sum, value) => sum + value, 0) / z.length,
    strongest: vector(Float32Array.from(strongest)),
    strongest_z: vector(Float32Array.from(strongest, i => z[i])),
    strongest_filters: signedToBytes(reshape(filters, [strongest.length, ...shape])),
  };
}

// Activations as tiles with a grey seam on two sides.
function cells(z) {
  const bytes = toBytes(vector(z)).data;
  const data = new Uint8Array(z.length * SIDE * SIDE).fill(SEAM);
  bytes.forEach((value, cell) => {
    for (let row = 1; row < SIDE; row++) {
      const start = (cell * SIDE + row) * SIDE;
      data.fill(value, start + 1, start + SIDE);
    }
  });
  return {data, shape: [z.length, 1, SIDE, SIDE]};
}
