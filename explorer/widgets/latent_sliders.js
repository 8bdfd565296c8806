// A row for each latent dimension: its traversal behind the handle, a number box, a reset.

import {countPaint, format, make, showIf, toImage} from './kit.js';
import {tabState} from './store.js';

export function mount({element, props}) {
  const state = tabState(props.tab);
  const title = make('div', 'le-label le-symbol-z', props.title);
  const hint = make('small', 'le-hint');
  const rows = make('div', 'le-rows');
  title.append(hint);
  element.append(title, rows);
  rows.style.maxHeight = `${props.height}px`;
  size(props.tile);
  showIf(element, state, props.show_if);

  let shown = [];  // {dimension, strip, range, box} for each row
  let drawn = null;  // strips that are on their canvases
  let builtFor;  // the KL by which rows are ordered

  function setDimension(dimension, value) {
    const {data, shape} = state.get(props.point) ?? {data: [], shape: []};
    if (!Number.isFinite(value) || dimension >= data.length) return;
    const changed = data.slice();
    changed[dimension] = value;
    state.set(props.point, {data: changed, shape});
  }

  function size(tile) {
    rows.style.setProperty('--tile', `${tile}px`);
    rows.style.setProperty('--track', props.columns ? `${props.columns * tile}px` : '1fr');
  }

  function addRow(dimension, parent) {
    const row = make('div', 'le-row');
    const name = make('span', 'le-name', `z${dimension}`);
    const nats = make('small');
    name.append(nats);
    const track = make('div', 'le-track');
    const strip = make('canvas', 'le-strip');
    strip.ariaHidden = true;
    const band = make('i', 'le-band');
    band.hidden = !props.mu;
    const range = make('input', 'le-range');
    const box = make('input', 'le-box');
    const reset = make('button', 'le-button', '↺');
    Object.assign(range, {type: 'range', step: 'any', min: -3, max: 3});
    Object.assign(box, {type: 'number', step: .1});
    Object.assign(reset, {type: 'button', title: 'Back to the input’s code'});
    range.setAttribute('aria-label', `latent dimension ${dimension}`);
    box.setAttribute('aria-label', `value of latent dimension ${dimension}`);
    reset.setAttribute('aria-label', `reset latent dimension ${dimension}`);
    range.addEventListener('input', () => setDimension(dimension, range.valueAsNumber));
    box.addEventListener('change', () => setDimension(dimension, box.valueAsNumber));
    reset.addEventListener('click', () => setDimension(dimension, state.defaults.get(props.point)?.data[dimension]));
    track.append(strip, band, range);
    row.append(name, track, box, reset);
    parent.append(row);
    return {dimension, strip, band, range, box, nats};
  }

  function build(count, kl) {
    const order = Array.from({length: count}, (_, dimension) => dimension);
    if (kl) order.sort((one, other) => kl[other] - kl[one]);
    const active = order.filter(dimension => !kl || kl[dimension] >= props.inactive);
    const rest = order.filter(dimension => !active.includes(dimension));
    // Models that are told the same KL share their rows: what is drawn stays until the other's is there.
    if (!kl || kl.join() !== builtFor) buildRows(active, rest);
    builtFor = kl?.join();
    hint.textContent = kl ? 'KL of x beside each name, rows by mean KL; band: μ ± σ' : '';
    state.setDefault('dimensions', active);
  }

  function buildRows(active, rest) {
    // Square tiles shrink until all rows are seen at once, as far as a name's two lines allow.
    if (props.columns) size(Math.max(40, Math.min(props.tile, Math.floor(props.height / active.length) - 6)));
    rows.replaceChildren();
    drawn = null;
    shown = active.map(dimension => addRow(dimension, rows));
    if (rest.length) {
      const fold = make('details', 'le-fold');
      fold.append(make('summary', '', `${rest.length} inactive dimensions (KL below ${props.inactive} nats each)`));
      const folded = rest.map(dimension => addRow(dimension, fold));
      rows.append(fold);
      shown.push(...folded.map(row => ({...row, strip: null})));  // no traversal is made of these
    }
  }

  function showPoint({data}) {
    for (const {dimension, range, box} of shown) {
      if (dimension >= data.length) continue;
      range.value = data[dimension];
      if (document.activeElement !== box) box.value = data[dimension].toFixed(2);
    }
  }

  // Where the posterior of the input lies: one deviation on both sides of its mean.
  function placeBands() {
    const [mu, sigma] = [state.get(props.mu), state.get(props.sigma)];
    if (!mu || !sigma) return;
    for (const {dimension, band, range} of shown) {
      const share = value => (Math.min(range.max, Math.max(range.min, value)) - range.min) / (range.max - range.min) * 100;
      const [left, right] = [mu.data[dimension] - sigma.data[dimension], mu.data[dimension] + sigma.data[dimension]].map(share);
      Object.assign(band.style, {left: `${left}%`, width: `${right - left}%`});
    }
  }

  function drawStrips(strips) {
    const active = shown.filter(row => row.strip);
    const steps = strips.shape[0] / active.length;
    if (!Number.isInteger(steps)) return;  // made for the rows of the checkpoint before
    const [height, width] = strips.shape.slice(-2);
    const length = strips.data.length / active.length;
    active.forEach(({strip}, row) => {
      if (strip.width === steps * width && isSame(strips.data, drawn?.data, row * length, length)) return;
      if (strip.width !== steps * width) Object.assign(strip, {width: steps * width, height});
      strip.getContext('2d').putImageData(toImage(strips, row * steps, steps), 0, 0);
    });
    drawn = strips;
    countPaint(element);
  }

  // The tiles show the values at their middles: the slider's ends lie half a tile further out.
  function setEnds(low, high) {
    const steps = state.get('strips').shape[0] / shown.filter(row => row.strip).length;
    for (const {dimension, range} of shown) {
      const half = Number.isInteger(steps) ? (high.data[dimension] - low.data[dimension]) / (steps - 1) / 2 : 0;
      const [min, max] = [low.data[dimension] - half, high.data[dimension] + half];
      if (Number(range.min) !== min || Number(range.max) !== max) Object.assign(range, {min, max});
    }
    showPoint(state.get(props.point));
    placeBands();
  }

  state.subscribe(['latent_dim', 'kl'], build);
  if (props.kl) {
    state.subscribe([props.kl], ({data}) => {
      for (const {dimension, nats} of shown) nats.textContent = `${format(data[dimension] ?? 0, 2)} nats`;
    });
  }
  state.subscribe([props.point], showPoint);
  if (props.mu) state.subscribe([props.mu, props.sigma], placeBands);
  state.subscribe(['strips'], drawStrips);
  state.subscribe(['low', 'high'], setEnds);
}

// Whether two arrays hold the same from a place on.
function isSame(one, other, start, length) {
  if (one.length !== other?.length) return false;
  for (let i = start; i < start + length; i++) if (one[i] !== other[i]) return false;
  return true;
}

// The traversals of all rows.
export function films(state) {
  const [strips, dimensions] = [state.get('strips'), state.get('dimensions')];
  const steps = strips?.shape[0] / dimensions?.length;
  if (!Number.isInteger(steps)) return [];
  const [, ...shape] = strips.shape;
  const size = strips.data.length / dimensions.length;
  return dimensions.map((_, row) => ({data: strips.data.subarray(row * size, (row + 1) * size), shape: [steps, ...shape]}));
}
