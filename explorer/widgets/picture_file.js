// A file of the visitor's, read in the page: it is never uploaded.

import {borderTones, findInk} from './ink.js';

const LARGEST_FILE = 100e6;  // bytes
const LARGEST_PICTURE = 120e6;  // pixels
const WORK = 256;  // longer side of a file's picture while it is worked on
const BOX = 20 / 28;  // MNIST fits the ink into 20 × 20 and puts its centre of mass in the middle
const UNEVEN = 100;  // levels of grey between the tones of a border that is no ground
const UNIFORM = 40;  // levels of grey by which the tones of one ink deviate at most

// The file as a picture {data, shape: [channels, side, side]}; a grey one is light on dark, a digit told from its ground,
// boxed and centred like MNIST.
export async function fromFile(chosen, side, channels, digit) {
  const image = await decode(chosen);
  const shape = [channels, side, side];
  layOnGround(image, channels);
  if (channels === 3) return {data: planes(fit(image, whole(image), side, '#fff'), 3), shape};
  const grey = toGrey(image);
  const ink = digit ? findInk(grey) : null;
  if (ink) return {data: centreMass(stretch(planes(fit(greyImage(ink), inkBox(ink), side, '#000'), 1)), side), shape};
  if (digit && !isShaded(grey)) throw new Error('Nothing in this picture stands out from its ground.');
  return {data: planes(fit(greyImage(lightOnDark(grey)), whole(grey), side, '#000'), 1), shape};
}

// Upright, and shrunk while it is decoded: photographs of phones have 50 megapixels.
async function decode(chosen) {
  if (chosen.size > LARGEST_FILE) throw new Error(`The file is larger than ${LARGEST_FILE / 1e6} MB.`);
  const address = URL.createObjectURL(chosen);
  try {
    const {width, height} = await measure(address);
    if (width * height > LARGEST_PICTURE) {
      throw new RangeError(`The picture has ${Math.round(width * height / 1e6)} megapixels; ${LARGEST_PICTURE / 1e6} are the most that can be read.`);
    }
    const scale = Math.min(1, WORK / Math.max(width, height));
    const [resizeWidth, resizeHeight] = [width, height].map(length => Math.max(1, Math.round(length * scale)));
    const bitmap = await createImageBitmap(chosen, {resizeWidth, resizeHeight, resizeQuality: 'high'});
    const image = draw(resizeWidth, resizeHeight, context => context.drawImage(bitmap, 0, 0));
    bitmap.close();
    return image;
  } catch (error) {
    throw error instanceof RangeError ? error : new Error('The file cannot be read as a picture.');
  } finally {
    URL.revokeObjectURL(address);
  }
}

// Width and height without decoding.
function measure(address) {
  return new Promise((done, fail) => {
    const picture = new Image();
    picture.onload = () => done({width: picture.naturalWidth, height: picture.naturalHeight});
    picture.onerror = fail;
    picture.src = address;
  });
}

function draw(width, height, paint) {
  const context = new OffscreenCanvas(width, height).getContext('2d', {willReadFrequently: true});
  context.imageSmoothingQuality = 'high';
  paint(context);
  return context.getImageData(0, 0, width, height);
}

// ---- Tones ----------------------------------------------------------------------------------------------------

const luminance = (data, i) => .299 * data[4 * i] + .587 * data[4 * i + 1] + .114 * data[4 * i + 2];

