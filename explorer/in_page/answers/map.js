// As answers/map.py.

import {loadJson} from '../../widgets/kit.js';
import {ATLAS, loadAtlas} from '../../widgets/sample_sheet.js';
import {clamp, floats, none, pictures, reshape, squaredErrors, toBytes, vector} from '../arrays.js';
import {config, hasAtlas, Missing, run} from '../networks.js';
import {once} from '../once.js';
import {code, decodeAll} from './common.js';

const AMOUNT = 3;  // of the attribute vector, either way
const {side: SIDE, columns: COLUMNS} = ATLAS;

export async function steer({checkpoint, z, direction, amount}) {
  const added = floats(direction);
  if (!added.length) return {x_hat: none(config(checkpoint).model.picture_shape)};
  const step = clamp(amount, -AMOUNT, AMOUNT);
  const {data, shape} = code(z);
  return {x_hat: toBytes(await decodeAll(checkpoint, {data: data.map((value, i) => value + Math.fround(step * added[i])), shape}))};
}

const atlases = new Map();  // by picture set: the sheet of its test pictures, and their labels

// A test picture of a set that has all of them in one sheet, and what the model makes of it.
export async function point({checkpoint, index}) {
  const {data, model: {picture_shape: shape}} = config(checkpoint);
  if (!hasAtlas(data)) throw new Missing(`The page has no test pictures of ${data}.`);
  if (!atlases.has(data)) {
    once(`atlas of ${data}`, async () => {
      const [sheet, labels] = await Promise.all([loadAtlas(data), loadJson('samples/atlas.json')]);
      atlases.set(data, {sheet, labels: labels[data]});
    });
    throw new Missing(`The test pictures of ${data} are not here yet.`);
  }
  const {sheet, labels} = atlases.get(data);
  const bytes = tile(sheet, index);
  const x = pictures(bytes, shape);
  const {z} = await run(checkpoint, 'encode', {x});
  const {x_hat} = await run(checkpoint, 'decode', {z});
  return {
    x: {data: bytes, shape},
    z: vector(z.data),
    x_hat: toBytes(reshape(x_hat, shape)),
    error: squaredErrors(x_hat, x.data)[0],
    label: Number(labels[index]),
    factors: {data: new Uint8Array(0), shape: [0]},
  };
}

const canvas = Object.assign(document.createElement('canvas'), {width: SIDE, height: SIDE}).getContext('2d', {willReadFrequently: true});

// Grey pixels of a tile.
function tile(sheet, index) {
  const [left, top] = [index % COLUMNS * SIDE, Math.floor(index / COLUMNS) * SIDE];
  canvas.drawImage(sheet, left, top, SIDE, SIDE, 0, 0, SIDE, SIDE);
  const {data} = canvas.getImageData(0, 0, SIDE, SIDE);
  return Uint8Array.from({length: SIDE * SIDE}, (_, i) => data[4 * i]);
}
