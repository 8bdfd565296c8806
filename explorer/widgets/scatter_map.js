// Thousands of points: zoom, pan, hover, click, lasso; as dots or as their pictures.

import {countPaint, make, notice, onTheme, showIf} from './kit.js';
import {PointMap, buildFrame} from './point_map.js';
import {loadAtlas} from './sample_sheet.js';
import {Index} from './scatter_geometry.js';
import {Dots, LASSOS, Overlay, colours, paintThumbnails} from './scatter_paint.js';
import {className, classEntries, classNames, rampEntries, toolsOf} from './scatter_tools.js';
import {tabState} from './store.js';

const OF_PICTURES = /^(class|factor )/;  // colours that are values of the pictures, whatever the model
const AROUND = 40;  // CSS pixels around the point that a key takes into a lasso

export function mount({element, props}) {
  const map = new ScatterMap(element, props, tabState(props.tab), build(element, props));
  showIf(element, map.state, props.show_if);
  map.listen();
  const {row, showPictures} = toolsOf(map);
  map.tools.append(...row);
  follow(map, showPictures);
}

function build(element, props) {
  const title = make('div', 'le-label le-symbol-z', props.title);
  const hint = make('small', 'le-hint', props.hint);
  const tools = make('div', 'le-tools');
  const legend = make('div', 'le-legend');
  const {frame, ...nodes} = buildFrame(props, `${props.title}. Arrow keys walk from point to point, with Shift they move ` +
    'the map; Enter chooses, plus and minus zoom, 0 shows all, A and B take the points around into a lasso.');
  title.append(hint);
  element.append(title, frame, tools, legend);
  nodes.base.style.visibility = 'hidden';  // it is black until it is painted
  return {hint, tools, legend, ...nodes};
}

class ScatterMap extends PointMap {
  colours = null;  // of the points
  atlas = null;  // their pictures, while they are shown
  set = '';  // name of the picture set
  mode = 'move';  // what dragging does: move, or draw lasso a or b

  constructor(element, props, state, nodes) {
    super(state, props, nodes);
    this.element = element;
    this.dots = new Dots(element, this.base, this.ratio);
    this.overlay = new Overlay(element, this.over, this.ratio);
  }

  // ---- Painting

  get isReady() {
    return this.points && this.colours?.length === this.points.shape[0];
  }

