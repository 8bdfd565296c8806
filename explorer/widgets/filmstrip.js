// Films: rows of frames under one playhead, to play, step through and drag over; and marks painted on their columns.

import {button, countPaint, make, toImage} from './kit.js';
import {tabState} from './store.js';

const BETWEEN = 16;  // CSS pixels between films beside each other
const SKIPPED = 3;  // the mark of a column that the model is not given at all

export function mount({element, props}) {
  const state = tabState(props.scene);
  const title = make('div', `le-label le-film-head le-symbol-${props.symbol}`);
  const now = make('output', 'le-hint');
  const play = button('▶', toggle);
  const grid = make('div', 'le-film-grid');
  play.setAttribute('aria-label', 'Play');
  const tools = [play, button('−1', () => step(-1)), button('+1', () => step(1))];
  if (props.movie) tools.push(button('', () => state.set(props.movie, !state.get(props.movie)), 'le-film-view'));
  title.append(make('span', '', props.title), ...(props.rate ? [...tools, now] : []), make('small', 'le-hint', props.hint));
  element.append(title, grid);
  grid.tabIndex = 0;
  for (const [name, value] of [['role', 'slider'], ['aria-label', props.title], ['aria-valuemin', 0]]) grid.setAttribute(name, value);

  const rulers = Array.from({length: Math.min(props.columns, props.films.length)}, () => make('div', 'le-film-ruler'));
  const rows = props.films.map(film => {
    const row = make('div', 'le-film');
    const name = make('div', `le-film-title le-symbol-${film.symbol}`, film.title);
    const strip = make('div', 'le-film-strip');
    const canvas = make('canvas');
    const over = make('div', 'le-film-over');
    strip.append(canvas, over);
    row.append(...(film.title ? [name] : []), strip);
    return {...film, row, name, canvas, over};
  });
  grid.append(...rulers, ...rows.map(({row}) => row));

  const count = () => state.get(props.times)?.shape[0] ?? 0;
  const at = () => Math.max(0, Math.min(count() - 1, state.get(props.cursor) - props.first));
  const large = () => Boolean(props.movie && state.get(props.movie));

  function go(column) {
    state.set(props.cursor, props.first + column);
  }

  function step(by) {
    go((at() + by + count()) % count());
  }

  let timer;

  function toggle() {
    clearInterval(timer);
    timer = timer ? undefined : setInterval(() => (element.offsetParent ? step(1) : toggle()), 1000 / props.rate);
    play.textContent = timer ? '❚❚' : '▶';
    play.setAttribute('aria-label', timer ? 'Pause' : 'Play');
  }

  // ---- Drawing ----

  function draw({key, index, every, canvas}) {
    const frames = state.get(key);
    if (!frames || !count()) return;
    const [height, width] = frames.shape.slice(-2);
    const several = frames.shape.length === 5;
    const length = frames.shape[several ? 1 : 0];
    const columns = large() ? 1 : count();
    Object.assign(canvas, {width: columns * (width + 1) - 1, height});  // which clears it
    const context = canvas.getContext('2d');
    for (let i = 0; i < length; i++) {
      const column = i * every - (large() ? at() : 0);
      if (column < 0 || column >= columns) continue;
      context.putImageData(toImage(frames, (several ? index * length : 0) + i), column * (width + 1), 0);
    }
    countPaint(canvas);
  }

  // The sizes on screen, after the number of columns or the view has changed.
  function layOut() {
    const room = (props.width - (props.columns - 1) * BETWEEN) / props.columns;
    const tile = Math.min(props.tile, Math.floor(room / Math.max(1, count())) - 2);
    const each = large() ? props.movie_tile : count() * (tile + 2) - 2;
    const beside = large() ? Math.floor((props.width + BETWEEN) / (props.movie_tile + BETWEEN)) : props.columns;
    grid.style.gridTemplateColumns = `repeat(${beside}, ${each}px)`;
    const text = tile < 26 ? 2 : 1;  // so that the ruler's numbers do not touch
    const numbers = Array.from(state.get(props.times)?.data ?? []);
    for (const ruler of rulers) {
      ruler.hidden = large();
      ruler.replaceChildren(...numbers.map((number, column) => make('span', '', column % text ? '' : String(number))));
    }
    grid.setAttribute('aria-valuemax', count() - 1);
    for (const film of rows) draw(film);
    mark();
  }

  function box(className, from, to) {
    const node = make('div', className);
    node.style.left = `${100 * from / count()}%`;
    node.style.width = `${100 * (to - from) / count()}%`;
    return node;
  }

  function mark() {
    if (!count()) return;
    const number = state.get(props.times).data[at()];
    const marks = props.marks ? state.get(props.marks) : [];
    const shown = props.shown ? state.get(props.shown) : count();
    const marked = marks.flatMap((kind, i) => (kind ? [box(kind === SKIPPED ? 'le-film-marked le-film-veil' : 'le-film-marked', i, i + 1)] : []));
    if (shown < count()) {
      const veil = box('le-film-veil', shown, count());
      if (shown < .8 * count()) veil.textContent = 'not shown to the model';
      marked.push(veil);
    }
    for (const {over} of rows) {
      over.replaceChildren(...(large() ? [] : [...marked.map(node => node.cloneNode(true)), box('le-film-playhead', at(), at() + 1)]));
    }
    for (const ruler of rulers) [...ruler.children].forEach((node, column) => node.classList.toggle('le-film-now', column === at()));
    now.textContent = `frame ${number}`;
    grid.setAttribute('aria-valuenow', at());
    grid.setAttribute('aria-valuetext', props.shown === props.cursor ? `frames 1 to ${number} are shown to the model` : `frame ${number}`);
  }

  // ---- By hand ----

  let held;  // the strip that a pointer is on
  let painted;  // the mark that its stroke paints

  function columnUnder(event) {
    const {left, width} = held.getBoundingClientRect();
    return Math.max(0, Math.min(count() - 1, Math.floor((event.clientX - left) / width * count())));
  }

  function touch(column) {
    go(column);
    if (painted !== undefined) paintMark(column);
  }

  function paintMark(column) {
    state.set(props.marks, state.get(props.marks).map((kind, i) => (i === column ? painted : kind)));
  }

  function choosePaint(column) {
    const brush = state.get(props.brush);
    painted = state.get(props.marks)[column] === brush ? 0 : brush;
  }

  grid.addEventListener('pointerdown', event => {
    held = event.target.closest('.le-film-strip');
    if (!held || large()) return;
    grid.setPointerCapture(event.pointerId);
    if (props.marks) choosePaint(columnUnder(event));
    touch(columnUnder(event));
  });
  grid.addEventListener('pointermove', event => {
    if (held && grid.hasPointerCapture(event.pointerId)) touch(columnUnder(event));
  });
  grid.addEventListener('lostpointercapture', () => { held = painted = undefined; });
  grid.addEventListener('keydown', event => {
    const keys = {ArrowLeft: () => go(Math.max(0, at() - 1)), ArrowRight: () => go(Math.min(count() - 1, at() + 1)), Home: () => go(0), End: () => go(count() - 1), ' ': () => props.rate && toggle()};
    if (props.marks) keys.Enter = () => { choosePaint(at()); paintMark(at()); painted = undefined; };
    if (!keys[event.key]) return;
    keys[event.key]();
    event.preventDefault();
  });

  // ---- Following the scene ----

  state.subscribe([props.times], layOut);
  for (const film of rows) {
    state.subscribe([film.key], () => draw(film));
    if (film.number) state.subscribe([film.number], ({data}) => { film.name.textContent = film.title.replace('{}', data[film.index]); });
  }
  state.subscribe([props.cursor], () => {
    mark();
    if (large()) rows.forEach(draw);
  });
  for (const key of [props.shown, props.marks]) if (key && key !== props.cursor) state.subscribe([key], mark);
  if (props.movie) {
    state.subscribe([props.movie], larger => {
      title.querySelector('.le-film-view').textContent = larger ? 'As rows' : 'As films';
      layOut();
    });
  }
}

// The films, all as long as the longest: one with fewer frames holds each of them.
export function films(state, props) {
  const all = props.films.map(({key, index, every}) => ({...state.get(key), index, every})).filter(({data}) => data);
  const count = Math.max(...all.map(({shape, every}) => (shape.at(-4) - 1) * every + 1));
  return all.map(({data, shape, index, every}) => {
    const [length, ...frame] = shape.slice(-4);
    const size = frame.reduce((product, side) => product * side);
    const film = new data.constructor(count * size);
    for (let i = 0; i < count; i++) {
      const from = ((shape.length === 5 ? index * length : 0) + Math.min(length - 1, Math.floor(i / every))) * size;
      film.set(data.subarray(from, from + size), i * size);
    }
    return {data: film, shape: [count, ...frame]};
  });
}
