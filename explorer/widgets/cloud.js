// A posterior under a magnifier: its density, the prior around it, and the draw that carries its mean to z.

import {countPaint, make, onTheme, resolveColour, showIf, sizeCanvas} from './kit.js';
import {tabState} from './store.js';

const REACH = 3;  // standard deviations of the wider dimension from the middle of the picture to its edge
const INSET = .3;  // share of the side that the picture of the whole plane takes, in the upper right corner
const HEAD = 9;  // of the arrow, in CSS pixels

export function mount({element, props}) {
  const state = tabState(props.tab);
  const {side} = props;
  const title = make('div', 'le-label le-symbol-mu', props.title);
  const hint = make('small', 'le-hint');
  const canvas = make('canvas', 'le-over');
  title.append(hint);
  element.append(title, canvas);
  const ratio = sizeCanvas(canvas, side);
  canvas.tabIndex = 0;
  canvas.style.position = 'static';
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', `${props.title}. Pull the arrow’s tip: it is the draw ε. Arrow keys move it too.`);
  showIf(element, state, props.show_if);

  let view = null;  // {pair: the two dimensions seen, centre: their means, half: of the side, in units of z}

  const toPixel = point => point.map((value, axis) => side / 2 + (axis ? -1 : 1) * (value - view.centre[axis]) / view.half * side / 2);

  function draw(mu, sigma, z, kl) {
    if (mu.shape[0] < 2 || z.shape[0] !== mu.shape[0]) return;
    const pair = foremost(kl.data);
    const [centre, spread] = [mu, sigma].map(({data}) => pair.map(dimension => data[dimension]));
    view = {pair, centre, half: REACH * Math.max(...spread)};
    hint.textContent = `z${pair[0]} and z${pair[1]}, ${magnified(view.half)} times magnified`;
    const context = canvas.getContext('2d');
    const colour = Object.fromEntries(['mu', 'z', 'epsilon', 'body-text-color', 'border-color-primary'].map(name => [name, resolveColour(`var(--${name})`)]));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, side, side);
    drawDensity(context, spread, colour);
    drawPrior(context, toPixel([0, 0]), side / 2 / view.half, colour);
    drawArrow(context, pair.map(dimension => z.data[dimension]), colour);
    drawInset(context, spread, colour);
    countPaint(canvas);
  }

  // q(z|x) as a shade: the Gaussian stretched by its two standard deviations, with its first and second marked.
  function drawDensity(context, spread, colour) {
    const [rx, ry] = spread.map(deviation => deviation / view.half * side / 2);
    context.save();
    context.translate(side / 2, side / 2);
    context.scale(rx, ry);
    const shade = context.createRadialGradient(0, 0, 0, 0, 0, REACH);
    for (let at = 0; at <= REACH; at += .25) {
      const density = Math.round(100 * Math.exp(-.5 * at * at));
      shade.addColorStop(at / REACH, `color-mix(in srgb, ${colour.mu} ${density * .8}%, transparent)`);
    }
    context.fillStyle = shade;
    context.fillRect(-REACH, -REACH, 2 * REACH, 2 * REACH);
    context.restore();
    context.strokeStyle = colour.mu;
    context.lineWidth = 1.5;
    for (const deviations of [1, 2]) ring(context, [side / 2, side / 2], rx * deviations, ry * deviations);
  }

  // The prior's first two standard deviations, where they cross the picture.
  function drawPrior(context, middle, scale, colour) {
    context.strokeStyle = colour['body-text-color'];
    context.lineWidth = 1.5;
    context.setLineDash([6, 5]);
    for (const deviations of [1, 2]) ring(context, middle, deviations * scale, deviations * scale);
    context.setLineDash([]);
  }

  function drawArrow(context, point, colour) {
    const [from, to] = [toPixel(view.centre), toPixel(point)];
    const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    context.strokeStyle = context.fillStyle = colour.epsilon;
    context.lineWidth = 4;
    if (length > 12) {
      line(context, from, to);
      line(context, to, [to[0] - HEAD * 2 * Math.cos(angle - .4), to[1] - HEAD * 2 * Math.sin(angle - .4)]);
      line(context, to, [to[0] - HEAD * 2 * Math.cos(angle + .4), to[1] - HEAD * 2 * Math.sin(angle + .4)]);
      label(context, 'σ ε', [(from[0] + to[0]) / 2 + 14 * Math.sin(angle), (from[1] + to[1]) / 2 - 14 * Math.cos(angle)], colour.epsilon);
    }
    dot(context, from, 5, colour.mu);
    dot(context, to, 8, colour.z);
    label(context, 'μ', [from[0] - 14, from[1] + 20], colour.mu);
    label(context, 'z', [to[0] + 16, to[1] + 6], colour.z);
  }

  // The whole plane: the prior, and where in it the magnifier is held.
  function drawInset(context, spread, colour) {
    const size = INSET * side;
    const reach = Math.max(2.4, ...view.centre.map(value => Math.abs(value) + view.half));
    const scale = size / 2 / reach;
    const middle = [side - size / 2 - 4, size / 2 + 4];
    context.fillStyle = resolveColour('var(--background-fill-primary)');
    context.strokeStyle = colour['border-color-primary'];
    context.lineWidth = 1;
    context.fillRect(side - size - 4, 4, size, size);
    context.strokeRect(side - size - 4, 4, size, size);
    drawPrior(context, middle, scale, colour);
    const [x, y] = [middle[0] + view.centre[0] * scale, middle[1] - view.centre[1] * scale];
    const half = Math.max(3, view.half * scale);
    context.strokeStyle = colour.mu;
    context.lineWidth = 2;
    context.strokeRect(x - half, y - half, 2 * half, 2 * half);
    label(context, 'prior', [middle[0], size - 4], colour['body-text-color']);
  }

  function label(context, text, [x, y], colour) {
    context.font = '600 18px system-ui, sans-serif';
    context.textAlign = 'center';
    context.lineWidth = 4;
    context.strokeStyle = resolveColour('var(--background-fill-primary)');
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }

  function pointAt(event) {
    const box = canvas.getBoundingClientRect();
    const share = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    return share.map((part, axis) => view.centre[axis] + (axis ? -1 : 1) * (2 * part - 1) * view.half);
  }

  function moveTo(point) {
    const z = state.get(props.point);
    const data = Float32Array.from(z.data);
    view.pair.forEach((dimension, axis) => { data[dimension] = point[axis]; });
    state.set(props.point, {...z, data});
  }

  canvas.addEventListener('pointerdown', event => {
    if (!view) return;
    canvas.setPointerCapture(event.pointerId);
    moveTo(pointAt(event));
  });
  canvas.addEventListener('pointermove', event => { if (canvas.hasPointerCapture(event.pointerId)) moveTo(pointAt(event)); });
  canvas.addEventListener('keydown', event => {
    const way = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[event.key];
    if (!way || !view) return;
    event.preventDefault();
    const {data} = state.get(props.point);
    moveTo(view.pair.map((dimension, axis) => data[dimension] + way[axis] * view.half / (event.shiftKey ? 100 : 20)));
  });

  const keys = [props.mu, props.sigma, props.point, props.kl];
  state.subscribe(keys, draw);
  onTheme(() => {
    const values = keys.map(key => state.get(key));
    if (values.every(Boolean)) draw(...values);
  });
}

// The two dimensions of most divergence, in their order: those of which the picture says most.
export function foremost(kl) {
  return [...kl.keys()].sort((a, b) => kl[b] - kl[a]).slice(0, 2).sort((a, b) => a - b);
}

const magnified = half => String(Number((3 / half).toPrecision(2)));  // beside a plane that shows three deviations of the prior

function ring(context, [x, y], rx, ry) {
  context.beginPath();
  context.ellipse(x, y, rx, ry, 0, 0, 2 * Math.PI);
  context.stroke();
}

function line(context, from, to) {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

function dot(context, [x, y], radius, colour) {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
