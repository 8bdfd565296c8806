// Films: rows of frames under one playhead, to play, step through and drag over; and marks painted on their columns.

import {listen} from './filmstrip_hand.js';
import {button, countPaint, make, toImage} from './kit.js';
import {tabState} from './store.js';

const BETWEEN = 16;  // CSS pixels between films beside each other
const SKIPPED = 3;  // the mark of a column that the model is not given at all

export function mount({element, props}) {
  const strip = new Filmstrip(element, props, tabState(props.tab));
  listen(strip);
  follow(strip);
}

class Filmstrip {
  timer = undefined;  // while it plays

  constructor(element, props, state) {
    Object.assign(this, {element, props, state});
    this.title = make('div', `le-label le-film-head le-symbol-${props.symbol}`);
    this.now = make('output', 'le-hint');  // the frame that is seen, in words
    this.play = button('▶', () => this.toggle());
    this.play.setAttribute('aria-label', 'Play');
    this.grid = make('div', 'le-film-grid');
    this.grid.tabIndex = 0;
    const attributes = [['role', 'slider'], ['aria-label', props.title], ['aria-valuemin', 0]];
    for (const [name, value] of attributes) this.grid.setAttribute(name, value);
    this.rulers = Array.from({length: Math.min(props.columns, props.films.length)}, () => make('div', 'le-film-ruler'));
    this.films = props.films.map(buildFilm);
    this.grid.append(...this.rulers, ...this.films.map(({row}) => row));
    this.title.append(make('span', '', props.title), ...this.#tools(), make('small', 'le-hint', props.hint));
    element.append(this.title, this.grid);
  }

  #tools() {
    const {rate, movie} = this.props;
    if (!rate) return [];
    const tools = [this.play, button('−1', () => this.step(-1)), button('+1', () => this.step(1))];
    if (movie) tools.push(button('', () => this.state.set(movie, !this.isLarge), 'le-film-view'));
    return [...tools, this.now];
  }

  // ---- The playhead

  get count() {
    return this.state.get(this.props.times)?.shape[0] ?? 0;
  }

  // The column it is on.
  get column() {
    return Math.max(0, Math.min(this.count - 1, this.state.get(this.props.cursor) - this.props.first));
  }

  // Whether one frame of each film is seen, and not all in a row.
  get isLarge() {
    return Boolean(this.props.movie && this.state.get(this.props.movie));
  }

  go(column) {
    this.state.set(this.props.cursor, this.props.first + column);
  }

  step(by) {
    this.go((this.column + by + this.count) % this.count);
  }

  toggle() {
    clearInterval(this.timer);
    const next = () => (this.element.offsetParent ? this.step(1) : this.toggle());
    this.timer = this.timer ? undefined : setInterval(next, 1000 / this.props.rate);
    this.play.textContent = this.timer ? '❚❚' : '▶';
    this.play.setAttribute('aria-label', this.timer ? 'Pause' : 'Play');
  }

  // ---- Drawing

  draw({key, index, every, canvas}) {
    const frames = this.state.get(key);
    if (!frames || !this.count) return;
    const [height, width] = frames.shape.slice(-2);
    const severalFilms = frames.shape.length === 5;
    const length = frames.shape[severalFilms ? 1 : 0];
    const columns = this.isLarge ? 1 : this.count;
    Object.assign(canvas, {width: columns * (width + 1) - 1, height});  // which clears it
    const context = canvas.getContext('2d');
    for (let i = 0; i < length; i++) {
      const column = i * every - (this.isLarge ? this.column : 0);
      if (column < 0 || column >= columns) continue;
      context.putImageData(toImage(frames, (severalFilms ? index * length : 0) + i), column * (width + 1), 0);
    }
    countPaint(canvas);
  }

  drawAll() {
    for (const film of this.films) this.draw(film);
  }

