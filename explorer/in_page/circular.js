// Where a picture is in frames whose edges meet, as metrics/circular.py has it.

// Pixels around the circle, of a picture [H, W].
export const around = ([height, width], isVertical) => (isVertical ? height : width);

const modulo = (value, size) => ((value % size) + size) % size;

// Pixels by which a picture of 0 and 1 {data, shape: [H, W]} has to be moved to resemble each frame (N, 1, H, W) most.
export function places(frames, {data: picture, shape}, isVertical) {
  const white = Array.from(picture.keys()).filter(i => picture[i]);
  const moves = Array.from({length: around(shape, isVertical)}, (_, by) => white.map(i => moved(i, by, shape, isVertical)));
  return Array.from({length: frames.data.length / picture.length}, (_, frame) => {
    const likeness = moves.map(to => sumAt(frames.data, frame * picture.length, to));
    return likeness.indexOf(Math.max(...likeness));
  });
}

function sumAt(values, start, chosen) {
  let sum = 0;
  for (const place of chosen) sum += values[start + place];
  return sum;
}

// Where a pixel of a picture [H, W] is once that has been moved.
export function moved(pixel, by, [height, width], isVertical) {
  const column = pixel % width;
  if (isVertical) return modulo((pixel - column) / width + by, height) * width + column;
  return pixel - column + modulo(column + by, width);
}

// Pixels from one place to another, the short way round.
export const offset = (to, from, size) => modulo(to - from + Math.floor(size / 2), size) - Math.floor(size / 2);

// How far places on a circle of so many pixels lie apart: their deviation, and how many it could be in effect.
export function spread(found, size) {
  const mean = of => found.reduce((sum, place) => sum + of(2 * Math.PI * place / size), 0) / found.length;
  const resultant = Math.min(Math.max(Math.hypot(mean(Math.cos), mean(Math.sin)), 1e-12), 1);
  const shares = Array(size).fill(0);
  for (const place of found) shares[place] += 1 / found.length;
  const entropy = -shares.reduce((sum, share) => (share ? sum + share * Math.log(share) : sum), 0);
  const deviation = size / (2 * Math.PI) * Math.sqrt(-2 * Math.log(resultant));
  return {deviation: Math.min(deviation, size / Math.sqrt(12)), count: Math.exp(entropy)};
}
