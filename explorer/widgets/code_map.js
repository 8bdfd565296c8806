// A grid of codes: hover lights a code, strokes change cells; arrow keys walk, Enter does what a click does.

import {Strokes} from './code_strokes.js';
import {button, countPaint, make, paint, pixelRatio, resolveColour, showIf, toImage} from './kit.js';
import {tabState} from './store.js';

export function mount({element, props}) {
  const state = tabState(props.tab);
  const nodes = build(element, props);
  const strokes = new Strokes(state, props, Object.keys(props.tools));
  const map = new CodeMap(state, props, nodes, strokes);
  showIf(element, state, props.show_if);
  map.listen();
  if (Object.keys(props.tools).length > 1) nodes.body.append(tools(state, props.tools, strokes));
  map.follow();
}

function build(element, {symbol, title: text, hint, side}) {
  const title = make('div', `le-label le-symbol-${symbol}`, text);
  const body = make('div', 'le-map-body');
  const frame = make('div', 'le-frame');
  const base = make('canvas', 'le-map');
  const over = make('canvas', 'le-map-over');
  if (hint) title.append(make('small', 'le-hint', hint));
  frame.append(base, over);
  body.append(frame);
  element.append(title, body);
  for (const canvas of [base, over]) canvas.style.width = canvas.style.height = `${side}px`;
  over.width = over.height = side * pixelRatio();
  base.ariaHidden = true;
  over.tabIndex = 0;
  over.setAttribute('role', 'application');
  over.setAttribute('aria-label', `${text}: arrow keys walk over the cells, Enter changes one or picks its code.`);
  return {body, base, over};
}

// Buttons that choose a tool, and those that take strokes back.
function tools(state, names, strokes) {
  const row = make('div', 'le-tools');
  const buttons = Object.entries(names).map(([name, text]) => [name, button(text, () => state.set(strokes.tool, name))]);
  row.append(...buttons.map(([, node]) => node), button('Undo', () => strokes.undo()), button('Undo all', () => strokes.undoAll()));
  state.subscribe([strokes.tool], now => buttons.forEach(([name, node]) => node.setAttribute('aria-pressed', name === now)));
  return row;
}

class CodeMap {
  cell = -1;  // the one that the pointer or the keys are on

  constructor(state, props, {base, over}, strokes) {
    Object.assign(this, {state, props, base, over, strokes});
  }

  // ---- What is seen

  // The codes to be seen: where there are none, those of one of the grids that are being filled.
  seen() {
    const {data, shape} = this.state.get(this.props.codes);
    const filled = this.props.filled ? this.state.get(this.props.filled) : undefined;
    if (!filled) return {data, shape};
    const first = this.state.get(this.props.which) * data.length;
    return {data: data.map((code, i) => (code < 0 ? filled.data[first + i] : code)), shape};
  }

  mark() {
    const codes = this.state.get(this.props.codes);
    if (!codes) return;
    const seen = this.seen();
    const lit = this.state.get(this.props.lit) ?? -1;
    const next = this.state.get(this.props.next) ?? -1;
    const marks = new Marks(this.over, codes.shape);
    marks.lines();
    if (this.props.filled) marks.outline(codes.data);
    if (lit >= 0) seen.data.forEach((code, i) => { if (code === lit) marks.box(i, 'var(--z)', 3); });
    if (next >= 0) marks.box(next, 'var(--x-hat)', 3);
    if (this.cell >= 0) marks.box(this.cell, '#fff', 2);
  }

  // ---- What the hand does

  walk(cell) {
    if (cell === this.cell) return;
    this.cell = cell;
    if (cell < 0) this.state.restore(this.props.lit);
    else this.state.preview(this.props.lit, this.seen().data[cell]);
    this.mark();
  }

  cellUnder(event) {
    const codes = this.state.get(this.props.codes);
    if (!codes) return -1;
    const [height, width] = codes.shape;
    const area = this.over.getBoundingClientRect();
    const column = Math.floor((event.clientX - area.left) / area.width * width);
    const row = Math.floor((event.clientY - area.top) / area.height * height);
    return column < 0 || column >= width || row < 0 || row >= height ? -1 : row * width + column;
  }

  press(event) {
    const cell = this.cellUnder(event);
    if (cell < 0) return;
    this.over.setPointerCapture(event.pointerId);
    this.strokes.begin(cell);
    this.walk(cell);
  }

  move(event) {
    const cell = this.cellUnder(event);
    if (cell === this.cell) return;
    if (cell >= 0) this.strokes.goOn(cell);
    this.walk(cell);
  }

