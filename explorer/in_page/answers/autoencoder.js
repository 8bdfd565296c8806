// As answers/autoencoder.py.

import {pictures, squaredErrors, toBytes} from '../arrays.js';
import {config, run} from '../networks.js';

export async function pca({checkpoint, x, dimensions}) {
  const pixels = pictures(x, config(checkpoint).model.picture_shape);
  const dim = {data: Int32Array.of(dimensions), shape: []};
  const {x_pca} = await run(checkpoint, 'pca_reconstruction', {x: pixels, dim});
  return {x_pca: toBytes(x_pca), error: squaredErrors(x_pca, pixels.data)[0]};
}
