// As answers/denoising.py.

import {clamp, distance, join, none, pictures, range, reshape, size, squaredErrors, take, toBytes, vector} from '../arrays.js';
import {beside, config, Missing, run} from '../networks.js';
import {codePicture, DIGIT, drawn, PICTURE_SLACK, shapeOf} from './common.js';

const LAYERS = 5;

export async function denoise({data, x, x_tilde, times, focus}) {
  const [clean, spoilt] = [pictures(x, shapeOf(x)), pictures(x_tilde, shapeOf(x), PICTURE_SLACK)];
  const names = beside(`denoising ${data}`);
  const passes = [];
  for (const name of names) passes.push(await denoised(name, spoilt, times));
  const hats = join(passes.map(({last}) => last));
  const shown = {...spoilt, data: spoilt.data.map(value => clamp(value, 0, 1))};
  const every = join([clean, shown, hats]);
  const psnr = ratios(every, clean.data);
  const pair = [0, 1, 2 + focus % names.length];
  return {
    x_hat: toBytes(hats),
    psnr: vector(psnr.slice(2)),
    moved: vector(Float32Array.from(passes, ({last, before}) => distance(last.data, before.data))),
    spoilt_psnr: psnr[1],
    pair: toBytes(take(every, pair)),
    pair_psnr: vector(Float32Array.from(pair, i => psnr[i])),
  };
}

// Of other pictures the server says what there is.
function onlyOf(x, shape) {
  if ((x.data ?? x).length !== size(shape)) throw new Missing(`This model takes pictures of ${shape.join(' × ')}.`);
}

async function denoised(name, x, times) {
  let [before, last] = [x, x];
  for (let i = 0; i < times; i++) [before, last] = [last, (await run(name, 'decode', await run(name, 'encode', {x: last}))).x_hat];
  return {before, last};
}

// PSNR of pictures in dB against a clean one.
function ratios(hats, clean) {
  return squaredErrors(hats, clean).map(error => -10 * Math.log10(error / clean.length));
}

export async function dropout({checkpoint, x, dropped, seed}) {
  onlyOf(x, DIGIT);
  const left = ({data, shape}, scale) => {
    const uniform = drawn(seed, 'uniform', data.length);
    return {data: data.map((value, i) => (uniform[i] >= dropped ? value * scale : 0)), shape};
  };
  const clean = pictures(x, DIGIT);
  const masked = left(clean, 1);
  const maskedCode = (await run(checkpoint, 'encode', {x: masked})).z;
  const code = left((await run(checkpoint, 'encode', {x: clean})).z, 1 / (1 - dropped));
  return {
    clean_x: toBytes(clean),
    masked_x: toBytes(masked),
    masked_code: codePicture(maskedCode),
    masked_x_hat: toBytes((await run(checkpoint, 'decode', {z: maskedCode})).x_hat),
    dropped_code: codePicture(code),
    dropped_x_hat: toBytes((await run(checkpoint, 'decode', {z: code})).x_hat),
  };
}

export async function layers({checkpoint, x_tilde}) {
  const shape = config(checkpoint).model.picture_shape;
  onlyOf(x_tilde, shape);
  const x = pictures(x_tilde, shape, PICTURE_SLACK);
  const codes = await run(checkpoint, 'encode_layers', {x});
  const {depths} = await run(checkpoint, 'decode_layers', {x});
  const answer = Object.fromEntries(range(1, LAYERS + 1).map(layer => [`code_${layer}`, none(shape)]));
  for (const [name, code] of Object.entries(codes)) {
    const picture = codePicture(code);
    answer[name] = reshape(picture, picture.shape.slice(1));
  }
  return {...answer, depths: toBytes(depths)};
}
