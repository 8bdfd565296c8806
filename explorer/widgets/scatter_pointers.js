// What pointers do on a map of points: hovering previews one, a click chooses it, dragging moves the map or draws a lasso;
// the wheel and two fingers zoom.

import {inside} from './scatter_geometry.js';
import {LASSOS} from './scatter_paint.js';

const STILL = 4;  // CSS pixels that a click may move

export class Pointers {
  #pixels = new Map();  // of each pointer that is down, by its number
  #start = null;  // where the last one went down
  #hasMoved = false;

  constructor(map) {
    this.map = map;
  }

  listen() {
    const {over} = this.map;
    over.addEventListener('pointerdown', event => this.#press(event));
    over.addEventListener('pointermove', event => this.#move(event));
    for (const end of ['pointerup', 'pointercancel']) over.addEventListener(end, event => this.#release(event));
    over.addEventListener('pointerleave', () => { if (!this.#start) this.map.leave(); });
    over.addEventListener('wheel', event => this.#turnWheel(event), {passive: false});
  }

  #pixel({clientX, clientY}) {
    const {over} = this.map;
    const box = over.getBoundingClientRect();
    return [(clientX - box.left) / box.width * over.width, (clientY - box.top) / box.height * over.height];
  }

  #press(event) {
    const {map} = this;
    if (!map.index) return;
    map.over.setPointerCapture(event.pointerId);
    const pixel = this.#pixel(event);
    this.#pixels.set(event.pointerId, pixel);
    [this.#start, this.#hasMoved] = [pixel, false];
    const name = event.shiftKey && map.mode === 'move' ? 'a' : map.mode;
    map.lasso = name in LASSOS ? {name, corners: [map.view.toPoint(...pixel)]} : null;
  }

  #move(event) {
    const {map} = this;
    const pixel = this.#pixel(event);
    if (!this.#start) {
      if (event.pointerType !== 'touch' && map.index) map.hover(pixel);
      return;
    }
    const before = this.#pixels.get(event.pointerId) ?? pixel;
    if (this.#pixels.size === 2) this.#pinch(event.pointerId, before, pixel);
    else if (map.lasso) map.lasso.corners.push(map.view.toPoint(...pixel));
    else if (this.#hasMoved) map.view.pan(pixel[0] - before[0], pixel[1] - before[1]);
    this.#hasMoved ||= distance(pixel, this.#start) > STILL * map.density;
    this.#pixels.set(event.pointerId, pixel);
    map.redraw(map.lasso ? 'over' : 'base');
  }

  // The middle of two fingers stays under them, and so does their distance.
  #pinch(pointer, before, now) {
    const {map} = this;
    const [other] = [...this.#pixels].filter(([number]) => number !== pointer).map(([, pixel]) => pixel);
    const [middle, newMiddle] = [before, now].map(pixel => pixel.map((value, axis) => (value + other[axis]) / 2));
    map.view.pan(newMiddle[0] - middle[0], newMiddle[1] - middle[1]);
    map.view.zoom(distance(now, other) / Math.max(distance(before, other), 1), ...newMiddle);
    this.#hasMoved = true;
    map.lasso = null;
  }

  #release(event) {
    const {map} = this;
    this.#pixels.delete(event.pointerId);
    if (!this.#start || this.#pixels.size) return;
    const {lasso} = map;
    const isDone = event.type === 'pointerup';  // and not taken over by the browser
    [this.#start, map.lasso] = [null, null];
    if (isDone && this.#hasMoved && lasso) map.select(lasso.name, inside(lasso.corners, map.points));
    else if (isDone && !this.#hasMoved) map.choose(map.pointAt(this.#pixel(event)));
    map.redraw('base');
  }

  #turnWheel(event) {
    event.preventDefault();
    this.map.view.zoom(Math.exp(-event.deltaY / 500), ...this.#pixel(event));
    this.map.redraw('base');
  }
}

const distance = ([x1, y1], [x2, y2]) => Math.hypot(x1 - x2, y1 - y2);
