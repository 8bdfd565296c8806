// Tiles on one canvas: hover tells, click picks; arrow keys walk over them and Enter picks.

import {countPaint, format, make, paint, showIf, toImage} from './kit.js';
import {tabState} from './store.js';

export function mount({element, props}) {
  const state = tabState(props.scene);
  const title = make('div', `le-label le-symbol-${props.symbol}`, props.title);
  const canvas = make('canvas', 'le-tiles');
  const marker = make('div', 'le-marker');
  const chosen = make('div', 'le-marker le-chosen-tile');
  const frame = make('div', 'le-frame');
  const caption = make('div', 'le-caption');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', props.title);
  canvas.tabIndex = props.pick ? 0 : -1;
  frame.append(canvas, chosen, marker);
  element.append(title, frame, caption);
  if (props.hint) title.append(make('small', 'le-hint', props.hint));
  if (!props.captions) caption.remove();
  marker.hidden = chosen.hidden = true;
  if (props.ruled) frame.append(make('div', 'le-ruled'));
  frame.style.setProperty('--tile', `${props.tile}px`);
  const nothing = make('div', 'le-nothing', props.empty);
  nothing.hidden = true;
  frame.append(nothing);
  keepRoom();
  showIf(element, state, props.show_if);

  let shown = null;
  let over = -1;
  const numbered = new Map();  // key a click sets to a number -> key of the tiles' numbers
  const columns = props.columns;

  // Nothing is seen of the tiles until they are drawn, but their room is kept.
  function keepRoom() {
    Object.assign(canvas, {width: props.columns, height: 1});
    Object.assign(canvas.style, {width: `${props.columns * props.tile}px`, visibility: 'hidden'});
  }

  function count() {
    return shown.shape.length === 4 ? shown.shape[0] : 1;
  }

  function draw(pictures) {
    shown = pictures;
    nothing.hidden = count() > 0;
    if (count() === 0) {
      keepRoom();
      caption.replaceChildren();
      return;
    }
    if (count() === 1) {
      paint(canvas, pictures);
    } else {
      const [height, width] = pictures.shape.slice(-2);
      const rows = Math.ceil(count() / columns);
      if (canvas.width !== columns * width) canvas.width = columns * width;
      if (canvas.height !== rows * height) canvas.height = rows * height;
      const context = canvas.getContext('2d');
      for (let i = 0; i < count(); i++) {
        context.putImageData(toImage(pictures, i), (i % columns) * width, Math.floor(i / columns) * height);
      }
      countPaint(canvas);
    }
    Object.assign(canvas.style, {width: `${Math.min(columns, count()) * props.tile}px`, visibility: ''});
    tell();
  }

  // With one tile its number, with several the number under the pointer, or all of them where they fit.
  function tell() {
    const numbers = props.captions ? state.get(props.captions) : undefined;
    if (numbers === undefined || !shown || !count()) return;
    const print = value => props.caption_text.replace('{}', format(value, props.digits));
    if (typeof numbers === 'number') {
      caption.textContent = print(numbers);
    } else if (count() <= columns) {
      caption.replaceChildren(...Array.from(numbers.data, value => make('span', '', print(value))));
      caption.style.width = canvas.style.width;
    } else {
      caption.textContent = over < 0 ? '' : print(numbers.data[over]);
    }
  }

  const [litKey, litNumbers] = Object.entries(props.lit ?? {})[0] ?? [];

  function point(index) {
    over = shown && index >= 0 && index < count() ? index : -1;
    if (!litKey) mark(marker, props.pick ? over : -1);
    else if (over < 0) state.restore(litKey);
    else state.preview(litKey, state.get(litNumbers).data[over]);
    tell();
  }

  function mark(box, index) {
    box.hidden = index < 0;
    if (index >= 0) place(box, index);
  }

  // In shares of the frame, which is as large as the canvas also where that was not yet to be seen.
  function place(box, index) {
    const [across, down] = [Math.min(columns, count()), Math.ceil(count() / columns)];
    Object.assign(box.style, {
      left: `${(index % columns) / across * 100}%`,
      top: `${Math.floor(index / columns) / down * 100}%`,
      width: `${100 / across}%`,
      height: `${100 / down}%`,
    });
  }

  // The tile whose number is the value of the key it would set.
  function frameChosen() {
    if (!shown) return;
    mark(chosen, [...numbered].map(([key, source]) => tileOf(state.get(key), source)).find(index => index >= 0) ?? -1);
  }

  function tileOf(number, source) {
    const index = state.get(source)?.data.indexOf(number) ?? -1;
    return index < count() ? index : -1;
  }

  function at(event) {
    const box = canvas.getBoundingClientRect();
    const rows = Math.ceil(count() / columns);
    const column = Math.floor((event.clientX - box.left) / box.width * Math.min(columns, count()));
    return Math.floor((event.clientY - box.top) / box.height * rows) * columns + column;
  }

  function pick() {
    if (over < 0) return;
    for (const [key, value] of Object.entries(props.also ?? {})) state.set(key, value);
    for (const [key, source] of Object.entries(props.pick ?? {})) {
      const {data, shape} = state.get(source);
      const size = data.length / shape[0];
      const row = {data: data.slice(over * size, (over + 1) * size), shape: shape.slice(1)};
      state.set(key, row.shape.length ? row : row.data[0]);
    }
  }

  canvas.addEventListener('pointermove', event => { if (shown) point(at(event)); });
  canvas.addEventListener('pointerleave', () => { if (shown) point(-1); });
  canvas.addEventListener('click', event => { point(at(event)); pick(); });
  canvas.addEventListener('keydown', event => {
    const step = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns}[event.key];
    if (step) point(Math.min(count() - 1, Math.max(0, over + step)));
    else if (event.key === 'Enter') pick();
    else return;
    event.preventDefault();
  });
  state.subscribe([props.pictures], draw);
  if (props.captions) state.subscribe([props.captions], tell);
  for (const [key, source] of Object.entries(props.pick ?? {})) {
    state.subscribe([source], ({shape}) => {
      if (shape.length > 1) return;
      if (!numbered.has(key)) state.subscribe([key], frameChosen);
      numbered.set(key, source);
      frameChosen();
    });
  }
  if (litKey) {
    state.subscribe([litKey, litNumbers], lit => {
      if (!shown) return;
      over = tileOf(lit, litNumbers);
      mark(marker, over);
      tell();
    });
  }
}
