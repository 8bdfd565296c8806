// As answers/autoencoder.py.

import {clamp, pictures, squaredErrors, toBytes, vector} from '../arrays.js';
import {config, run} from '../networks.js';

const GRID = Float32Array.from({length: 199}, (_, i) => .005 + .005 * i);  // values of x̂

// Of one pixel: squared error, cross-entropy, and their slopes in front of a sigmoid.
export function losses({pixel, drawn}) {
  const squared = x_hat => (pixel - x_hat) ** 2;
  const entropy = x_hat => -pixel * Math.log(x_hat) - (1 - pixel) * Math.log1p(-x_hat);
  const here = clamp(drawn, GRID[0], GRID.at(-1));
  return {
    shown: vector(GRID),
    squared: vector(GRID.map(squared)),
    entropy: vector(GRID.map(entropy)),
    squared_here: squared(here),
    entropy_here: entropy(here),
    squared_slope: 2 * (here - pixel) * here * (1 - here),
    entropy_slope: here - pixel,
  };
}

export async function pca({checkpoint, x, dimensions}) {
  const pixels = pictures(x, config(checkpoint).model.picture_shape);
  const dim = {data: Int32Array.of(dimensions), shape: []};
  const {x_pca} = await run(checkpoint, 'pca_reconstruction', {x: pixels, dim});
  return {x_pca: toBytes(x_pca), error: squaredErrors(x_pca, pixels.data)[0]};
}
