// A network as a strip of layers; a click on one shows what it gives for the picture of the scene.

import {print} from './axes.js';
import {followModel} from './follow_model.js';
import {countPaint, make} from './kit.js';
import {tabState} from './store.js';

const LARGEST = 2 ** 15;  // numbers of a layer whose box is as high as any
const HIGH = 72;  // CSS pixels
const ACROSS = 16;  // maps in a row
const SIDE = 64;  // of a map on screen, about
const CELL = 14;  // of one of many numbers without a place
const GREY = 128;

export function mount({element, props}) {
  new Strip(tabState(props.tab), props, element).follow();
}

// Height of the box of so many numbers, in CSS pixels.
export function height(size) {
  return Math.round(8 + (HIGH - 8) * Math.min(1, Math.log2(size) / Math.log2(LARGEST)));
}

// Where numbers (N, 1, H, W) lie on a canvas with a pixel for each: maps side by side with a pixel between them, or a row
// of numbers folded to a rectangle. at(x, y) is the number's index, or −1.
export function layout([count, , rows, columns]) {
  if (count === 1 && rows === 1) {
    const across = columns <= 64 ? columns : Math.ceil(Math.sqrt(4 * columns));
    const at = (x, y) => (x < across && y * across + x < columns ? y * across + x : -1);
    return {width: across, height: Math.ceil(columns / across), scale: CELL, at};
  }
  const across = Math.min(count, ACROSS);
  const at = (x, y) => {
    const [column, row] = [Math.floor(x / (columns + 1)), Math.floor(y / (rows + 1))];
    const [inX, inY] = [x - column * (columns + 1), y - row * (rows + 1)];
    const map = row * across + column;
    return column < across && map < count && inX < columns && inY < rows ? (map * rows + inY) * columns + inX : -1;
  };
  const scale = Math.max(1, Math.floor(SIDE / columns));
  return {width: across * (columns + 1) - 1, height: Math.ceil(count / across) * (rows + 1) - 1, scale, at};
}

// A grey for each number: from black at 0 to white at the largest; where there are negative ones 0 is mid-grey.
export function greys(data) {
  const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-12);
  const signed = data.some(value => value < 0);
  return Uint8ClampedArray.from(data, value => (signed ? GREY + (255 - GREY) * value / largest : 255 * value / largest));
}

class Strip {
  constructor(state, props, element) {
    Object.assign(this, {state, props, rows: make('div'), outputs: make('div', 'le-outputs'), text: make('p'), canvas: make('canvas')});
    this.keys = Object.fromEntries(['boxes', 'layer', 'maps'].map(part => [part, `${props.prefix}_${part}`]));
    this.canvas.setAttribute('role', 'img');
    this.canvas.addEventListener('pointermove', event => this.tell(event));
    this.canvas.addEventListener('pointerleave', () => this.say());
    this.outputs.append(this.text, this.canvas);
    element.append(this.rows);
  }

  follow() {
    const {state, keys, props} = this;
    if (props.networks.length) followModel(state, 'network', props.networks);
    if (state.get(keys.layer) === undefined) state.setDefault(keys.layer, 1);
    state.subscribe([keys.boxes], bytes => this.draw(JSON.parse(new TextDecoder().decode(bytes.data))));
    state.subscribe([keys.maps], maps => this.paint(maps));
    state.subscribe([keys.layer], () => this.mark());
  }

  get chosen() {
    return Math.min(this.state.get(this.keys.layer), this.layers.length - 1);
  }

  draw(layers) {
    const focused = this.buttons?.indexOf(document.activeElement) ?? -1;
    this.layers = layers;
    this.buttons = layers.map((layer, i) => this.box(layer, i));
    this.rows.replaceChildren();
    let [columns, column] = [];
    layers.forEach((layer, i) => {
      if (i === 0 || layer.row) columns = this.row(layer.row);
      if (!layer.below) column = columns.appendChild(make('div', 'le-column')).appendChild(make('div', 'le-heads'));
      column.append(this.buttons[i]);
    });
    this.buttons[focused]?.focus({preventScroll: true});
    this.mark();
  }

  row(title) {
    const row = make('div', 'le-strip-row');
    const columns = make('div');
    if (title) row.append(make('h4', '', title));
    row.append(columns);
    this.rows.append(row);
    return columns;
  }

  box(layer, i) {
    const node = make('button', 'le-layer');
    const bar = make('span', `le-symbol-${layer.symbol}`);
    const fill = make('i');
    node.type = 'button';
    fill.style.height = `${height(layer.shape.reduce((a, b) => a * b, 1))}px`;
    bar.append(fill);
    node.append(bar, make('span', '', layer.label), make('b', '', layer.shape.join(' × ')), make('small', '', numbers(layer)));
    node.children[1].style.height = 'auto';
    node.addEventListener('click', () => this.state.set(this.keys.layer, i));
    return node;
  }

  mark() {
    if (!this.layers) return;
    this.buttons.forEach((node, i) => { node.ariaPressed = String(i === this.chosen); });
    this.buttons[this.chosen].closest('.le-strip-row').after(this.outputs);
    this.say();
  }

  say() {
    if (!this.layers) return;
    const {label, shape, least, most} = this.layers[this.chosen];
    this.text.textContent = `${label}, ${shape.join(' × ')}: from ${print(least)} to ${print(most)}`;
    this.canvas.setAttribute('aria-label', this.text.textContent);
  }

  // ---- What the chosen layer gives

  paint(maps) {
    const {width, height: rows, scale, at} = layout(maps.shape);
    const [context, shades] = [this.canvas.getContext('2d'), greys(maps.data)];
    Object.assign(this.canvas, {width, height: rows});
    Object.assign(this.canvas.style, {width: `${width * scale}px`, maxWidth: '100%'});
    const image = context.createImageData(width, rows);
    for (let i = 0; i < width * rows; i++) {
      const index = at(i % width, Math.floor(i / width));
      if (index >= 0) image.data.set([shades[index], shades[index], shades[index], 255], 4 * i);
    }
    context.putImageData(image, 0, 0);
    this.maps = maps;
    this.say();
    countPaint(this.canvas);
  }

  tell({clientX, clientY}) {
    if (!this.maps) return;
    const box = this.canvas.getBoundingClientRect();
    const {width, height: rows, at} = layout(this.maps.shape);
    const index = at(Math.floor((clientX - box.left) / box.width * width), Math.floor((clientY - box.top) / box.height * rows));
    if (index < 0) return void this.say();
    const [count, , down, across] = this.maps.shape;
    const place = `row ${Math.floor(index / across) % down + 1}, column ${index % across + 1}`;
    const map = count > 1 ? `map ${Math.floor(index / (down * across)) + 1}, ${place}` : place;
    this.text.textContent = `${down === 1 && count === 1 ? `number ${index + 1}` : map}: ${print(this.maps.data[index], 4)}`;
  }
}

// What is printed beside a box: its few numbers, or how many of many are not 0.
function numbers({numbers: few, active}) {
  if (few) return few.map(value => print(value)).join(', ');
  return active < 1 ? `${Math.round(100 * active)} % ≠ 0` : '';
}
