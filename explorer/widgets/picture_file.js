// A file of the visitor's, read in the page: it is never uploaded.

const LARGEST_FILE = 20e6;  // bytes
const LARGEST_PICTURE = 40e6;  // pixels
const WORK = 112;  // side of the square a file is first drawn into
const BOX = 20 / 28;  // MNIST fits the ink into 20 × 20 and puts its centre of mass in the middle

// The file as a picture {data, shape: [channels, side, side]}; a grey one is light on dark, a digit boxed and centred
// like MNIST.
export async function fromFile(chosen, side, channels, digit) {
  if (chosen.size > LARGEST_FILE) throw new Error('The file is larger than 20 MB.');
  let bitmap;
  try {
    bitmap = await createImageBitmap(chosen);
  } catch {
    throw new Error('The file cannot be read as a picture.');
  }
  const {width, height} = bitmap;
  if (width * height > LARGEST_PICTURE) {
    bitmap.close();
    throw new Error(`The picture has ${Math.round(width * height / 1e6)} megapixels; 40 are the most that can be read.`);
  }
  const scale = WORK / Math.max(width, height);
  const fitted = square(WORK, context => {
    context.fillStyle = '#fff';
    context.fillRect(0, 0, WORK, WORK);
    const [w, h] = [width * scale, height * scale];
    context.drawImage(bitmap, (WORK - w) / 2, (WORK - h) / 2, w, h);
  });
  bitmap.close();
  if (channels === 1) invertIfLight(fitted);
  const box = digit ? inkBox(fitted) : {x: 0, y: 0, size: WORK, target: 1};
  const canvas = toCanvas(fitted);
  const drawn = square(side, context => {
    context.fillRect(0, 0, side, side);
    const target = box.target * side;
    context.drawImage(canvas, box.x, box.y, box.size, box.size, (side - target) / 2, (side - target) / 2, target, target);
  });
  const size = side * side;
  const pixels = Uint8Array.from({length: channels * size}, (_, i) => drawn.data[4 * (i % size) + Math.floor(i / size)]);
  return {data: digit ? centreMass(pixels, side) : pixels, shape: [channels, side, side]};
}

function square(side, draw) {
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d', {willReadFrequently: true});
  context.imageSmoothingQuality = 'high';
  draw(context);
  return context.getImageData(0, 0, side, side);
}

function toCanvas(image) {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}

// Grey by luminance; what lies on a light ground (its border is light) is turned round.
function invertIfLight(image) {
  const {data, width} = image;
  let border = 0;
  const grey = Array.from({length: width * width}, (_, i) => {
    const value = .299 * data[4 * i] + .587 * data[4 * i + 1] + .114 * data[4 * i + 2];
    const [row, column] = [Math.floor(i / width), i % width];
    if (row === 0 || column === 0 || row === width - 1 || column === width - 1) border += value / (4 * width - 4);
    return value;
  });
  grey.forEach((value, i) => { data.fill(border > 127 ? 255 - value : value, 4 * i, 4 * i + 3); });
}

// The smallest square around what is brighter than a third of the brightest pixel.
function inkBox({data, width}) {
  const values = Array.from({length: width * width}, (_, i) => data[4 * i]);
  const threshold = Math.max(...values) / 3;
  const rows = [];
  const columns = [];
  values.forEach((value, i) => {
    if (value <= threshold) return;
    rows.push(Math.floor(i / width));
    columns.push(i % width);
  });
  if (!rows.length) return {x: 0, y: 0, size: width, target: 1};
  const [top, bottom, left, right] = [Math.min(...rows), Math.max(...rows), Math.min(...columns), Math.max(...columns)];
  const size = Math.max(bottom - top, right - left) + 1;
  return {x: (left + right + 1 - size) / 2, y: (top + bottom + 1 - size) / 2, size, target: BOX};
}

function centreMass(grey, side) {
  let [total, x, y] = [0, 0, 0];
  grey.forEach((value, i) => { total += value; x += value * (i % side); y += value * Math.floor(i / side); });
  if (!total) return grey;
  const [dx, dy] = [Math.round((side - 1) / 2 - x / total), Math.round((side - 1) / 2 - y / total)];
  return Uint8Array.from(grey, (_, i) => {
    const [column, row] = [i % side - dx, Math.floor(i / side) - dy];
    return column >= 0 && row >= 0 && column < side && row < side ? grey[row * side + column] : 0;
  });
}
