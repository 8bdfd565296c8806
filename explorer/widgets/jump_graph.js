// A jump of a TD-VAE as a graph over the frames, lit distribution by distribution.

import {arrow, box, drawing, group, words} from './graph.js';
import {countPaint, make, paint} from './kit.js';
import {tabState} from './store.js';

const [WIDTH, HEIGHT, TILE, APART] = [980, 420, 44, 240];
const EDGE = 140;  // least distance of a state from both sides: x̂ has its name beside it
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

export function mount({element, props}) {
  const state = tabState(props.tab);
  const [picture, sentence] = [make('div', 'le-graph'), make('p', 'le-step')];
  sentence.setAttribute('aria-live', 'polite');
  element.append(make('div', 'le-label le-symbol-transition', props.title), sentence, picture);

  state.subscribe([props.frames, props.futures, props.t, props.jump, props.step], (frames, futures, t, jump, step) => {
    const columns = Math.max(frames.shape[0], t + jump);
    const at = number => (number - .5) * WIDTH / columns;
    const now = Math.min(Math.max(at(t), EDGE), WIDTH - APART - EDGE);
    const later = Math.min(Math.max(at(t + jump), now + APART), WIDTH - EDGE);
    picture.replaceChildren(graph({now, later, from: at(t), to: at(t + jump), t, jump}, step));
    for (let number = 1; number <= frames.shape[0]; number++) {
      const canvas = add(picture, frames, number - 1, at(number), ROWS.frames, Math.min(TILE, WIDTH / columns - 3));
      canvas.style.opacity = number <= t ? 1 : .25;
    }
    if (step >= 2) add(picture, futures, 0, now, ROWS.picture, 1.6 * TILE);
    if (step >= 4) add(picture, futures, 1, later, ROWS.picture, 1.6 * TILE);
    sentence.textContent = STEPS[step][1](t, jump);
    countPaint(picture);
  });
}

function add(picture, pictures, index, x, y, side) {
  const canvas = make('canvas');
  paint(canvas, pictures, index);
  Object.assign(canvas.style, {width: `${side}px`, height: `${side}px`, left: `${x - side / 2}px`, top: `${y - side / 2}px`});
  picture.append(canvas);
  return canvas;
}

// All nodes and arrows; those up to this step are lit, the last of them strongest.
function graph({now, later, from, to, t, jump}, step) {
  const svg = drawing(WIDTH, HEIGHT, STEPS[step][1](t, jump));
  const {frames, belief, state, picture: below} = ROWS;
  const under = frames + TILE / 2 + 4;
  const parts = {
    frames: [arrow([8, under + 4], [from + TILE / 2, under + 4], 'x', {hasTip: false}), words([from, under + 24], 't₁', 'x'), words([to, under + 24], 't₂', 'x')],
    belief: [arrow([from, under + 30], [now, belief - 24], 'belief'), box([now, belief], `b, belief at ${t}`, 'belief', 170)],
    now: [arrow([now, belief + 22], [now, state - 24], 'belief'), words([now - 30, (belief + state) / 2 + 6], 'p_B', 'belief'), box([now, state], `z at ${t}`, 'z', 110), arrow([now, state + 22], [now, below - 40], 'decoder'), words([now - 100, below + 6], `x̂ at ${t}`, 'x-hat')],
    jump: [arrow([now + 56, state], [later - 62, state], 'transition'), words([(now + later) / 2, state - 10], 'p_T', 'transition'), box([later, state], `z at ${t + jump}`, 'z', 116)],
    later: [arrow([later, state + 22], [later, below - 40], 'decoder'), words([later - 30, (state + below) / 2 - 4], 'p_D', 'decoder'), words([later + 100, below + 6], `x̂ at ${t + jump}`, 'x-hat')],
    smoothing: [arrow([later - 62, state + 14], [now + 58, state + 14], 'smoothing', {isDashed: true}), words([(now + later) / 2, state + 38], 'q_S', 'smoothing')],
  };
  STEPS.forEach(([name], number) => {
    svg.append(group(number > step ? 'le-ahead' : number === step ? 'le-now' : 'le-past', parts[name].flat()));
  });
  return svg;
}
