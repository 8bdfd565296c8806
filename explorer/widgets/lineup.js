// One picture through several models: a row for each, with its code drawn in its own kind.

import {button, countPaint, format, make, paint, pixelRatio, resolveColour, toBytes} from './kit.js';
import {openTab, tabState} from './store.js';

const CELLS = 50;  // units in a line
const WIDTH = 240;  // CSS pixels of a drawing
const HEIGHT = 102;

export function mount({element, props}) {
  const state = tabState(props.tab);
  props.rows.forEach((row, number) => element.append(model(state, row, number)));
  const links = make('nav', 'le-others', 'With other pictures than digits:');
  links.append(...Object.entries(props.others).map(([stem, title]) => button(`${title} →`, () => openTab(stem))));
  if (Object.keys(props.others).length) element.append(links);
}

function model(state, {stem, chooses, title, kind, text, opens}, number) {
  const box = make('section', 'le-model');
  const head = make('div', 'le-model-title');
  const code = make('canvas', 'le-code');
  const made = make('div', 'le-made');
  const canvas = make('canvas');
  const error = make('span', 'le-error');
  made.append(canvas);
  head.append(button(`${title} →`, () => openTab(stem, values())), make('span', 'le-hint', text), error);
  box.append(head, code, made);
  code.setAttribute('role', 'img');
  code.setAttribute('aria-label', `Code of ${title}: ${text}`);
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `Reconstruction by ${title}`);

  // Only what is there: a tab begins with its own values where nothing was chosen.
  function values() {
    const chosen = state.choices();
    const sent = Object.entries(opens).filter(([key, here]) => key !== here || here in chosen || !state.rules.has(here));
    const all = [...Object.entries(chooses), ...sent.map(([key, here]) => [key, key === here ? state.get(here) : seen(state, here)])];
    return Object.fromEntries(all.filter(([, value]) => value !== null && value !== undefined));
  }

  state.subscribe(['x_hats', 'errors'], (pictures, errors) => {
    paint(canvas, pictures, number);
    error.textContent = `error ${format(errors.data[number], 1)}`;
  });
  const spread = kind === 'gaussians' ? [`spread_${number}`] : [];
  state.subscribe([`code_${number}`, `scale_${number}`, ...spread], (z, scale, sigma) => {
    KINDS[kind](code, z.data, scale, sigma?.data);
    countPaint(code);
  });
  return box;
}

// A spoilt picture as one that other tabs take: in whole greys; where nothing was spoilt it is the input itself.
function seen(state, key) {
  const [spoilt, x] = [state.get(key), state.get('x')];
  if (!spoilt || !x) return undefined;
  const data = Uint8Array.from(toBytes(spoilt.data));
  if (data.every((value, i) => value === x.data[i])) return x;
  return {data, shape: spoilt.shape, source: {data: state.get('data'), name: '(spoilt)'}};
}

const KINDS = {
  numbers(canvas, z, scale) {
    const context = clean(canvas);
    const step = WIDTH / z.length;
    z.forEach((value, i) => {
      const share = Math.sign(value) * Math.sqrt(Math.min(1, Math.abs(value) / scale));  // small ones are seen too
      const height = share * HEIGHT * .48;
      context.fillRect(i * step + step * .1, HEIGHT / 2 - Math.max(0, height), step * .8, Math.abs(height));
    });
    context.fillStyle = resolveColour('var(--body-text-color)');
    context.fillRect(0, HEIGHT / 2, WIDTH, 1);
    if (z.length > 4) return;
    context.font = '600 20px system-ui, sans-serif';
    context.textAlign = 'center';
    z.forEach((value, i) => context.fillText(format(value, 2), (i + .5) * step, value > 0 ? HEIGHT / 2 + 24 : HEIGHT / 2 - 10));
  },

  bars(canvas, z, scale) {
    const context = clean(canvas);
    const step = WIDTH / z.length;
    z.forEach((value, i) => {
      const height = value / scale * (HEIGHT - 2);
      context.fillRect(i * step, HEIGHT - height, Math.max(1, step * .8), height);
    });
  },

  spikes(canvas, z, scale) {
    const context = clean(canvas);
    z.forEach((value, i) => {
      const height = value / scale * (HEIGHT - 4);
      if (value) context.fillRect(i / z.length * WIDTH - 1, HEIGHT - Math.max(0, height), 2, Math.abs(height));
    });
  },

  units(canvas, z, scale) {
    canvas.classList.add('le-units');
    paint(canvas, {data: z.map(value => 255 * value / scale), shape: [1, Math.ceil(z.length / CELLS), CELLS]});
  },

  gaussians(canvas, mu, scale, sigma) {
    const context = clean(canvas, 'var(--mu)');
    const step = WIDTH / mu.length;
    const toY = value => HEIGHT / 2 - value / scale * HEIGHT / 2;
    mu.forEach((value, i) => {
      const [x, top, bottom] = [(i + .5) * step, toY(value + sigma[i]), toY(value - sigma[i])];
      context.fillRect(x - 1, top, 2, bottom - top);
      context.fillRect(x - step / 4, top, step / 2, 1);
      context.fillRect(x - step / 4, bottom - 1, step / 2, 1);
      context.beginPath();
      context.arc(x, toY(value), 3.5, 0, 2 * Math.PI);
      context.fill();
    });
    context.fillStyle = resolveColour('var(--body-text-color)');
    context.fillRect(0, HEIGHT / 2, WIDTH, 1);
  },
};

// An empty canvas to draw on in CSS pixels, finer than the screen, for it is stretched to the room there is.
function clean(canvas, colour = 'var(--z)') {
  const ratio = 2 * pixelRatio();
  if (canvas.width !== WIDTH * ratio) Object.assign(canvas, {width: WIDTH * ratio, height: HEIGHT * ratio});
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = resolveColour(colour);
  return context;
}
