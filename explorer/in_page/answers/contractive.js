// As answers/contractive.py.

import {clamp, distance, floats, join, pictures, reshape, row, size, toBytes, vector} from '../arrays.js';
import {beside, config, run} from '../networks.js';
import {codePicture, drawn, shapeOf} from './common.js';

const LARGEST_AMOUNT = 6;

export async function sensitivity({x, scale, data}) {
  const shape = shapeOf(x);
  const pixels = pictures(x, shape);
  const seen = [];
  for (const name of beside(`contractive ${data}`)) seen.push({units: unitsOf(name), ...await run(name, 'sensitivity', {x: pixels})});
  const largest = seen.map(({norms}) => norms.data.reduce((most, norm) => Math.max(most, norm), 0));
  const all = Math.max(...largest);
  const maps = seen.map(({norms}, i) => {
    const most = Math.max(scale === 'own' ? largest[i] : all, 1e-12);
    return {data: norms.data.map(norm => norm / most), shape: [1, ...shape]};
  });
  const hats = join(seen.map(({x_hat}) => x_hat));
  const squares = seen.map(({norms, units}) => 1e4 * norms.data.reduce((sum, norm) => sum + norm ** 2, 0) / size(shape) / units);
  return {
    maps: toBytes(join(maps)),
    x_hats: toBytes(hats),
    jacobian: vector(Float32Array.from(squares)),
    saturation: vector(Float32Array.from(seen, ({saturated}) => 100 * saturated.data[0])),
    error: vector(Float32Array.from(seen, ({x_hat}) => distance(x_hat.data, pixels.data) ** 2)),
  };
}

function unitsOf(name) {
  const {model} = config(name);
  return model.hidden?.[0] ?? model.latent_dim;
}

export async function push({checkpoint, x, direction, amount}) {
  const shape = shapeOf(x);
  const pixels = pictures(x, shape);
  const v = floats(direction);
  const step = Math.fround(clamp(amount, -LARGEST_AMOUNT, LARGEST_AMOUNT));
  const pushed = pixels.data.map((value, i) => value + Math.fround(step * v[i]));
  const far = distance(pushed, pixels.data);
  const both = join([pixels, {data: pushed, shape: pixels.shape}]);
  const travels = {};
  let own, code;
  for (const [i, name] of beside(`contractive ${config(checkpoint).data}`).entries()) {
    const {travelled, there} = await travel(name, both);
    travels[`travel_${i}`] = travelled;
    if (name === checkpoint) [own, code] = [travelled, there];
  }
  const {x_hat} = await run(checkpoint, 'decode', {z: code});
  const ratio = far ? own / far : await stretch(checkpoint, pixels, v);
  const picture = codePicture(code);
  return {
    pushed: toBytes({data: pushed, shape}),
    code: reshape(picture, picture.shape.slice(1)),
    x_hat: toBytes(reshape(x_hat, shape)),
    distance: far,
    travelled: own,
    ratio,
    ...travels,
  };
}

// The code of the second of two pictures, and how far it is from that of the first.
async function travel(name, both) {
  const {z} = await run(name, 'units', {x: both});
  const half = z.data.length / 2;
  return {travelled: distance(z.data.subarray(0, half), z.data.subarray(half)), there: row(z.data.slice(half))};
}

// The picture turned, shifted and noisy, and how far each model's code has travelled on the scale of its codes.
export async function moved({x, dx, dy, degrees, noise, seed, data}) {
  const shape = shapeOf(x);
  const pixels = pictures(x, shape);
  const turned = move(pixels.data, shape, clamp(dx, -5, 5), clamp(dy, -5, 5), clamp(degrees, -45, 45));
  const deviation = Math.fround(clamp(noise, 0, 1));
  const normal = drawn(Number(seed), 'normal', size(shape));
  const there = turned.map((value, i) => value + Math.fround(deviation * normal[i]));
  const both = join([pixels, {data: there, shape: pixels.shape}]);
  const travels = {};
  for (const [i, name] of beside(`contractive ${data}`).entries()) {
    const {travelled} = await travel(name, both);
    const scale = config(name).profile.code_distance;
    if (scale) travels[`travel_${i}`] = travelled / scale;
  }
  return {moved: toBytes({data: there, shape}), ...travels};
}

// As compute/movement.py: a turn about the centre, then a shift; black comes in from outside.
function move(x, [, height, width], dx, dy, degrees) {
  const [cos, sin] = [Math.cos(degrees * Math.PI / 180), Math.sin(degrees * Math.PI / 180)];
  const area = height * width;
  return x.map((_, i) => {
    const first = i - i % area;  // of its channel
    const at = (v, u) => (v >= 0 && v < height && u >= 0 && u < width ? x[first + v * width + u] : 0);  // row and column
    const right = i % width - dx - (width - 1) / 2;
    const down = Math.floor(i % area / width) - dy - (height - 1) / 2;
    const [v, u] = [sin * right + cos * down + (height - 1) / 2, cos * right - sin * down + (width - 1) / 2];
    const [top, left] = [Math.floor(v), Math.floor(u)];
    const [below, beyond] = [v - top, u - left];
    return (1 - below) * (1 - beyond) * at(top, left) + (1 - below) * beyond * at(top, left + 1)
      + below * (1 - beyond) * at(top + 1, left) + below * beyond * at(top + 1, left + 1);
  });
}

// What the ratio tends to for a small step.
async function stretch(checkpoint, x, v) {
  return (await run(checkpoint, 'stretch', {x, v: vector(v)})).ratio.data[0];
}
