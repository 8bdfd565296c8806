// A codebook in the plane, seen while it learns: its cells, the points of a batch, and the equations with their numbers.

import {button, countPaint, format, make, onTheme, resolveColour, sizeCanvas} from './kit.js';
import {judge, learn, nearest} from './quantizer_steps.js';
import {tabState} from './store.js';

const REACH = 2.7;  // of the plane, from its middle to its edge
const CELLS = 110;  // along a side of the shade behind the points
const EVERY = 70;  // milliseconds of a batch while it plays
const SETTINGS = ['count', 'method', 'decay', 'rate', 'commitment', 'restart', 'seed'];

export function mount({element, props}) {
  const state = tabState(props.tab);
  const canvas = make('canvas', 'le-plane');
  const [side, numbers] = [make('div'), make('div', 'le-codes')];
  const play = button('', () => setPlaying(!timer));
  const ratio = sizeCanvas(canvas, props.side);
  canvas.setAttribute('role', 'img');
  side.append(make('div', 'le-label le-symbol-z', props.title), canvas, play);
  element.append(side, numbers);
  let [world, timer] = [null, null];

  function setPlaying(isPlaying) {
    clearInterval(timer);
    timer = isPlaying ? setInterval(advance, EVERY) : null;
    play.textContent = isPlaying ? 'Stop' : 'Play';
  }

  function advance() {
    const now = state.get(props.step);
    if (now >= props.last || !canvas.checkVisibility()) return void setPlaying(false);
    state.set(props.step, now + 1);
  }

  function draw(batches, chosen, ...values) {
    const settings = Object.fromEntries(SETTINGS.map((name, i) => [name, values[i]]));
    world = learn(settings, batches);
    const {distance, perplexity, dead} = judge(world);
    const code = Math.min(chosen, settings.count - 1);
    const context = canvas.getContext('2d');
    context.setTransform(props.side * ratio / 2 / REACH, 0, 0, -props.side * ratio / 2 / REACH, props.side * ratio / 2, props.side * ratio / 2);
    paint(context, world, dead, code, resolveColour('var(--body-text-color)'), resolveColour('var(--background-fill-primary)'));
    countPaint(canvas);
    const lost = dead.filter(Boolean).length;
    canvas.setAttribute('aria-label', `${settings.count} codes after ${batches} batches: ${lost} are dead, perplexity ${format(perplexity, 1)}.`);
    numbers.replaceChildren(
      line(`mean ‖z_e − e‖² ${format(distance, 3)}`), line(`perplexity ${format(perplexity, 1)} of ${settings.count}, dead ${lost}`),
      ...equations(world, settings, code),
    );
  }

  canvas.addEventListener('pointerdown', event => {
    const box = canvas.getBoundingClientRect();
    const point = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    state.set(props.code, nearest(world.codes, [(2 * point[0] - 1) * REACH, (1 - 2 * point[1]) * REACH]));
  });

  setPlaying(false);
  const keys = [props.step, props.code, ...SETTINGS.map(name => props.settings[name])];
  state.subscribe(keys, draw);
  onTheme(() => draw(...keys.map(key => state.get(key))));
}

const colourOf = (code, count, light = 50) => `hsl(${360 * code / count} 60% ${light}%)`;

function paint(context, {points, codes, batch, before}, dead, chosen, text, ground) {
  const count = codes.length;
  context.imageSmoothingEnabled = false;
  context.drawImage(shade(codes, ground), -REACH, -REACH, 2 * REACH, 2 * REACH);
  points.forEach(point => disc(context, point, .022, text));
  context.lineWidth = .014;
  for (const {point, code} of batch) {
    context.strokeStyle = text;
    context.beginPath();
    context.moveTo(...points[point]);
    context.lineTo(...before.codes[code]);
    context.stroke();
    disc(context, points[point], .04, colourOf(code, count));
  }
  codes.forEach((code, k) => {
    disc(context, code, k === chosen ? .15 : .12, text);
    disc(context, code, .105, dead[k] ? ground : colourOf(k, count, 38));
    context.save();
    context.translate(...code);
    context.scale(.01, -.01);
    context.font = '600 14px system-ui, sans-serif';
    context.textAlign = 'center';
    context.fillStyle = dead[k] ? text : '#fff';
    context.fillText(k, 0, 5);
    context.restore();
  });
}

// Whose cell each part of the plane is, as a small picture.
function shade(codes, ground) {
  const picture = Object.assign(document.createElement('canvas'), {width: CELLS, height: CELLS});
  const context = picture.getContext('2d');
  const shades = codes.map((_, code) => `color-mix(in srgb, ${colourOf(code, codes.length)} 22%, ${ground})`);
  const toPlane = index => (index + .5) * 2 * REACH / CELLS - REACH;
  for (let i = 0; i < CELLS * CELLS; i++) {
    const [column, row] = [i % CELLS, Math.floor(i / CELLS)];
    context.fillStyle = shades[nearest(codes, [toPlane(column), toPlane(row)])];
    context.fillRect(column, row, 1, 1);
  }
  return picture;
}

function disc(context, [x, y], radius, colour) {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

const line = text => make('div', 'le-value', text);

// What the last batch did to one code, in numbers.
function equations({codes, counts, batch, chosen, sums, restarted, before}, {method, decay, rate}, k) {
  if (!batch.length) return [line(`Code ${k}: play, or step to the first batch.`)];
  const was = [format(before.counts[k], 2), pair(before.codes[k])];
  const rest = format(1 - decay, 2);
  const lines = [`Code ${k}: n = ${chosen[k]} of the batch chose it, their sum s = ${pair(sums[k])}`];
  if (restarted[k]) lines.push(`N fell below the limit: it starts again at ${pair(codes[k])}`);
  else if (method === 'ema') {
    const m = before.codes[k].map(value => value * before.counts[k]);
    lines.push(`N = ${decay} · ${was[0]} + ${rest} · ${chosen[k]} = ${format(counts[k], 2)}`);
    lines.push(`m = ${decay} · ${pair(m)} + ${rest} · ${pair(sums[k])} = ${pair(codes[k].map(value => value * counts[k]))}`);
    lines.push(`e = m / N = ${pair(codes[k])}`);
  } else lines.push(`e = ${was[1]} − ${rate} · 2/${batch.length} · (${chosen[k]} e − s) = ${pair(codes[k])}`);
  return lines.map(line);
}

const pair = ([x, y]) => `(${format(x, 2)}, ${format(y, 2)})`;