  paintBase() {
    const {view, points, dots} = this;
    const groups = Object.entries(LASSOS).map(([name, halo]) => [this.#members(name), halo]);
    dots.paint(view, points, this.colours, groups);
    if (this.atlas) paintThumbnails(dots.context, view, points, this.colours, this.atlas, this.ratio);
    this.base.style.visibility = '';
    countPaint(this.base);
  }

  paintOver() {
    const {view, overlay, state, props, points: {shape: [count]}} = this;
    overlay.clear();
    for (const i of state.get(props.near)?.data ?? []) overlay.ring(this.#pixelOf(i), 5);
    const [chosen, shown] = [state.committed.get(props.index), state.get(props.index)];
    if (chosen < count) overlay.ring(this.#pixelOf(chosen), 9, 'var(--z)');
    if (shown !== chosen && shown < count) overlay.ring(this.#pixelOf(shown), 9);
    const own = props.own && state.get(props.own);
    if (own) overlay.ring(view.toPixel(...own.data), 11, 'var(--x)');
    if (this.lasso) overlay.polygon(this.lasso.corners.map(corner => view.toPixel(...corner)), LASSOS[this.lasso.name]);
    countPaint(this.over);
  }

  // Numbers of the points in a lasso; of one that is told by its values, they come with an answer.
  #members(name) {
    const {state, props} = this;
    return (state.get(props.lassos + name)?.data ?? state.get(props.inside + name)?.data) || [];
  }

  #pixelOf(i) {
    return this.view.toPixel(this.points.data[2 * i], this.points.data[2 * i + 1]);
  }

  // ---- What can be done

  // The point that is previewed, or the chosen one.
  get seen() {
    return this.state.get(this.props.index);
  }

  light(found) {
    if (found !== this.seen) this.state.preview(this.props.index, found);
  }

  leave() {
    this.state.restore(this.props.index);
  }

  choose(found) {
    if (found >= 0) this.state.set(this.props.index, found);
  }

  // Selects points as lasso a or b.
  select(name, members) {
    notice(members.length ? '' : 'No picture lies inside the lasso.', this.over);
    const inOrder = members.toSorted((a, b) => a - b);  // which makes a link shorter
    if (inOrder.length) this.state.set(this.props.lassos + name, {data: inOrder, shape: [inOrder.length]});
  }

  // All points of some values become the lasso in hand; where none is in hand, the one that is empty.
  take(first, last) {
    const {state, props} = this;
    const name = this.mode in LASSOS ? this.mode : state.get(`${props.lassos}a`) === null ? 'a' : 'b';
    state.set(props.lassos + name, `${state.get(props.colour)} ${first}-${last}`);
  }

  #selectAround(name) {
    const {points, index, view, state, props} = this;
    const i = state.get(props.index);
    const here = points.data.subarray(2 * i, 2 * i + 2);
    this.select(name, [...index.within(...here, AROUND * this.density / view.scale)]);
  }

  showAll() {
    this.view.fit(this.points);
  }

  actions = {...this.actions, a: () => this.#selectAround('a'), b: () => this.#selectAround('b')};

  // ---- What changes elsewhere

  // Another picture set: points that were selected among the former ones mean nothing.
  setPictures(name) {
    const isOther = this.set && name !== this.set;
    if (isOther && this.props.lassos) for (const lasso of Object.keys(LASSOS)) this.state.setDefault(this.props.lassos + lasso, null);
    this.set = name;
  }

  setPoints(points) {
    this.points = points;
    this.index = new Index(points);
    this.view.fit(points);
    this.redraw('base');
  }

  async showAtlas(isWanted) {
    const {set} = this;
    const atlas = isWanted ? await loadAtlas(set) : null;
    if (set === this.set) this.atlas = atlas;
    this.redraw('base');
  }

  setColours(values, classes) {
    this.colours = colours(this.element, values, classes);
    this.redraw('base');
  }

  async explain(values, classes) {
    const entries = await this.#legendEntries(values, classes);
    // Values come before the number of their classes; what was made for another number is late.
    const isLate = values !== this.state.get(this.props.values) || classes !== this.state.get(this.props.classes);
    if (!isLate) this.legend.replaceChildren(...entries);
  }

  async #legendEntries(values, classes) {
    const {state, props, set} = this;
    const colour = state.get(props.colour);
    const take = props.lassos && OF_PICTURES.test(colour) && ((first, last) => this.take(first, last));
    if (!classes) return rampEntries(values, take);
    return classEntries(state.get(props.names)?.[colour] ?? await classNames(set), take);
  }

  async say(set, i, label) {
    const name = await className(set, label);
    if (i === this.state.get(this.props.index)) this.hint.textContent = `picture ${i}: ${name}`;
  }
}

function follow(map, showPictures) {
  const {state, props} = map;
  state.subscribe([props.data], name => {
    map.setPictures(name);
    showPictures();
  });
  state.subscribe([props.points], points => map.setPoints(points));
  state.subscribe([props.values, props.classes], (values, classes) => {
    map.setColours(values, classes);
    if (props.legend) map.explain(values, classes);
  });
  if (props.label) state.subscribe([props.data, props.index, props.label], (...args) => map.say(...args));
  for (const key of [props.index, props.near, props.own]) if (key) state.subscribe([key], () => map.redraw('over'));
  for (const name of props.lassos ? Object.keys(LASSOS) : []) {
    for (const key of [props.lassos + name, props.inside + name]) state.subscribe([key], () => map.redraw('base'));
  }
  onTheme(() => {
    const values = state.get(props.values);
    if (values) map.setColours(values, state.get(props.classes));
    else map.redraw('base');
  });
}
