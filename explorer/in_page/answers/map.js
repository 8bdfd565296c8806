// As answers/map.py.

import {floats, toBytes} from '../arrays.js';
import {config} from '../networks.js';
import {code, decodeAll} from './common.js';

const AMOUNT = 3;  // of the attribute vector, either way

export async function steer({checkpoint, z, direction, amount}) {
  const vector = floats(direction);
  if (!vector.length) return {x_hat: {data: new Uint8Array(0), shape: [0, ...config(checkpoint).model.picture_shape]}};
  const step = Math.min(Math.max(amount, -AMOUNT), AMOUNT);
  const {data, shape} = code(z);
  return {x_hat: toBytes(await decodeAll(checkpoint, {data: data.map((value, i) => value + Math.fround(step * vector[i])), shape}))};
}