  onKey(event) {
    const codes = this.state.get(this.props.codes);
    if (!codes) return;
    const [height, width] = codes.shape;
    const step = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -width, ArrowDown: width}[event.key];
    if (step) {
      this.walk(Math.min(height * width - 1, Math.max(0, Math.max(0, this.cell) + step)));
    } else if ((event.key === 'Enter' || event.key === ' ') && this.cell >= 0) {
      this.strokes.begin(this.cell);
      this.strokes.end();
    } else if (event.key === 'z' && (event.ctrlKey || event.metaKey)) {
      this.strokes.undo();
    } else {
      return;
    }
    event.preventDefault();
  }

  listen() {
    this.over.addEventListener('pointerdown', event => this.press(event));
    this.over.addEventListener('pointermove', event => this.move(event));
    for (const end of ['pointerup', 'pointercancel']) this.over.addEventListener(end, () => this.strokes.end());
    this.over.addEventListener('pointerleave', () => this.walk(-1));
    this.over.addEventListener('keydown', event => this.onKey(event));
  }

  follow() {
    const {codes, lit, other, picture, tiles, numbers, filled, which, next} = this.props;
    this.state.subscribe([codes], value => {
      this.strokes.note(value);
      this.mark();
    });
    this.state.subscribe([lit], () => this.mark());
    if (other) this.state.subscribe([other], () => {});  // so that it is computed
    const drawn = [codes, tiles, numbers, ...(filled ? [filled, which] : [])];
    const draw = () => paintCodes(this.base, this.seen(), this.state.get(tiles), this.state.get(numbers));
    if (picture) this.state.subscribe([picture], value => paint(this.base, value));
    else this.state.subscribe(drawn, draw);
    if (next) this.state.subscribe([next], () => this.mark());
  }
}

// A tile for each code; a cell whose code has none stays empty.
function paintCodes(canvas, {data, shape: [height, width]}, tiles, numbers) {
  const side = tiles.shape.at(-1);
  const tileOf = new Map(Array.from(numbers.data, (number, tile) => [number, tile]));
  if (canvas.width !== width * side) canvas.width = width * side;
  if (canvas.height !== height * side) canvas.height = height * side;
  const context = canvas.getContext('2d');
  data.forEach((code, i) => {
    const [x, y] = [(i % width) * side, Math.floor(i / width) * side];
    if (tileOf.has(code)) context.putImageData(toImage(tiles, tileOf.get(code)), x, y);
    else context.clearRect(x, y, side, side);
  });
  countPaint(canvas);
}

// Lines and boxes over a grid of cells; a new one is empty.
class Marks {
  constructor(canvas, [height, width]) {
    Object.assign(this, {canvas, height, width, context: canvas.getContext('2d')});
    [this.across, this.down] = [canvas.width / width, canvas.height / height];
    this.context.clearRect(0, 0, canvas.width, canvas.height);
  }

  // Between all cells.
  lines() {
    this.#begin('rgba(128, 128, 128, .45)', 1);
    for (let column = 1; column < this.width; column++) this.#line(column, 0, 0, this.height);
    for (let row = 1; row < this.height; row++) this.#line(0, row, this.width, 0);
    this.context.stroke();
  }

  // Between the cells that keep their codes and those that are filled.
  outline(data) {
    this.#begin(resolveColour('var(--x-hat)'), 3);
    data.forEach((code, i) => {
      const [column, row] = [i % this.width, Math.floor(i / this.width)];
      if (column && (code < 0) !== (data[i - 1] < 0)) this.#line(column, row, 0, 1);
      if (row && (code < 0) !== (data[i - this.width] < 0)) this.#line(column, row, 1, 0);
    });
    this.context.stroke();
  }

  // Around a cell, between two dark lines.
  box(cell, colour, thickness) {
    const [x, y] = [(cell % this.width) * this.across, Math.floor(cell / this.width) * this.down];
    for (const [ink, width] of [['#000', thickness + 2], [resolveColour(colour), thickness]]) {
      this.#begin(ink, width);
      this.context.strokeRect(x + 2, y + 2, this.across - 4, this.down - 4);
    }
  }

  #begin(colour, thickness) {
    this.context.strokeStyle = colour;
    this.context.lineWidth = thickness;
    this.context.beginPath();
  }

  #line(column, row, right, below) {
    this.context.moveTo(column * this.across, row * this.down);
    this.context.lineTo((column + right) * this.across, (row + below) * this.down);
  }
}
