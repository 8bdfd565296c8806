// A codebook in a plane: each code as its tile, and lines to it from the encoder's outputs for the cells of a picture.

import {Layer, Tiles, paintLit, paintPlane, paintTile} from './codebook_paint.js';
import {format, make, onTheme, sizeCanvas} from './kit.js';
import {Index, View, neighbourTowards} from './scatter_geometry.js';
import {Pointers} from './scatter_pointers.js';
import {zoomButtons} from './scatter_tools.js';
import {tabState} from './store.js';

const REACH = 14;  // CSS pixels from a point that still mean it
const STEP = 1.4;  // of a zoom by button or key
const PAN = 40;  // CSS pixels that a key moves the map by

export function mount({element, props}) {
  const map = new CodebookMap(tabState(props.tab), props, build(element, props));
  new Pointers(map).listen();
  map.over.addEventListener('keydown', event => map.onKey(event));
  map.tools.append(...zoomButtons(map), ...meanings());
  map.follow();
}

function build(element, props) {
  const title = make('div', 'le-label le-symbol-z', props.title);
  const frame = make('div', 'le-frame');
  const base = make('canvas', 'le-plane');
  const over = make('canvas', 'le-over');
  const tools = make('div', 'le-tools');
  const caption = make('div', 'le-caption');
  const [tile, words] = [make('canvas', 'le-tile'), make('span')];
  caption.append(tile, words);
  tile.ariaHidden = true;
  if (props.hint) title.append(make('small', 'le-hint', props.hint));
  frame.append(base, over);
  element.append(title, frame, tools, caption);
  base.ariaHidden = true;
  over.tabIndex = 0;
  over.setAttribute('role', 'application');
  over.setAttribute('aria-label', `${props.title}. Arrow keys walk from code to code, with Shift they move the map; ` +
    'Enter chooses, plus and minus zoom, 0 shows all.');
  const [ratio] = [base, over].map(canvas => sizeCanvas(canvas, props.width, props.height));
  Object.assign(frame.style, {width: `${props.width}px`, height: `${props.height}px`});
  frame.style.aspectRatio = `${props.width} / ${props.height}`;  // where the screen is smaller
  return {base, over, tools, tile, words, ratio};
}

// What is drawn, in its colours.
function meanings() {
  const texts = [['z_e of a cell, and a line to its code', 'var(--x)'], ['z_e of other pictures', 'var(--body-text-color-subdued)']];
  return texts.map(([text, colour]) => {
    const node = make('span', 'le-key', text);
    node.style.setProperty('--colour', colour);
    return node;
  });
}

class CodebookMap {
  points = null;  // where the codes lie
  index = null;  // all that can be pointed at: the codes, and after them the outputs
  mode = 'pan';  // what dragging does; there is nothing else
  lasso = null;
  #outdated = new Set();  // layers to be painted with the next frame

  constructor(state, props, nodes) {
    Object.assign(this, {state, props}, nodes);
    this.view = new View(this.over.width, this.over.height);
    this.tiles = new Tiles();
  }

  // ---- What is known

  #value(name) {
    return this.state.get(this.props[name]);
  }

  // Points with the code of each, of "outputs" or "others"; none while they are those of another model.
  layer(name) {
    return new Layer(this.#value(name), this.#value(name === 'outputs' ? 'output_codes' : 'other_codes'));
  }

  get lit() {
    return this.#value('lit');
  }

  // The code under the pointer, or the chosen one.
  get seen() {
    return this.lit >= 0 ? this.lit : this.#value('code');
  }

  #codeOf(point) {
    const count = this.points.shape[0];
    return point < count ? point : this.layer('outputs').codes[point - count];
  }

  // ---- Painting

  // Paints the layer "base", or only what lies over it. Whatever changes within a frame is painted once.
  redraw(layer) {
    if (!this.#outdated.size) requestAnimationFrame(() => this.#paint());
    this.#outdated.add(layer);
  }

  #paint() {
    if (this.points && this.#value('places') === this.points) {
      if (this.#outdated.has('base')) paintPlane(this);
      paintLit(this, {seen: this.seen, chosen: this.#value('code'), cell: this.#value('cell')});
      this.#tell();
    }
    this.#outdated.clear();
  }

  #tell() {
    const [tiles, numbers, shares] = ['tiles', 'numbers', 'shares'].map(name => this.#value(name));
    const share = shares?.data[numbers?.data.indexOf(this.seen)];
    if (tiles && numbers) paintTile(this.tile, tiles, numbers, this.seen);
    const {codes} = this.layer('outputs');
    const chose = codes.filter(code => code === this.seen).length;
    const used = share === undefined ? '' : `${format(share, 2)} % of all cells of test pictures, `;
    this.words.textContent = `Code ${this.seen}: ${used}${chose} of this picture’s ${codes.length}`;
  }

  // ---- What the hand does

  // Pixels of the canvas for one of the page, where it may be smaller than it is drawn.
  get density() {
    return this.over.width / this.over.offsetWidth;
  }

  pointAt(pixel) {
    return this.index.nearest(...this.view.toPoint(...pixel), REACH * this.density / this.view.scale);
  }

  hover(pixel) {
    const found = this.pointAt(pixel);
    if (found < 0) this.leave();
    else this.light(found);
  }

  // Previews the code of a point, and the cell whose output it is.
  light(point) {
    const {state, props, points: {shape: [count]}} = this;
    const code = this.#codeOf(point);
    if (point < count) state.restore(props.cell);
    else if (point - count !== this.#value('cell')) state.preview(props.cell, point - count);
    if (code !== this.lit) state.preview(props.lit, code);
  }

  leave() {
    this.state.restore(this.props.cell);
    this.state.restore(this.props.lit);
  }

  choose(point) {
    if (point >= 0) this.state.set(this.props.code, this.#codeOf(point));
  }

  actions = {
    '+': () => this.view.zoom(STEP),
    '-': () => this.view.zoom(1 / STEP),
    0: () => this.showAll(),
    enter: () => this.choose(this.seen),
  };

  onKey(event) {
    const arrow = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    const action = this.actions[event.key.toLowerCase()];
    if (!this.index || (!arrow && !action) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (!arrow) action();
    else if (event.shiftKey) this.view.pan(...arrow.map(step => -PAN * this.ratio * step));
    else this.#walk(arrow);
    this.redraw('base');
  }

  #walk(direction) {
    const found = neighbourTowards(this.view, this.points, this.seen, direction, 2 * this.ratio);
    if (found >= 0) this.light(found);
  }

  showAll() {
    this.view.fit(joined([this.points, this.#value('others')]));
  }

  // ---- What changes elsewhere

  setPlaces(places) {
    if (places !== this.points) {
      this.points = places;
      this.showAll();
    }
    this.setOutputs();
  }

  setOutputs() {
    if (!this.points) return;
    this.index = new Index(joined([this.points, this.layer('outputs').points]));
    this.redraw('base');
  }

  follow() {
    const {state, props} = this;
    state.subscribe([props.places, props.others, props.other_codes], places => this.setPlaces(places));
    state.subscribe([props.outputs, props.output_codes], () => this.setOutputs());
    state.subscribe([props.tiles, props.numbers], (tiles, numbers) => {
      this.tiles.set(tiles, numbers);
      this.redraw('base');
    });
    for (const key of [props.lit, props.code, props.cell, props.shares]) state.subscribe([key], () => this.redraw('over'));
    onTheme(() => this.redraw('base'));
  }
}

// Several arrays of points as one.
function joined(arrays) {
  const data = Float32Array.from(arrays.flatMap(array => Array.from(array.data)));
  return {data, shape: [data.length / 2, 2]};
}
