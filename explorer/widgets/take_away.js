// What a widget shows, to be downloaded: as a picture, as numbers, and where it has frames as an animation.
//
// A widget whose frames are no array of their own exports films(state, props): arrays (T, C, H, W) that play together.

import {save} from './hand_over.js';
import {animate, attempt, button, make} from './kit.js';
import {toCsv, toNpz} from './numbers_file.js';
import {tabState} from './store.js';

const SCALE = 2;  // pixels of a picture for one of the screen
const NOTHING = '.le-tab-setup, .le-controls, .le-cue';  // widgets that show nothing of a model
const MOST_FRAMES = 200;

// Mounts a widget and gives it a control in its corner.
export function mount(script, args) {
  const {element, props} = args;
  const state = tabState(props.tab);
  const read = state.keysRead(() => script.mount(args));
  const chosen = new Set([props.also ?? {}, props.pick ?? {}].flat(3).flatMap(Object.keys));  // a click's, not the widget's own
  const keys = [...read].filter(key => !chosen.has(key));
  if (element.matches(NOTHING)) return;
  const menu = make('div', 'le-take-menu');
  const opener = button('⤓', () => (menu.hidden ? open() : close()), 'le-take');
  opener.title = opener.ariaLabel = 'Download';
  opener.ariaExpanded = 'false';
  menu.hidden = true;
  element.append(opener, menu);
  menu.addEventListener('focusout', event => { if (!menu.contains(event.relatedTarget) && event.relatedTarget !== opener) close(); });
  menu.addEventListener('keydown', event => { if (event.key === 'Escape') { close(); opener.focus(); } });

  function open() {
    const arrays = Object.fromEntries(keys.map(key => [key, state.get(key)]).filter(([, value]) => typeof value === 'number' || (value?.data && value.shape)));
    const name = element.closest('[id]:not([id^="html-"])')?.id || 'scene';
    const items = [['PNG', () => savePicture(element, name)]];
    if (Object.keys(arrays).length) {
      items.push(['CSV', () => save(toCsv(arrays), `${name}.csv`)]);
      items.push(['NPZ', () => save(toNpz(arrays), `${name}.npz`)]);
    }
    const films = script.films?.(state, props) ?? [framesOf(arrays, props)];
    for (const kind of films[0] ? ['gif', 'webp'] : []) {
      items.push([kind === 'gif' ? 'GIF' : 'WebP', async seconds => save(await animate(together(films), kind, seconds), `${name}.${kind}`)]);
    }
    menu.replaceChildren(...items.map(([text, work]) => button(text, () => { close(); attempt(work, menu); })));
    menu.hidden = false;
    opener.ariaExpanded = 'true';
    menu.firstChild.focus({preventScroll: true});
  }

  function close() {
    menu.hidden = true;
    opener.ariaExpanded = 'false';
  }
}

// The pictures of a row are frames: steps on a path, or what followed what.
function framesOf(arrays, {columns, names}) {
  if (names) return undefined;
  return Object.values(arrays).find(({data, shape}) => data instanceof Uint8Array && shape.length === 4
    && shape[0] > 2 && shape[0] <= Math.min(columns ?? MOST_FRAMES, MOST_FRAMES));
}

// Films of equal shape (T, C, H, W) as one, beside and below each other; where the last row is not full it is black.
function together(films) {
  const [count, channels, height, width] = films[0].shape;
  const columns = Math.ceil(Math.sqrt(films.length));
  const shape = [count, channels, Math.ceil(films.length / columns) * height, columns * width];
  const data = new Uint8ClampedArray(shape.reduce((product, side) => product * side));
  films.forEach((film, i) => {
    const corner = Math.floor(i / columns) * height * shape[3] + (i % columns) * width;
    for (let line = 0; line < count * channels * height; line++) {
      const [channel, row] = [Math.floor(line / height), line % height];
      data.set(film.data.subarray(line * width, (line + 1) * width), channel * shape[2] * shape[3] + row * shape[3] + corner);
    }
  });
  return {data, shape};
}

// ---- The picture ----------------------------------------------------------------------------------------------

async function savePicture(element, name) {
  save(await new Promise(done => picture(element).toBlob(done, 'image/png')), `${name}.png`);
}

// A widget as it is seen, on a canvas.
export function picture(element) {
  const box = element.getBoundingClientRect();
  const canvas = make('canvas');
  Object.assign(canvas, {width: Math.ceil(box.width * SCALE), height: Math.ceil(box.height * SCALE)});
  const context = canvas.getContext('2d');
  context.scale(SCALE, SCALE);
  context.translate(-box.left, -box.top);
  context.fillStyle = getComputedStyle(document.body).getPropertyValue('--body-background-fill') || '#fff';
  context.fillRect(box.left, box.top, box.width, box.height);
  draw(context, element);
  return canvas;
}

// A widget as it is seen: its grounds, canvases, frames and words.
function draw(context, node) {
  if (!node.checkVisibility() || node.matches('.le-take, .le-take-menu, .le-tools, .le-chooser, input[type="range"]')) return;
  const style = getComputedStyle(node);
  const {left, top, width, height} = node.getBoundingClientRect();
  context.fillStyle = style.backgroundColor;
  context.fillRect(left, top, width, height);
  if (node.tagName === 'CANVAS' && node.width && node.height) {
    context.imageSmoothingEnabled = style.imageRendering !== 'pixelated';
    context.drawImage(node, left, top, width, height);
  }
  const border = parseFloat(style.borderTopWidth);
  if (border) {
    context.strokeStyle = style.borderTopColor;
    context.lineWidth = border;
    context.strokeRect(left + border / 2, top + border / 2, width - border, height - border);
  }
  context.fillStyle = style.color;
  const size = parseFloat(style.fontSize) * (node.currentCSSZoom ?? 1);  // as boxes have it, on a page that is larger
  context.font = `${style.fontWeight} ${size}px ${style.fontFamily}`;
  context.textBaseline = 'middle';
  if (node.tagName === 'INPUT') context.fillText(node.value, left + 4, top + height / 2);
  for (const child of node.childNodes) {
    if (child.nodeType === Node.ELEMENT_NODE) draw(context, child);
    else if (child.nodeType === Node.TEXT_NODE) write(context, child, style.color, context.font);
  }
}

function write(context, node, colour, font) {
  const text = node.data.trim();
  if (!text) return;
  const range = document.createRange();
  range.selectNodeContents(node);
  const {left, top, height} = range.getBoundingClientRect();
  Object.assign(context, {fillStyle: colour, font});
  context.fillText(text, left, top + height / 2);
}
