// How points are painted: as dots in one image, or as their pictures from an atlas.

import {classColour, resolveColour} from './kit.js';
import {ATLAS} from './sample_sheet.js';

const {side: SIDE, columns: COLUMNS} = ATLAS;
const THUMBNAIL = 18;  // least side of one on screen, in CSS pixels
// Viridis (Smith & van der Walt, 2015) at nine places: lightness rises evenly, for the colour-blind too.
const RAMP = ['#440154', '#472d7b', '#3b528b', '#2c728e', '#21918c', '#28ae80', '#5ec962', '#addc30', '#fde725'];
export const LASSOS = {a: 'var(--x)', b: 'var(--z)'};  // their colours
export const RAMP_STYLE = `linear-gradient(to right, ${RAMP.join(', ')})`;

// A colour as one number: alpha, blue, green, red.
function packed(colour) {
  const context = document.createElement('canvas').getContext('2d');
  context.fillStyle = colour;
  const [red, green, blue] = [1, 3, 5].map(at => parseInt(context.fillStyle.slice(at, at + 2), 16));
  return (0xff000000 | blue << 16 | green << 8 | red) >>> 0;
}

function ramp(share) {
  const position = Math.min(1, Math.max(0, share)) * (RAMP.length - 1);
  const low = Math.min(RAMP.length - 2, Math.floor(position));
  const [from, to] = [RAMP[low], RAMP[low + 1]].map(colour => [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16)));
  return `#${from.map((part, i) => Math.round(part + (to[i] - part) * (position - low)).toString(16).padStart(2, '0')).join('')}`;
}

// Where quantities mostly lie: the colours' ends.
export function ends({data}) {
  const sorted = data.filter(Number.isFinite).sort();
  return [.005, .995].map(share => sorted[Math.round(share * (sorted.length - 1))] ?? 0);
}

// A colour for each point, as a number.
export function colours(element, values, classes) {
  if (classes) {
    const table = Array.from({length: classes}, (_, label) => packed(resolveColour(classColour(label))));
    return Uint32Array.from(values.data, label => table[label]);
  }
  const [low, high] = ends(values);
  const table = Array.from({length: 256}, (_, i) => packed(ramp(i / 255)));
  const entry = value => Math.round(255 * Math.min(1, Math.max(0, (value - low) / (high - low || 1)))) || 0;  // of none too
  return Uint32Array.from(values.data, value => table[entry(value)]);
}

// Where a disc's pixels lie, counted from its centre in an image of this width.
function disc(radius, width) {
  const offsets = [];
  const reach = Math.floor(radius);
  for (let row = -reach; row <= reach; row++) {
    for (let column = -reach; column <= reach; column++) {
      if (row ** 2 + column ** 2 <= radius ** 2) offsets.push(row * width + column);
    }
  }
  return offsets;
}

export class Dots {
  constructor(element, canvas, ratio) {
    Object.assign(this, {element, canvas, ratio});
    this.context = canvas.getContext('2d', {alpha: false});
    this.image = this.context.createImageData(canvas.width, canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  // groups: [numbers of points, colour of their halo], below the dots themselves.
  paint(view, {data, shape: [count]}, colour, groups) {
    this.pixels.fill(packed(resolveColour('var(--background-fill-primary)')));
    const radius = this.ratio * Math.min(5, 1.5 * (view.scale / view.least) ** .3);
    for (const [members, halo] of groups) {
      const value = packed(resolveColour(halo));
      for (const i of members) this.#stamp(view, data, i, value, radius + 2 * this.ratio);
    }
    for (let i = 0; i < count; i++) this.#stamp(view, data, i, colour[i], radius);
    this.context.putImageData(this.image, 0, 0);
  }

  #stamp(view, data, i, value, radius) {
    if (this.radius !== radius) [this.radius, this.offsets] = [radius, disc(radius, view.width)];
    const column = Math.round((data[2 * i] - view.x) * view.scale + view.width / 2);
    const row = Math.round((view.y - data[2 * i + 1]) * view.scale + view.height / 2);
    if (column < radius || row < radius || column >= view.width - radius || row >= view.height - radius) return;
    const centre = row * view.width + column;
    for (const offset of this.offsets) this.pixels[centre + offset] = value;
  }
}

// One picture in each cell that has any; cells are bound to the plane, so pictures stay while it is moved.
export function paintThumbnails(context, view, {data, shape: [count]}, colour, atlas, ratio) {
  const cell = 2 ** Math.ceil(Math.log2(THUMBNAIL * ratio / view.scale));
  const side = Math.ceil(cell * view.scale);
  const taken = new Set();
  for (let i = 0; i < count; i++) {
    const column = (data[2 * i] - view.x) * view.scale + view.width / 2;
    const row = (view.y - data[2 * i + 1]) * view.scale + view.height / 2;
    if (column < -side || row < -side || column > view.width + side || row > view.height + side) continue;
    const key = Math.floor(data[2 * i] / cell) + 1e6 * Math.floor(data[2 * i + 1] / cell);
    if (taken.has(key)) continue;
    taken.add(key);
    const [left, top] = [Math.round(column - side / 2), Math.round(row - side / 2)];
    const value = colour[i];
    context.fillStyle = `rgb(${value & 255} ${value >> 8 & 255} ${value >> 16 & 255})`;
    context.fillRect(left, top, side - 1, side - 1);
    const frame = 2 * ratio;
    context.drawImage(atlas, i % COLUMNS * SIDE, Math.floor(i / COLUMNS) * SIDE, SIDE, SIDE,
      left + frame, top + frame, side - 1 - 2 * frame, side - 1 - 2 * frame);
  }
}

// Rings around points, and the lasso that is being drawn, over them all.
export class Overlay {
  constructor(element, canvas, ratio) {
    Object.assign(this, {element, canvas, ratio, context: canvas.getContext('2d')});
  }

  clear() {
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.context.lineWidth = 2.5 * this.ratio;
    this.context.strokeStyle = resolveColour('var(--body-text-color)');
  }

  ring([column, row], radius, fill) {
    this.context.beginPath();
    this.context.arc(column, row, radius * this.ratio, 0, 2 * Math.PI);
    if (fill) {
      this.context.fillStyle = resolveColour(fill);
      this.context.fill();
    }
    this.context.stroke();
  }

  polygon(corners, colour) {
    this.context.strokeStyle = resolveColour(colour);
    this.context.beginPath();
    corners.forEach(([column, row]) => this.context.lineTo(column, row));
    this.context.closePath();
    this.context.stroke();
  }
}