  // The sizes on screen, after the number of columns or the view has changed.
  layOut() {
    const {props, count} = this;
    const room = (props.width - (props.columns - 1) * BETWEEN) / props.columns;
    const tile = Math.min(props.tile, Math.floor(room / Math.max(1, count)) - 2);
    const each = this.isLarge ? props.movie_tile : count * (tile + 2) - 2;
    const inARow = this.isLarge ? Math.floor((props.width + BETWEEN) / (props.movie_tile + BETWEEN)) : props.columns;
    this.grid.style.gridTemplateColumns = `repeat(${inARow}, ${each}px)`;
    this.#numberColumns(tile < 26 ? 2 : 1);  // so that the numbers do not touch
    this.grid.setAttribute('aria-valuemax', count - 1);
    this.drawAll();
    this.mark();
  }

  #numberColumns(every) {
    const numbers = Array.from(this.state.get(this.props.times)?.data ?? []);
    for (const ruler of this.rulers) {
      ruler.hidden = this.isLarge;
      ruler.replaceChildren(...numbers.map((number, column) => make('span', '', column % every ? '' : String(number))));
    }
  }

  // Marks and playhead over all films, and where it stands in words.
  mark() {
    const {count, column, isLarge} = this;
    if (!count) return;
    const marks = isLarge ? [] : [...this.#marks(), this.#box('le-film-playhead', column, column + 1)];
    for (const {over} of this.films) over.replaceChildren(...marks.map(node => node.cloneNode(true)));
    for (const ruler of this.rulers) [...ruler.children].forEach((node, i) => node.classList.toggle('le-film-now', i === column));
    const number = this.state.get(this.props.times).data[column];
    this.now.textContent = `frame ${number}`;
    this.grid.setAttribute('aria-valuenow', column);
    const isShownSoFar = this.props.shown === this.props.cursor;
    this.grid.setAttribute('aria-valuetext', isShownSoFar ? `frames 1 to ${number} are shown to the model` : `frame ${number}`);
  }

  // Boxes over the columns that are marked, and a veil over those that the model is not shown.
  #marks() {
    const {count, props, state} = this;
    const kinds = props.marks ? state.get(props.marks) : [];
    const className = kind => (kind === SKIPPED ? 'le-film-marked le-film-veil' : 'le-film-marked');
    const marks = kinds.flatMap((kind, i) => (kind ? [this.#box(className(kind), i, i + 1)] : []));
    const shown = props.shown ? state.get(props.shown) : count;
    if (shown >= count) return marks;
    const veil = this.#box('le-film-veil', shown, count);
    if (shown < .8 * count) veil.textContent = props.veil;
    return [...marks, veil];
  }

  #box(className, from, to) {
    const node = make('div', className);
    node.style.left = `${100 * from / this.count}%`;
    node.style.width = `${100 * (to - from) / this.count}%`;
    return node;
  }

  // ---- Marks by hand

  // The mark that a stroke from here paints: the chosen one, or none where it is there already.
  markToPaint(column) {
    const brush = this.state.get(this.props.brush);
    return this.state.get(this.props.marks)[column] === brush ? 0 : brush;
  }

  paintMark(column, kind) {
    const {marks} = this.props;
    this.state.set(marks, this.state.get(marks).map((old, i) => (i === column ? kind : old)));
  }
}

// A row of its own, with all of a film's properties.
function buildFilm(film) {
  const row = make('div', 'le-film');
  const name = make('div', `le-film-title le-symbol-${film.symbol}`, film.title);
  const strip = make('div', 'le-film-strip');
  const canvas = make('canvas');
  canvas.ariaHidden = true;  // the slider around it says what is seen
  const over = make('div', 'le-film-over');
  strip.append(canvas, over);
  row.append(...(film.title ? [name] : []), strip);
  return {...film, row, name, canvas, over};
}

function follow(strip) {
  const {props, state, films: rows} = strip;
  state.subscribe([props.times], () => strip.layOut());
  for (const film of rows) {
    state.subscribe([film.key], () => strip.draw(film));
    if (film.number) state.subscribe([film.number], ({data}) => { film.name.textContent = film.title.replace('{}', data[film.index]); });
  }
  state.subscribe([props.cursor], () => {
    strip.mark();
    if (strip.isLarge) strip.drawAll();
  });
  for (const key of [props.shown, props.marks]) if (key && key !== props.cursor) state.subscribe([key], () => strip.mark());
  if (props.movie) {
    state.subscribe([props.movie], larger => {
      strip.title.querySelector('.le-film-view').textContent = larger ? 'As rows' : 'As films';
      strip.layOut();
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
