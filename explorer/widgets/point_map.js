// A map of points that one zooms, moves, walks over and points at: what maps of different points share.
//
// Each says when it is ready, how it is painted, paintBase and paintOver, what lighting a point, leaving all of them and
// choosing one mean, which point is seen, and how all are shown.

import {make, pixelRatio} from './kit.js';
import {View, neighbourTowards} from './scatter_geometry.js';
import {Pointers} from './scatter_pointers.js';

const REACH = 14;  // CSS pixels from a point that still mean it
const STEP = 1.4;  // of a zoom by button or key
const PAN = 40;  // CSS pixels that a key moves the map by

// Two canvases, one over the other, as dense as the screen; instructions are read out.
export function buildFrame({width, height}, instructions) {
  const ratio = pixelRatio();
  const frame = make('div', 'le-frame');
  const base = make('canvas', 'le-plane');
  const over = make('canvas', 'le-over');
  frame.append(base, over);
  base.ariaHidden = true;
  over.tabIndex = 0;
  over.setAttribute('role', 'application');
  over.setAttribute('aria-label', instructions);
  for (const canvas of [base, over]) Object.assign(canvas, {width: Math.round(width * ratio), height: Math.round(height * ratio)});
  for (const box of [base, over, frame]) Object.assign(box.style, {width: `${width}px`, height: `${height}px`});
  frame.style.aspectRatio = `${width} / ${height}`;  // where the screen is smaller
  return {frame, base, over, ratio};
}

export class PointMap {
  points = null;
  index = null;  // all that can be pointed at, by where it lies
  lasso = null;  // the one that is being drawn: its name and its corners, [[x, y], …]
  #outdated = new Set();  // layers to be painted with the next frame

  constructor(state, props, nodes) {
    Object.assign(this, {state, props}, nodes);
    this.view = new View(this.over.width, this.over.height);
  }

  listen() {
    new Pointers(this).listen();
    this.over.addEventListener('keydown', event => this.onKey(event));
  }

  // Paints the layer "base", or only what lies over it. Whatever changes within a frame is painted once.
  redraw(layer) {
    if (!this.#outdated.size) requestAnimationFrame(() => this.#paint());
    this.#outdated.add(layer);
  }

  #paint() {
    if (this.isReady) {
      if (this.#outdated.has('base')) this.paintBase();
      this.paintOver();
    }
    this.#outdated.clear();
  }

  // Pixels of the canvas for one of the page, where it may be smaller than it is drawn.
  get density() {
    return this.over.width / this.over.offsetWidth;
  }

  // The point at a pixel, -1 where there is none.
  pointAt(pixel) {
    return this.index.nearest(...this.view.toPoint(...pixel), REACH * this.density / this.view.scale);
  }

  hover(pixel) {
    const found = this.pointAt(pixel);
    if (found < 0) this.leave();
    else this.light(found);
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

  // Lights the next point to the right, to the left, above or below.
  #walk(direction) {
    const found = neighbourTowards(this.view, this.points, this.seen, direction, 2 * this.ratio);
    if (found >= 0) this.light(found);
  }
}
