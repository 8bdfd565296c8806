// The course of a training: a small chart for each term, and a pointer over the steps that prints the values there.

import {drawAxes, print, trace} from './axes.js';
import {followModel} from './follow_model.js';
import {countPaint, make, resolveColour} from './kit.js';
import {tabState} from './store.js';

const WIDTH = 400;  // of a chart, in CSS pixels
const HEIGHT = 170;
const RATIO = 2;  // pixels of a canvas for one of these

export function mount({element, props}) {
  const course = new Course(tabState(props.tab), props, element);
  course.listen();
  course.follow();
}

// Number of the entry in which a step was noted, each of the steps since the entry before; −1 behind the last one.
export function entryAt(steps, step) {
  return steps.findIndex(noted => noted >= step);
}

// Ends of an upright axis for these values, and whether it is logarithmic: where a term is not positive it cannot be.
export function axisOf(values, linear) {
  const finite = values.filter(Number.isFinite);
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  if (!finite.length) return {log: false, bottom: 0, top: 1};
  if (!linear && least > 0 && most > least) return {log: true, bottom: least / 1.1, top: most * 1.1};
  const size = most - Math.min(0, least) || 1;
  return {log: false, bottom: Math.min(0, least) * 1.05, top: most + size * .05};
}

class Course {
  charts = [];  // {canvas, values, axis, …} of what is drawn
  steps = [];

  constructor(state, props, element) {
    Object.assign(this, {state, element, models: props.models});
    this.keys = Object.fromEntries(['', 'beside', 'step', 'steps', 'values', 'beside_steps', 'beside_values']
      .map(part => [part, [props.prefix, part].filter(Boolean).join('_')]));
    const label = make('label', '', 'step');
    this.range = Object.assign(make('input'), {type: 'range', min: 0, step: 1});
    this.output = make('output');
    this.grid = make('div', 'le-charts');
    label.append(this.range, this.output);
    element.append(label, this.grid);
  }

  // Rows (terms, N) of a model by term.
  rows(name, {data, shape: [, length]}) {
    return new Map((this.models[name] ?? []).map((term, i) => [term.term, Array.from(data.slice(i * length, (i + 1) * length))]));
  }

  show(steps, values, besideSteps, besideValues) {
    const [name, beside] = [this.state.get(this.keys['']), this.state.get(this.keys.beside)];
    const [rows, others] = [this.rows(name, values), this.rows(beside, besideValues)];
    [this.steps, this.besideSteps] = [steps, besideSteps].map(array => Array.from(array.data));
    const {state, keys: {step}} = this;
    // Until somebody chooses a step it is the last one, of whichever run is shown.
    if (this.steps.length && state.get(step) === state.defaults.get(step)) state.setDefault(step, this.steps.at(-1));
    this.end = Math.max(...this.steps, ...this.besideSteps);
    this.range.max = this.steps.length - 1;
    this.charts = (this.models[name] ?? []).map(term => ({...term, ...chart(term), values: rows.get(term.term), beside: others.get(term.term) ?? []}));
    this.grid.replaceChildren(...this.charts.map(({figure}) => figure));
    for (const one of this.charts) this.listenTo(one.canvas);
    this.draw();
  }

  // The pointer's step, within the run that is shown.
  get step() {
    return Math.min(this.state.get(this.keys.step), this.steps.at(-1));
  }

  draw() {
    if (!this.steps.length) return;
    const at = entryAt(this.steps, this.step);
    const besideAt = entryAt(this.besideSteps, this.step);
    this.range.value = at;
    this.output.textContent = this.steps[at].toLocaleString('en');
    for (const one of this.charts) {
      one.value.textContent = said(one.values[at]);
      one.other.textContent = this.besideSteps.length ? said(one.beside[besideAt]) : '';
      this.drawChart(one, this.steps[at]);
    }
  }

  drawChart({canvas, values, beside, symbol, linear}, step) {
    const context = canvas.getContext('2d');
    const text = resolveColour('var(--body-text-color)');
    context.setTransform(RATIO, 0, 0, RATIO, 0, 0);
    context.clearRect(0, 0, WIDTH, HEIGHT);
    context.strokeStyle = context.fillStyle = text;
    const axis = axisOf([...values, ...beside], linear);
    const {foot, toX, toY} = drawAxes(context, {...axis, from: 0, to: 1.03 * this.end, width: WIDTH, height: HEIGHT, across: 3, up: 3});
    this.toStep = share => (share * WIDTH - toX(0)) / (toX(1) - toX(0));
    const line = (steps, row, colour, dash) => {
      Object.assign(context, {strokeStyle: colour, lineWidth: 3});
      context.setLineDash(dash);
      trace(context, steps.map((one, i) => [toX(one), toY(row[i])]).filter(point => point.every(Number.isFinite)));
      context.stroke();
    };
    if (beside.length) line(this.besideSteps, beside, resolveColour('var(--body-text-color-subdued)'), [6, 5]);
    line(this.steps, values, resolveColour(`var(--${symbol})`), []);
    Object.assign(context, {strokeStyle: text, lineWidth: 1.5});
    context.setLineDash([]);
    trace(context, [[toX(step), foot], [toX(step), 0]]);
    context.stroke();
    countPaint(canvas);
  }

  // ---- What the hand does: hovering previews a step, clicking and dragging choose it.

  stepUnder({clientX}, canvas) {
    const box = canvas.getBoundingClientRect();
    const step = Math.max(1, Math.min(this.steps.at(-1), this.toStep((clientX - box.left) / box.width)));
    return this.steps[entryAt(this.steps, step)];
  }

  listenTo(canvas) {
    const {state, keys} = this;
    canvas.addEventListener('pointerdown', event => {
      canvas.setPointerCapture(event.pointerId);
      state.set(keys.step, this.stepUnder(event, canvas));
    });
    canvas.addEventListener('pointermove', event => {
      const step = this.stepUnder(event, canvas);
      if (event.buttons) state.set(keys.step, step);
      else state.preview(keys.step, step);
    });
    canvas.addEventListener('pointerleave', () => state.restore(keys.step));
  }

  listen() {
    this.range.addEventListener('input', () => this.state.set(this.keys.step, this.steps[this.range.valueAsNumber]));
  }

  // ---- What it follows

  follow() {
    const {state, keys} = this;
    followModel(state, keys[''], Object.keys(this.models));
    if (state.get(keys.beside) === undefined) state.setDefault(keys.beside, '');
    state.subscribe(['steps', 'values', 'beside_steps', 'beside_values'].map(part => keys[part]), (...arrays) => this.show(...arrays));
    state.subscribe([keys.step], () => this.draw());
  }
}

function chart({name, symbol}) {
  const figure = make('figure');
  const title = make('figcaption', `le-symbol-${symbol}`);
  const [value, other] = [make('b'), make('b')];
  const canvas = Object.assign(make('canvas'), {width: WIDTH * RATIO, height: HEIGHT * RATIO});
  const numbers = make('span');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `${name} over the steps of the training`);
  numbers.append(value, ' ', other);
  title.append(make('span', '', name), numbers);
  figure.append(title, canvas);
  return {figure, canvas, value, other};
}

const said = value => (Number.isFinite(value) ? print(value, 5) : '—');
