// A grid of codes: hover lights a code, strokes change cells; arrow keys walk, Enter does what a click does.

import {button, countPaint, make, paint, resolveColour, showIf, toImage} from './kit.js';
import {tabState} from './store.js';

const PAST = 100;  // strokes that can be undone

export function mount({element, props}) {
  const state = tabState(props.scene);
  const title = make('div', `le-label le-symbol-${props.symbol}`, props.title);
  const frame = make('div', 'le-frame');
  const base = make('canvas', 'le-map');
  const over = make('canvas', 'le-map-over');
  const tools = make('div', 'le-tools');
  const body = make('div', 'le-map-body');
  if (props.hint) title.append(make('small', 'le-hint', props.hint));
  frame.append(base, over);
  body.append(frame);
  element.append(title, body);
  for (const canvas of [base, over]) canvas.style.width = canvas.style.height = `${props.side}px`;
  over.width = over.height = props.side * (window.devicePixelRatio || 1);
  over.tabIndex = 0;
  over.setAttribute('role', 'application');
  over.setAttribute('aria-label', `${props.title}: arrow keys walk over the cells, Enter changes one or picks its code.`);
  showIf(element, state, props.show_if);

  const past = `${props.codes} past`;  // values before each stroke
  const drawn = `${props.codes} drawn`;  // the last value that a stroke made, here or on another map of the key
  const computed = `${props.codes} computed`;
  const tool = `${props.codes} tool`;
  const names = Object.keys(props.tools);
  if (state.get(tool) === undefined) state.set(tool, names.length === 1 ? names[0] : 'look');
  let cell = -1;
  let pressed = false;
  let masking = false;  // whether the stroke takes codes away, or brings them back

  // ---- What is seen

  // The codes to be seen: where there are none, those of one of the grids that are being filled.
  function seen() {
    const {data, shape} = state.get(props.codes);
    const filled = props.filled ? state.get(props.filled) : undefined;
    if (!filled) return {data, shape};
    const first = state.get(props.which) * data.length;
    return {data: data.map((code, i) => (code < 0 ? filled.data[first + i] : code)), shape};
  }

  function showTiles() {
    const [codes, tiles, numbers] = [seen(), state.get(props.tiles), state.get(props.numbers)];
    const [height, width] = codes.shape;
    const side = tiles.shape.at(-1);
    const place = new Map(Array.from(numbers.data, (number, index) => [number, index]));
    if (base.width !== width * side) base.width = width * side;
    if (base.height !== height * side) base.height = height * side;
    const context = base.getContext('2d');
    codes.data.forEach((code, i) => {
      const [x, y] = [(i % width) * side, Math.floor(i / width) * side];
      if (place.has(code)) context.putImageData(toImage(tiles, place.get(code)), x, y);
      else context.clearRect(x, y, side, side);
    });
    countPaint(base);
  }

  function mark() {
    if (!state.get(props.codes)) return;
    const codes = seen();
    const [height, width] = codes.shape;
    const context = over.getContext('2d');
    const [across, down] = [over.width / width, over.height / height];
    context.clearRect(0, 0, over.width, over.height);
    context.strokeStyle = 'rgba(128, 128, 128, .45)';
    context.lineWidth = 1;
    context.beginPath();
    for (let i = 1; i < width; i++) { context.moveTo(i * across, 0); context.lineTo(i * across, over.height); }
    for (let i = 1; i < height; i++) { context.moveTo(0, i * down); context.lineTo(over.width, i * down); }
    context.stroke();
    if (props.filled) outline();
    const lit = state.get(props.lit) ?? -1;
    codes.data.forEach((code, i) => { if (code === lit && lit >= 0) box(i, 'var(--z)', 3); });
    const next = state.get(props.next) ?? -1;
    if (next >= 0) box(next, 'var(--x-hat)', 3);
    if (cell >= 0) box(cell, '#fff', 2);

    // Between the cells that keep their codes and those that are filled.
    function outline() {
      const {data} = state.get(props.codes);
      context.strokeStyle = resolveColour(over, 'var(--x-hat)');
      context.lineWidth = 3;
      context.beginPath();
      data.forEach((code, i) => {
        const [column, row] = [i % width, Math.floor(i / width)];
        if (column && (code < 0) !== (data[i - 1] < 0)) line(column, row, 0, 1);
        if (row && (code < 0) !== (data[i - width] < 0)) line(column, row, 1, 0);
      });
      context.stroke();
    }

    function line(column, row, right, below) {
      context.moveTo(column * across, row * down);
      context.lineTo((column + right) * across, (row + below) * down);
    }

    function box(i, colour, thickness) {
      const [x, y] = [(i % width) * across, Math.floor(i / width) * down];
      context.lineWidth = thickness + 2;
      context.strokeStyle = '#000';
      context.strokeRect(x + 2, y + 2, across - 4, down - 4);
      context.lineWidth = thickness;
      context.strokeStyle = resolveColour(over, colour);
      context.strokeRect(x + 2, y + 2, across - 4, down - 4);
    }
  }

  // ---- What the hand does

  const EDITS = {
    paint: (values, i) => { values[i] = state.get(props.code); },
    copy: (values, i) => { const other = state.get(props.other); if (other) values[i] = other.data[i]; },
    mask: (values, i) => { values[i] = masking ? -1 : state.get(props.other).data[i]; },
    restore: (values, i) => { values[i] = state.get(computed).data[i]; },
    swap: (values, i) => {
      const [one, two] = [values[i], state.get(props.code)];
      values.forEach((code, j) => { values[j] = code === one ? two : code === two ? one : code; });
    },
  };

  function set(value) {
    state.set(drawn, value);
    state.set(props.codes, value);
  }

  function begin(i) {
    if (state.get(tool) === 'look') return state.set(props.code, state.get(props.codes).data[i]);
    remember(state.get(props.codes));
    pressed = true;
    masking = state.get(props.codes).data[i] >= 0;
    edit(i);
  }

  function remember(value) {
    state.set(past, [...(state.get(past) ?? []).slice(-PAST), value]);
  }

  function edit(i) {
    const {data, shape} = state.get(props.codes);
    const values = data.slice();
    EDITS[state.get(tool)](values, i);
    if (values.some((value, j) => value !== data[j])) set({data: values, shape});
  }

  function walk(i) {
    if (i === cell) return;
    cell = i;
    if (i < 0) state.restore(props.lit);
    else state.preview(props.lit, seen().data[i]);
    mark();
  }

  function at(event) {
    const codes = state.get(props.codes);
    if (!codes) return -1;
    const [height, width] = codes.shape;
    const area = over.getBoundingClientRect();
    const column = Math.floor((event.clientX - area.left) / area.width * width);
    const row = Math.floor((event.clientY - area.top) / area.height * height);
    return column < 0 || column >= width || row < 0 || row >= height ? -1 : row * width + column;
  }

  over.addEventListener('pointerdown', event => {
    const i = at(event);
    if (i < 0) return;
    over.setPointerCapture(event.pointerId);
    begin(i);
    walk(i);
  });
  over.addEventListener('pointermove', event => {
    const i = at(event);
    if (i === cell) return;
    if (pressed && i >= 0 && state.get(tool) !== 'swap') edit(i);
    walk(i);
  });
  for (const end of ['pointerup', 'pointercancel']) over.addEventListener(end, () => { pressed = false; });
  over.addEventListener('pointerleave', () => walk(-1));
  over.addEventListener('keydown', event => {
    const codes = state.get(props.codes);
    if (!codes) return;
    const [height, width] = codes.shape;
    const step = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -width, ArrowDown: width}[event.key];
    if (step) walk(Math.min(height * width - 1, Math.max(0, Math.max(0, cell) + step)));
    else if ((event.key === 'Enter' || event.key === ' ') && cell >= 0) { begin(cell); pressed = false; }
    else if (event.key === 'z' && (event.ctrlKey || event.metaKey)) undo();
    else return;
    event.preventDefault();
  });

  function undo() {
    const values = state.get(past) ?? [];
    if (!values.length) return;
    state.set(past, values.slice(0, -1));
    set(values.at(-1));
  }

  function undoAll() {
    const [now, first] = [state.get(props.codes), state.get(computed)];
    if (!first || first === now) return;
    remember(now);
    set(first);
  }

  if (names.length > 1) {
    const buttons = Object.entries(props.tools).map(([name, text]) => [name, button(text, () => state.set(tool, name))]);
    tools.append(...buttons.map(([, node]) => node), button('Undo', undo), button('Undo all', undoAll));
    state.subscribe([tool], now => buttons.forEach(([name, node]) => node.setAttribute('aria-pressed', name === now)));
    body.append(tools);
  }

  state.subscribe([props.codes], value => {
    if (value !== state.get(drawn) && value !== state.get(computed)) {
      state.set(computed, value);
      state.set(past, []);
    }
    mark();
  });
  state.subscribe([props.lit], mark);
  if (props.other) state.subscribe([props.other], () => {});  // so that it is computed
  if (props.picture) state.subscribe([props.picture], picture => paint(base, picture));
  else state.subscribe([props.codes, props.tiles, props.numbers, ...(props.filled ? [props.filled, props.which] : [])], showTiles);
  if (props.next) state.subscribe([props.next], mark);
}
