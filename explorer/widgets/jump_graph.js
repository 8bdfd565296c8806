// A jump of a TD-VAE as a graph over the frames, lit distribution by distribution.

import {countPaint, make, paint} from './kit.js';
import {tabState} from './store.js';

const [WIDTH, HEIGHT, TILE, APART] = [980, 420, 44, 240];
const ROWS = {frames: 30, belief: 130, state: 240, picture: 350};  // heights of the middles
// What is lit at each step, in the words beside it.
const STEPS = [
  ['frames', t => `x₁ … x_${t}: what the model is shown.`],
  ['belief', t => `b_${t}: a recurrent network sums up all frames up to t₁ = ${t}.`],
  ['now', t => `p_B(z | b_${t}): of the states that may be now one is drawn. Below it, decoded.`],
  ['jump', (t, jump) => `p_T: from t₁ = ${t} to t₂ = ${t + jump} in one jump. Nothing in between is computed.`],
  ['later', (t, jump) => `p_D(x_${t + jump} | z): the frame at t₂ is made of that state alone.`],
  ['smoothing', (t, jump) => `q_S, in training alone: knowing what came at ${t + jump}, what was at ${t}? p_T is taught by the answer.`],
];
const PARTS = ['frames', 'belief', 'now', 'jump', 'later', 'smoothing'];

export function mount({element, props}) {
  const state = tabState(props.tab);
  const drawing = make('div', 'le-graph');
  const words = make('p', 'le-step');
  words.setAttribute('aria-live', 'polite');
  element.append(make('div', 'le-label le-symbol-transition', props.title), words, drawing);

  state.subscribe([props.frames, props.futures, props.t, props.jump, props.step], (frames, futures, t, jump, step) => {
    const columns = Math.max(frames.shape[0], t + jump);
    const at = number => (number - .5) * WIDTH / columns;
    const now = Math.min(Math.max(at(t), 90), WIDTH - APART - 90);
    const later = Math.min(Math.max(at(t + jump), now + APART), WIDTH - 90);
    drawing.replaceChildren(graph({now, later, from: at(t), to: at(t + jump), t, jump}, step));
    for (let number = 1; number <= frames.shape[0]; number++) {
      const canvas = picture(drawing, frames, number - 1, at(number), ROWS.frames, Math.min(TILE, WIDTH / columns - 3));
      canvas.style.opacity = number <= t ? 1 : .25;
    }
    if (step >= 2) picture(drawing, futures, 0, now, ROWS.picture, 1.6 * TILE);
    if (step >= 4) picture(drawing, futures, 1, later, ROWS.picture, 1.6 * TILE);
    words.textContent = STEPS[step][1](t, jump);
    countPaint(drawing);
  });
}

function picture(drawing, pictures, index, x, y, side) {
  const canvas = make('canvas');
  paint(canvas, pictures, index);
  Object.assign(canvas.style, {width: `${side}px`, height: `${side}px`, left: `${x - side / 2}px`, top: `${y - side / 2}px`});
  drawing.append(canvas);
  return canvas;
}

// All nodes and arrows; those up to this step are lit, the last of them strongest.
function graph({now, later, from, to, t, jump}, step) {
  const svg = node('svg', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: 'img', 'aria-label': STEPS[step][1](t, jump)});
  const {frames, belief, state, picture: below} = ROWS;
  const under = frames + TILE / 2 + 4;
  const parts = {
    frames: [line([8, under + 4], [from + TILE / 2, under + 4], 'x', false), label(from, under + 24, 't₁', 'x'), label(to, under + 24, 't₂', 'x')],
    belief: [line([from, under + 30], [now, belief - 24], 'belief'), box(now, belief, `b, belief at ${t}`, 'belief', 170)],
    now: [line([now, belief + 22], [now, state - 24], 'belief'), label(now - 30, (belief + state) / 2 + 6, 'p_B', 'belief'), box(now, state, `z at ${t}`, 'z', 110), line([now, state + 22], [now, below - 40], 'decoder'), label(now - 100, below + 6, `x̂ at ${t}`, 'x-hat')],
    jump: [line([now + 56, state], [later - 62, state], 'transition'), label((now + later) / 2, state - 10, 'p_T', 'transition'), box(later, state, `z at ${t + jump}`, 'z', 116)],
    later: [line([later, state + 22], [later, below - 40], 'decoder'), label(later - 30, (state + below) / 2 - 4, 'p_D', 'decoder'), label(later + 100, below + 6, `x̂ at ${t + jump}`, 'x-hat')],
    smoothing: [line([later - 62, state + 14], [now + 58, state + 14], 'smoothing', true, true), label((now + later) / 2, state + 38, 'q_S', 'smoothing')],
  };
  for (const [number, name] of PARTS.entries()) {
    const group = node('g', {class: number > step ? 'le-ahead' : number === step ? 'le-now' : 'le-past'});
    group.append(...parts[name].flat());
    svg.append(group);
  }
  return svg;
}

function line([x1, y1], [x2, y2], symbol, hasTip = true, isDashed = false) {
  const colour = `var(--${symbol})`;
  const drawn = node('line', {x1, y1, x2, y2, stroke: colour, 'stroke-width': 3});
  if (isDashed) drawn.setAttribute('stroke-dasharray', '7 5');
  if (!hasTip) return [drawn];
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const corner = turn => `${x2 - 12 * Math.cos(angle + turn)},${y2 - 12 * Math.sin(angle + turn)}`;
  return [drawn, node('polygon', {points: `${x2},${y2} ${corner(.45)} ${corner(-.45)}`, fill: colour})];
}

function box(x, y, words, symbol, width) {
  const shape = {x: x - width / 2, y: y - 20, width, height: 40, rx: 8, fill: 'var(--background-fill-primary)', stroke: `var(--${symbol})`, 'stroke-width': 2};
  return [node('rect', shape), label(x, y + 6, words, symbol)];
}

function label(x, y, words, symbol) {
  const text = node('text', {x, y, fill: `var(--${symbol})`, 'text-anchor': 'middle', 'font-size': 18, 'font-weight': 600});
  text.textContent = words;
  return text;
}

function node(tag, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
