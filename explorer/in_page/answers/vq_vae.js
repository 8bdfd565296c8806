// As answers/vq_vae.py.

import {pictures, reshape, toBytes, vector} from '../arrays.js';
import {config, run} from '../networks.js';

const CELL = 4;
const FAR = .5;  // squared distance, per number, that is drawn as white

export async function encode({checkpoint, x}) {
  const {codes, distances} = await run(checkpoint, 'quantize', {x: pictures(x, config(checkpoint).model.picture_shape)});
  const [, ...grid] = codes.shape;
  return {
    codes: {data: Float32Array.from(codes.data), shape: grid},
    distances: toBytes({data: distances.data.map(value => value / FAR), shape: distances.shape}),
    distance: distances.data.reduce((sum, value) => sum + value, 0) / distances.data.length,
  };
}

export async function decode({checkpoint, codes}) {
  const shape = config(checkpoint).model.picture_shape;
  const z = reshape(vector(Int32Array.from(codes.data ?? codes)), [1, shape[1] / CELL, shape[2] / CELL]);
  return {x_hat: toBytes(reshape((await run(checkpoint, 'decode', {z})).x_hat, shape))};
}
