// Tiles on one canvas: hover tells, click picks; arrow keys walk over them and Enter picks.

import {countPaint, format, make, paint, showIf, toImage} from './kit.js';
import {tabState} from './store.js';

export function mount({element, props}) {
  const grid = new PictureGrid(tabState(props.tab), props, build(element, props));
  showIf(element, grid.state, props.show_if);
  grid.listen();
  grid.follow();
}

function build(element, props) {
  const title = make('div', `le-label le-symbol-${props.symbol}`, props.title);
  const frame = make('div', 'le-frame');
  const canvas = make('canvas', 'le-tiles');
  const marker = make('div', 'le-marker');
  const chosen = make('div', 'le-marker le-chosen-tile');
  const caption = make('div', 'le-caption');
  const nothing = make('div', 'le-nothing', props.empty);
  canvas.setAttribute('role', props.pick ? 'application' : 'img');
  canvas.setAttribute('aria-label', props.title + (props.pick ? ': arrow keys walk over the tiles, Enter takes one.' : ''));
  canvas.tabIndex = props.pick ? 0 : -1;
  marker.hidden = chosen.hidden = nothing.hidden = true;
  frame.style.setProperty('--tile', `${props.tile}px`);
  if (props.hint) title.append(make('small', 'le-hint', props.hint));
  frame.append(canvas, chosen, marker);
  if (props.ruled) frame.append(make('div', 'le-ruled'));
  frame.append(nothing);
  element.append(title, frame);
  if (props.captions) element.append(caption);
  keepRoom(canvas, props);
  return {canvas, marker, chosen, caption, nothing};
}

// Nothing is seen of the tiles until they are drawn, but their room is kept.
function keepRoom(canvas, {columns, tile}) {
  Object.assign(canvas, {width: columns, height: 1});
  Object.assign(canvas.style, {width: `${columns * tile}px`, visibility: 'hidden'});
}

// Several pictures, row by row.
function paintTiles(canvas, pictures, columns) {
  const [count] = pictures.shape;
  const [height, width] = pictures.shape.slice(-2);
  const rows = Math.ceil(count / columns);
  if (canvas.width !== columns * width) canvas.width = columns * width;
  if (canvas.height !== rows * height) canvas.height = rows * height;
  const context = canvas.getContext('2d');
  for (let i = 0; i < count; i++) {
    context.putImageData(toImage(pictures, i), (i % columns) * width, Math.floor(i / columns) * height);
  }
  countPaint(canvas);
}

class PictureGrid {
  pictures = null;  // what is drawn
  over = -1;  // number of the tile that the pointer or the keys are on
  sources = new Map();  // key that a click sets to a number -> key of the numbers of all tiles

  constructor(state, props, nodes) {
    Object.assign(this, {state, props, nodes});
    [this.litKey, this.litNumbers] = Object.entries(props.lit ?? {})[0] ?? [];
  }

  get count() {
    if (!this.pictures) return 0;
    return this.pictures.shape.length === 4 ? this.pictures.shape[0] : 1;
  }

  get across() {
    return Math.min(this.props.columns, this.count);
  }

  get down() {
    return Math.ceil(this.count / this.props.columns);
  }

  // ---- What is seen

  draw(pictures) {
    const {canvas, caption, nothing} = this.nodes;
    this.pictures = pictures;
    nothing.hidden = this.count > 0;
    if (this.count === 0) {
      keepRoom(canvas, this.props);
      caption.replaceChildren();
      return;
    }
    if (this.count === 1) paint(canvas, pictures);
    else paintTiles(canvas, pictures, this.props.columns);
    Object.assign(canvas.style, {width: `${this.across * this.props.tile}px`, visibility: ''});
    this.tell();
  }

  // With one tile its number, with several the number under the pointer, or all of them where they fit.
  tell() {
    const {captions, caption_text: text, digits, columns} = this.props;
    const {canvas, caption} = this.nodes;
    const numbers = captions ? this.state.get(captions) : undefined;
    if (numbers === undefined || !this.count) return;
    const print = value => text.replace('{}', format(value, digits));
    if (typeof numbers === 'number') {
      caption.textContent = print(numbers);
      canvas.ariaLabel = `${this.props.title}, ${print(numbers)}`;
    } else if (this.count <= columns) {
      caption.replaceChildren(...Array.from(numbers.data, value => make('span', '', print(value))));
      caption.style.width = canvas.style.width;
    } else {
      caption.textContent = this.over < 0 ? '' : print(numbers.data[this.over]);
    }
  }

