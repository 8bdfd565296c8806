// The two ways to draw z, as graphs: a gradient flows back through the one, and not through the other.

import {foremost} from './cloud.js';
import {arrow, box, drawing, words} from './graph.js';
import {format, make} from './kit.js';
import {tabState} from './store.js';

const [WIDTH, HEIGHT] = [530, 210];
const WIDTHS = {x: 44, q: 96, z: 140, x_hat: 44, epsilon: 140};  // of the boxes
const TALL = 40;
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
  const [picture, sentence] = [make('div'), make('div', 'le-hint')];
  element.append(picture, sentence);
  state.subscribe([props.form], form => picture.replaceChildren(graph(FORMS[form])));
  state.subscribe([props.form, props.epsilon, props.kl], (form, {data: epsilon}, kl) => {
    if (kl.data.length !== epsilon.length) return;  // of another model
    const draw = foremost(kl.data).map(dimension => `${format(epsilon[dimension], 2)} of z${dimension}`).join(' and ');
    sentence.textContent = form === 'original'
      ? 'Drawn like this, z has no derivative with respect to μ and σ: the encoder learns nothing.'
      : `With ε drawn apart, ∂z/∂μ = 1 and ∂z/∂σ = ε, here ${draw}: the encoder learns from this draw.`;
  });
}

function graph({title, boxes, ways, back}) {
  const svg = drawing(WIDTH, HEIGHT, `${title}: ${spoken(ways, back)}`);
  for (const [from, to] of ways) svg.append(...between(from, to, 'body-text-color', 0, from === 'epsilon'));
  for (const [from, to] of back) svg.append(...between(from, to, 'mu', 16));
  if (!back.some(([from, to]) => from === 'z' && to === 'q')) svg.append(words([228, 74], '✕', 'warning', 26));
  svg.append(words([228, 106], 'gradient', 'mu'));
  for (const [name, [text, symbol]] of Object.entries(boxes)) svg.append(...box(PLACES[name], text, symbol, WIDTHS[name]));
  return svg;
}

const spoken = (ways, back) => `${ways.map(way => way.join(' to ')).join(', ')}; gradient ${back.map(way => way.join(' to ')).join(', ')}`;

// An arrow between two boxes, so many pixels below their middles; what is random comes dashed.
function between(from, to, colour, below, isDashed = false) {
  const [[x1, y1], [x2, y2]] = [PLACES[from], PLACES[to]];
  const [dx, dy] = [Math.sign(x2 - x1), Math.sign(y2 - y1)];
  const half = name => (dx ? WIDTHS[name] : TALL) / 2 + 3;
  return arrow([x1 + dx * half(from), y1 + dy * half(from) + below], [x2 - dx * half(to), y2 - dy * half(to) + below], colour, {isDashed});
}
