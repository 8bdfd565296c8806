// Arrays as answers hold them, {data, shape}: made of what the page sends, and into what it draws.

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// Any list of numbers, or an array, in single precision.
export const floats = values => new Float32Array(values.data ?? values);

// One picture, or a few, sent as pixels from 0 to 255: [0, 1] as networks take them; slack is how far noise may leave it.
export function pictures(pixels, shape, slack = 0) {
  const data = floats(pixels);
  const [low, high] = [-slack, 1 + slack];
  for (let i = 0; i < data.length; i++) data[i] = clamp(data[i] / 255, low, high);
  return {data, shape: [data.length / size(shape), ...shape]};
}

export const size = shape => shape.reduce((product, side) => product * side, 1);

// No pictures.
export const none = shape => ({data: new Uint8Array(0), shape: [0, ...shape]});

export const row = data => ({data, shape: [1, data.length]});
export const vector = data => ({data, shape: [data.length]});

// Pixels from [0, 1] to bytes: this kind of array rounds halves to even, as NumPy does.
export function toBytes({data, shape}) {
  const clamped = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) clamped[i] = Math.fround(data[i] * 255);
  return {data: new Uint8Array(clamped.buffer), shape};
}

// Signed pictures, each scaled by its own largest size: 0 becomes mid-grey.
export function signedToBytes({data, shape}) {
  const scaled = new Float32Array(data.length);
  const length = data.length / shape[0];
  for (let start = 0; start < data.length; start += length) {
    let largest = 1e-12;
    for (let i = start; i < start + length; i++) largest = Math.max(largest, Math.abs(data[i]));
    for (let i = start; i < start + length; i++) scaled[i] = .5 + .5 * data[i] / largest;
  }
  return toBytes({data: scaled, shape});
}

// Some of the entries along the first axis.
export function take({data, shape}, indices) {
  const length = size(shape.slice(1));
  const taken = new data.constructor(indices.length * length);
  indices.forEach((index, place) => taken.set(data.subarray(index * length, (index + 1) * length), place * length));
  return {data: taken, shape: [indices.length, ...shape.slice(1)]};
}

export const slice = (array, start, end = array.shape[0]) => take(array, range(start, end));

// Arrays one after the other along their first axis.
export function join(arrays) {
  const data = new arrays[0].data.constructor(arrays.reduce((sum, one) => sum + one.data.length, 0));
  let at = 0;
  for (const one of arrays) {
    data.set(one.data, at);
    at += one.data.length;
  }
  return {data, shape: [arrays.reduce((sum, one) => sum + one.shape[0], 0), ...arrays[0].shape.slice(1)]};
}

export const reshape = ({data}, shape) => ({data, shape});

export const range = (start, end) => Array.from({length: end - start}, (_, i) => start + i);

// Indices of numbers by falling value; of equal ones the first comes first.
export const byFallingValue = values => Array.from(values.keys()).sort((a, b) => values[b] - values[a] || a - b);

// Squared error of each of some pictures against one, summed over its pixels.
export function squaredErrors({data, shape}, target) {
  const length = target.length;
  return Float32Array.from({length: shape[0]}, (_, picture) => {
    let sum = 0;
    for (let i = 0; i < length; i++) sum += (data[picture * length + i] - target[i]) ** 2;
    return sum;
  });
}

export function distance(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}