// What is transparent becomes the ground: white, but where the drawing would vanish on it; behind a grey picture what
// its one ink stands out from, or where it has several tones the one at its edge.
function layOnGround({data, width, height}, channels) {
  const alpha = i => data[4 * i + 3];
  const solid = Array.from({length: width * height}, (_, i) => i).filter(i => alpha(i) > 127);
  if (solid.length === width * height && solid.every(i => alpha(i) === 255)) return;
  const mean = solid.reduce((sum, i) => sum + luminance(data, i), 0) / (solid.length || 1);
  const deviation = Math.sqrt(solid.reduce((sum, i) => sum + (luminance(data, i) - mean) ** 2, 0) / (solid.length || 1));
  const edge = solid.filter(i => [i - 1, i + 1, i - width, i + width].some(next => alpha(next) <= 127));
  const tone = edge.reduce((sum, i) => sum + luminance(data, i), 0) / (edge.length || 1);
  const contrasting = mean > (channels === 3 ? 225 : 127) ? 0 : 255;
  const ground = channels === 3 || deviation < UNIFORM ? contrasting : tone;
  for (let i = 0; i < data.length; i += 4) {
    const share = data[i + 3] / 255;
    for (let c = i; c < i + 3; c++) data[c] = share * data[c] + (1 - share) * ground;
    data[i + 3] = 255;
  }
}

function toGrey({data, width, height}) {
  return {data: Float32Array.from({length: width * height}, (_, i) => luminance(data, i)), width, height};
}

// Grey values as an image that a canvas draws.
function greyImage({data, width, height}) {
  return new ImageData(Uint8ClampedArray.from({length: 4 * data.length}, (_, i) => (i % 4 < 3 ? data[i >> 2] : 255)), width, height);
}

function isShaded({data}) {
  const sorted = data.slice().sort();
  return sorted.at(-1) - sorted[0] > 128;
}

// From its ground, as the border tells it, to the other end of the scale; as it is where the border has all tones.
function lightOnDark(grey) {
  const [low, ground, high] = borderTones(grey, .1);
  if (high - low > UNEVEN) return grey;
  const full = ground > 127 ? -ground : 255 - ground;
  return {...grey, data: grey.data.map(value => 255 * Math.max(0, (value - ground) / full))};
}

// So that the fullest ink is white, also where thin strokes have paled by shrinking.
function stretch(grey) {
  const most = Math.max(...grey);
  return grey.map(value => Math.round(value * 255 / (most || 1)));
}

// ---- Places ---------------------------------------------------------------------------------------------------

// A square of an image, drawn as the middle of a square picture; target: its share of the picture's side.
function fit(image, {x, y, size, target}, side, ground) {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('2d').putImageData(image, 0, 0);
  const [room, margin] = [target * side, (1 - target) * side / 2];
  return draw(side, side, context => {
    context.fillStyle = ground;
    context.fillRect(0, 0, side, side);
    context.drawImage(canvas, x, y, size, size, margin, margin, room, room);
  });
}

function whole({width, height}) {
  const size = Math.max(width, height);
  return {x: (width - size) / 2, y: (height - size) / 2, size, target: 1};
}

// The smallest square around the ink.
function inkBox({data, width}) {
  const inked = Array.from(data.keys()).filter(i => data[i] > 127);
  const [rows, columns] = [inked.map(i => Math.floor(i / width)), inked.map(i => i % width)];
  const [top, bottom, left, right] = [Math.min(...rows), Math.max(...rows), Math.min(...columns), Math.max(...columns)];
  const size = Math.max(bottom - top, right - left) + 1;
  return {x: Math.floor((left + right + 1 - size) / 2), y: Math.floor((top + bottom + 1 - size) / 2), size, target: BOX};
}

function planes({data, width, height}, channels) {
  const size = width * height;
  return Uint8Array.from({length: channels * size}, (_, i) => data[4 * (i % size) + Math.floor(i / size)]);
}

function centreMass(grey, side) {
  let [total, x, y] = [0, 0, 0];
  grey.forEach((value, i) => { total += value; x += value * (i % side); y += value * Math.floor(i / side); });
  if (!total) return grey;
  const [dx, dy] = [Math.round(side / 2 - x / total), Math.round(side / 2 - y / total)];  // MNIST’s means are 14.0, pixels counted from 0
  return Uint8Array.from(grey, (_, i) => {
    const [column, row] = [i % side - dx, Math.floor(i / side) - dy];
    return column >= 0 && row >= 0 && column < side && row < side ? grey[row * side + column] : 0;
  });
}
