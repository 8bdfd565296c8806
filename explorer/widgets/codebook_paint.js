// How a codebook in a plane is painted: tiles, lines from points to their codes, and what is lit over them.

import {countPaint, paint, resolveColour, toImage} from './kit.js';

const COLUMNS = 64;  // of the canvas that holds all tiles
const FILLED = .35;  // of the map's area, that tiles would cover if they lay side by side
const SIDES = [7, 26];  // of a tile on screen before anybody zooms, in CSS pixels
const FEW = 100;  // outputs of a picture that are drawn in full size; of more each is smaller
const LARGE = [14, 22];  // of the tile that is chosen, and of the one that is seen

// Points with the code of each: arrays of the page's state, or none.
export class Layer {
  constructor(points, codes) {
    const isWhole = points && codes && points.shape[0] === codes.data.length;
    this.points = isWhole ? points : {data: new Float32Array(0), shape: [0, 2]};
    this.codes = isWhole ? codes.data : [];
  }

  // Calls with the number of each point, of one code or of all.
  each(call, only = -1) {
    this.codes.forEach((code, i) => { if (only < 0 || code === only) call(i, code); });
  }
}

// All tiles on one canvas that is not shown.
export class Tiles {
  #canvas = document.createElement('canvas');
  #places = new Map();  // of the tiles, by code
  #side = 0;

  set(tiles, {data: numbers}) {
    this.#side = tiles.shape.at(-1);
    this.#canvas.width = COLUMNS * this.#side;
    this.#canvas.height = Math.ceil(numbers.length / COLUMNS) * this.#side;
    const context = this.#canvas.getContext('2d');
    this.#places = new Map(Array.from(numbers, (code, i) => [code, [i % COLUMNS, Math.floor(i / COLUMNS)].map(at => at * this.#side)]));
    numbers.forEach((code, i) => context.putImageData(toImage(tiles, i), ...this.#places.get(code)));
  }

  // Draws one around a pixel, within a frame; where there is none, a square.
  draw(context, code, [x, y], side, frame, thickness) {
    const place = this.#places.get(code);
    square(context, [x, y], side + 2 * thickness, resolveColour(frame));
    if (place) context.drawImage(this.#canvas, ...place, this.#side, this.#side, x - side / 2, y - side / 2, side, side);
    else square(context, [x, y], side, resolveColour('var(--z)'));
  }
}

// The tile of a code on a canvas of its own; what was there stays where the code has none.
export function paintTile(canvas, tiles, {data: numbers}, code) {
  const i = numbers.indexOf(code);
  if (i >= 0) paint(canvas, tiles, i);
}

// The codes, amid outputs for other pictures, and those of this picture with their lines.
export function paintPlane(map) {
  const {base: canvas, ratio, view, points, tiles} = map;
  const context = cleared(canvas, 'var(--background-fill-primary)');
  const others = map.layer('others');
  context.globalAlpha = .55;
  others.each(i => disc(context, pixelOf(view, others.points, i), 1.3 * ratio, 'var(--body-text-color-subdued)'));
  context.globalAlpha = 1;
  const side = sideOf(map);
  context.imageSmoothingEnabled = false;
  for (let code = 0; code < points.shape[0]; code++) {
    tiles.draw(context, code, pixelOf(view, points, code), side, 'var(--border-color-primary)', ratio);
  }
  paintOutputs(context, map, {colour: 'var(--x)', thickness: 1.3, radius: 3.2});
  countPaint(canvas);
}

// The code that is seen, with its outputs, and the one that is chosen.
export function paintLit(map, {seen, chosen, cell}) {
  const {over: canvas, ratio, view, points, tiles} = map;
  const context = cleared(canvas);
  const others = map.layer('others');
  const outputs = map.layer('outputs');
  const frame = (code, side, thickness) => {
    if (code < points.shape[0]) tiles.draw(context, code, pixelOf(view, points, code), side * ratio, 'var(--z)', thickness * ratio);
  };
  context.imageSmoothingEnabled = false;
  if (chosen !== seen) frame(chosen, LARGE[0], 2);
  frame(seen, LARGE[1], 3);
  others.each(i => disc(context, pixelOf(view, others.points, i), 2.2 * ratio, 'var(--z)'), seen);
  paintOutputs(context, map, {colour: 'var(--z)', thickness: 2.5, radius: 4.5, only: seen});
  if (cell >= 0 && cell < outputs.codes.length) ring(context, pixelOf(view, outputs.points, cell), 9 * ratio, 2.5 * ratio);
  countPaint(canvas);
}

// Points of this picture's cells, each with a line to its code.
function paintOutputs(context, map, {colour, thickness, radius, only}) {
  const {view, points} = map;
  const outputs = map.layer('outputs');
  const unit = map.ratio * Math.min(1, FEW / Math.max(1, outputs.codes.length)) ** .4;
  const ground = resolveColour('var(--background-fill-primary)');
  // A rim tells lines and points from the tiles beneath them.
  for (const [ink, rim] of [[ground, 1.2], [resolveColour(colour), 0]]) {
    context.strokeStyle = ink;
    context.lineWidth = (thickness + 2 * rim) * unit;
    context.beginPath();
    outputs.each((i, code) => {
      if (code >= points.shape[0]) return;  // of another model, whose codebook is larger
      context.moveTo(...pixelOf(view, outputs.points, i));
      context.lineTo(...pixelOf(view, points, code));
    }, only);
    context.stroke();
    outputs.each(i => disc(context, pixelOf(view, outputs.points, i), (radius + rim) * unit, ink), only);
  }
}

// Of a tile: few codes have large ones, and they grow while one zooms, but slower than what is between them.
function sideOf({view, points: {shape: [count]}, ratio}) {
  const fair = Math.sqrt(FILLED * view.width * view.height / count) / ratio / 1.5;
  return Math.min(SIDES[1], Math.max(SIDES[0], fair)) * ratio * Math.max(1, view.scale / view.least) ** .5;
}

function pixelOf(view, {data}, i) {
  return view.toPixel(data[2 * i], data[2 * i + 1]);
}

function cleared(canvas, ground = '#0000') {
  const context = canvas.getContext('2d');
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = resolveColour(ground);
  context.fillRect(0, 0, canvas.width, canvas.height);
  return context;
}

function square(context, [x, y], side, colour) {
  context.fillStyle = colour;
  context.fillRect(x - side / 2, y - side / 2, side, side);
}

function disc(context, pixel, radius, colour) {
  context.fillStyle = resolveColour(colour);
  context.beginPath();
  context.arc(...pixel, radius, 0, 2 * Math.PI);
  context.fill();
}

function ring(context, pixel, radius, thickness) {
  context.strokeStyle = resolveColour('var(--body-text-color)');
  context.lineWidth = thickness;
  context.beginPath();
  context.arc(...pixel, radius, 0, 2 * Math.PI);
  context.stroke();
}
