// The two ways to draw z, as graphs: a gradient flows back through the one, and not through the other.

import {format, make} from './kit.js';
import {tabState} from './store.js';

const [WIDTH, HEIGHT] = [530, 210];
const BOX = {width: 96, height: 44};
// Middles of the boxes, by name: what is in them, and in which symbol's colour.
const PLACES = {x: [26, 40], q: [158, 40], z: [322, 40], x_hat: [500, 40], epsilon: [322, 170]};

const FORMS = {
  reparameterized: {
    title: 'z computed from a draw',
    boxes: {x: ['x', 'x'], q: ['μ, σ', 'mu'], z: ['μ + σ ⊙ ε', 'z'], x_hat: ['x̂', 'x-hat'], epsilon: ['ε ~ N(0, I)', 'epsilon']},
    ways: [['x', 'q'], ['q', 'z'], ['z', 'x_hat'], ['epsilon', 'z']],
    back: [['x_hat', 'z'], ['z', 'q'], ['q', 'x']],
  },
  original: {
    title: 'z drawn',
    boxes: {x: ['x', 'x'], q: ['μ, σ', 'mu'], z: ['z ~ N(μ, σ²)', 'z'], x_hat: ['x̂', 'x-hat']},
    ways: [['x', 'q'], ['q', 'z'], ['z', 'x_hat']],
    back: [['x_hat', 'z']],
  },
};

export function mount({element, props}) {
  const state = tabState(props.tab);
  const drawing = make('div');
  const words = make('div', 'le-hint');
  element.append(drawing, words);
  state.subscribe([props.form], form => drawing.replaceChildren(graph(FORMS[form])));
  state.subscribe([props.form, props.epsilon], (form, epsilon) => {
    const draw = Array.from(epsilon.data.slice(0, 2), value => format(value, 2)).join(', ') + (epsilon.data.length > 2 ? ', …' : '');
    words.textContent = form === 'original'
      ? 'Drawn like this, z has no derivative with respect to μ and σ: the encoder learns nothing.'
      : `With ε drawn apart, ∂z/∂μ = 1 and ∂z/∂σ = ε = (${draw}): the encoder learns from this draw.`;
  });
}

function graph({title, boxes, ways, back}) {
  const svg = node('svg', {viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, role: 'img', 'aria-label': `${title}: ${spoken(ways, back)}`});
  for (const [from, to] of ways) svg.append(...arrow(from, to, 'var(--body-text-color)', 0, from === 'epsilon'));
  for (const [from, to] of back) svg.append(...arrow(from, to, 'var(--mu)', 18));
  if (!back.some(([from, to]) => from === 'z' && to === 'q')) svg.append(text(228, 74, '✕', 'var(--warning)', 26));
  svg.append(text(228, 106, 'gradient', 'var(--mu)'));
  for (const [name, [label, symbol]] of Object.entries(boxes)) svg.append(...box(name, label, symbol));
  return svg;
}

const spoken = (ways, back) => `${ways.map(way => way.join(' to ')).join(', ')}; gradient ${back.map(way => way.join(' to ')).join(', ')}`;

// An arrow between two boxes, so many pixels below their middles; what is random comes dashed.
function arrow(from, to, colour, below, isRandom = false) {
  const [[x1, y1], [x2, y2]] = [PLACES[from], PLACES[to]];
  const [dx, dy] = [Math.sign(x2 - x1), Math.sign(y2 - y1)];
  const half = name => (dx ? widthOf(name) / 2 : BOX.height / 2) + 3;
  const [start, end] = [[x1 + dx * half(from), y1 + dy * half(from) + below], [x2 - dx * half(to), y2 - dy * half(to) + below]];
  const line = node('line', {x1: start[0], y1: start[1], x2: end[0], y2: end[1], stroke: colour, 'stroke-width': 3});
  if (isRandom) line.setAttribute('stroke-dasharray', '6 5');
  const [x, y] = end;
  const tip = [[x, y], [x - 9 * dx - 6 * dy, y - 9 * dy - 6 * dx], [x - 9 * dx + 6 * dy, y - 9 * dy + 6 * dx]];
  return [line, node('polygon', {points: tip.map(point => point.join()).join(' '), fill: colour})];
}

const widthOf = name => ({x: 44, x_hat: 44, z: 140, epsilon: 140})[name] ?? BOX.width;

function box(name, label, symbol) {
  const [[x, y], width] = [PLACES[name], widthOf(name)];
  const shape = {x: x - width / 2, y: y - BOX.height / 2, width, height: BOX.height, rx: 8, fill: 'var(--background-fill-primary)', stroke: `var(--${symbol})`, 'stroke-width': 2};
  return [node('rect', shape), text(x, y + 6, label, `var(--${symbol})`)];
}

function text(x, y, words, colour, size = 18) {
  const label = node('text', {x, y, fill: colour, 'text-anchor': 'middle', 'font-size': size, 'font-weight': 600});
  label.textContent = words;
  return label;
}

function node(tag, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