  // Frames a tile, or none. In shares of the canvas, whose size is not known where it was not yet to be seen.
  mark(box, index) {
    box.hidden = index < 0;
    if (index < 0) return;
    const {columns} = this.props;
    Object.assign(box.style, {
      left: `${(index % columns) / this.across * 100}%`,
      top: `${Math.floor(index / columns) / this.down * 100}%`,
      width: `${100 / this.across}%`,
      height: `${100 / this.down}%`,
    });
  }

  // Frames the tile whose number is the value of the key it would set, if the other keys have theirs.
  markChosen() {
    if (!this.pictures) return;
    const isOf = Object.entries(this.props.also ?? {}).every(([key, value]) => this.state.get(key) === value);
    const tiles = [...(isOf ? this.sources : [])].map(([key, source]) => this.tileOf(this.state.get(key), source));
    this.mark(this.nodes.chosen, tiles.find(index => index >= 0) ?? -1);
  }

  // Frames the tile whose number is lit, here or in another widget.
  markLit(number) {
    if (!this.pictures) return;
    this.over = this.tileOf(number, this.litNumbers);
    this.mark(this.nodes.marker, this.over);
    this.tell();
  }

  tileOf(number, source) {
    const index = this.state.get(source)?.data.indexOf(number) ?? -1;
    return index < this.count ? index : -1;
  }

  // ---- What the hand does

  point(index) {
    this.over = index >= 0 && index < this.count ? index : -1;
    if (!this.litKey) this.mark(this.nodes.marker, this.props.pick ? this.over : -1);
    else if (this.over < 0) this.state.restore(this.litKey);
    else this.state.preview(this.litKey, this.state.get(this.litNumbers).data[this.over]);
    this.tell();
  }

  pick() {
    if (this.over < 0) return;
    for (const [key, value] of Object.entries(this.props.also ?? {})) this.state.set(key, value);
    for (const [key, source] of Object.entries(this.props.pick ?? {})) {
      const {data, shape} = this.state.get(source);
      const size = data.length / shape[0];
      const row = {data: data.slice(this.over * size, (this.over + 1) * size), shape: shape.slice(1)};
      const isPicture = row.shape.length === 3;  // of the tab's set, or of the one that this click chooses
      if (isPicture) this.state.set(`${key} source`, {data: this.state.get('data'), name: ''});
      this.state.set(key, row.shape.length ? row : row.data[0]);
    }
  }

  tileUnder(event) {
    const box = this.nodes.canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / box.width * this.across);
    return Math.floor((event.clientY - box.top) / box.height * this.down) * this.props.columns + column;
  }

  onKey(event) {
    const {columns} = this.props;
    const step = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns}[event.key];
    if (step) this.point(Math.min(this.count - 1, Math.max(0, this.over + step)));
    else if (event.key === 'Enter') this.pick();
    else return;
    event.preventDefault();
  }

  listen() {
    const {canvas} = this.nodes;
    canvas.addEventListener('pointermove', event => { if (this.pictures) this.point(this.tileUnder(event)); });
    canvas.addEventListener('pointerleave', () => { if (this.pictures) this.point(-1); });
    canvas.addEventListener('click', event => { this.point(this.tileUnder(event)); this.pick(); });
    canvas.addEventListener('keydown', event => this.onKey(event));
  }

  follow() {
    const {pictures, captions, pick} = this.props;
    this.state.subscribe([pictures], value => this.draw(value));
    if (captions) this.state.subscribe([captions], () => this.tell());
    for (const [key, source] of Object.entries(pick ?? {})) {
      this.state.subscribe([source], ({shape}) => { if (shape.length === 1) this.followChosen(key, source); });
    }
    if (this.litKey) this.state.subscribe([this.litKey, this.litNumbers], number => this.markLit(number));
  }

  followChosen(key, source) {
    if (!this.sources.has(key)) {
      for (const one of [key, ...Object.keys(this.props.also ?? {})]) this.state.subscribe([one], () => this.markChosen());
    }
    this.sources.set(key, source);
    this.markChosen();
  }
}
