// What widgets share: questions to the server, sentences, elements, canvases.

import {isAnyKept, isKept, keep, recall} from './kept_answers.js';
import * as request from './request.js';

// ---- Questions ------------------------------------------------------------------------------------------------

function file(path) {
  return `${window.latentExplorer.root}/${path}`;
}

// Questions not yet answered on the whole page, and files not yet there; browser tests wait until there are none.
export function countAsking(change) {
  window.latentExplorer.asking += change;
}

// One call once nothing has come in for so many milliseconds, with the last value; at once where that is at hand.
export function afterRest(work, milliseconds, isReady = () => false) {
  let timer;
  return value => {
    if (timer === undefined) countAsking(1);
    clearTimeout(timer);
    const now = () => {
      timer = undefined;
      work(value);
      countAsking(-1);
    };
    if (isReady(value)) now();
    else timer = setTimeout(now, milliseconds);
  };
}

// work(value, seconds) for one value at a time, the last one always; what is wrong is said on that tab. A value that
// is at hand is not kept waiting by an app that does not answer.
export function latest(work, tab, isReady) {
  const source = Symbol('source');
  return request.latest(work, sentence => notice(sentence, source, tab), countAsking, undefined, isReady);
}

let inPage = null;  // answers of the page's own, once it has networks

// From now on a question goes to these answers first: answer(question, values) is null where the server has to answer,
// and learn(question, values, answer) is told what it has answered.
export function answerInPage(answers) {
  inPage = answers;
}

// Arrays by name, or an error: one try. Who answers is nobody else's business. Where "unfinished" is true, some of it is
// still that of an earlier question: asked once more, it comes further.
export async function ask(tab, question, values, seconds) {
  const name = isAnyKept() ? nameOf(tab, question, values) : '';
  const kept = recall(name);
  if (kept) return kept;
  const own = await inPage?.answer(`${tab}/${question}`, values);
  if (own) sayProblems(tab, question);
  const answer = own ?? await askServer(tab, question, values, seconds);
  if (name && !answer.unfinished) keep(name, answer);
  return answer;
}

// Whether the answer has been kept.
export function isAtHand(tab, question, values) {
  return isAnyKept() && isKept(nameOf(tab, question, values));
}

export async function askServer(tab, question, values, seconds) {
  const {problems, ...arrays} = request.readArrays(await post(`ask/${tab}/${question}`, written(values), seconds));
  sayProblems(tab, question, problems);
  if (!problems) inPage?.learn(`${tab}/${question}`, values, arrays);
  return arrays;
}

// Of several models that are asked together one may have failed: its sentence stands until the question is answered wholly.
function sayProblems(tab, question, problems) {
  notice(problems ? new TextDecoder().decode(problems.data) : '', `${tab}/${question}: problems`, tab);
}

const nameOf = (tab, question, values) => `${tab}/${question} ${written(values)}`;
const written = values => JSON.stringify(values, (_, value) => (value?.data && value.shape ? Array.from(value.data) : value));

// Whether models have come or changed on the disk since the app looked last; a page that is loaded now shows them.
export async function lookForModels(seconds) {
  return new TextDecoder().decode(await post('ask/reload', '', seconds)) === 'changed';
}

// Frames {data: Uint8Array, shape: [T, C, H, W]} as the bytes of a "gif" or "webp".
export function animate({data, shape}, kind, seconds) {
  return post(`animation/${kind}?shape=${shape}`, data, seconds);
}

function post(path, body, seconds) {
  return request.send(file(path), {method: 'POST', body}, seconds);
}

const TRIES = 3;  // of what a click has asked for: later nobody would expect it any more

// Work that a click asks for, work(seconds); what is wrong with it is said.
export async function attempt(work, source) {
  countAsking(1);
  try {
    await request.insist(work, sentence => notice(sentence, source), TRIES);
  } catch (error) {
    notice(request.explain(error), source);
  }
  countAsking(-1);
}

// A file of the app's own as a Blob, tried until it is there.
async function load(path) {
  try {
    return new Blob([await request.insist(seconds => request.send(file(path), {}, seconds), sentence => notice(sentence, path))]);
  } catch (error) {
    notice(`The app does not have the file ${path}.`, path);
    throw error;
  }
}

export async function loadJson(path) {
  return JSON.parse(await (await load(path)).text());
}

export async function loadPicture(path) {
  return createImageBitmap(await load(path));
}

// ---- Sentences ------------------------------------------------------------------------------------------------

const sentences = new Map();  // source -> {sentence, tab}

// A sentence at the foot of a tab, until its source has a better one; an empty one takes it away.
export function notice(sentence, source, tab = shownTab()) {
  if (!sentences.delete(source) && !sentence) return;
  if (sentence) sentences.set(source, {sentence, tab});
  showNotice();
}

// The last sentence of the tab that is seen.
export function showNotice() {
  let box = document.querySelector('.le-notice');
  if (!box) {
    box = make('div', 'le-notice');
    box.setAttribute('role', 'status');
    document.body.append(box);
  }
  const here = [...sentences.values()].filter(({tab}) => tab === shownTab());
  box.textContent = here.at(-1)?.sentence ?? '';
  box.hidden = !here.length;
}

export function shownTab() {
  return document.querySelector('#tabs > .tab-wrapper [role="tab"][aria-selected="true"]')?.dataset.tabId;
}

// ---- Elements and canvases ------------------------------------------------------------------------------------

export function make(tag, className = '', text = '') {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

export function button(text, action, className = '') {
  const node = make('button', `le-button ${className}`, text);
  node.type = 'button';
  node.addEventListener('click', action);
  return node;
}

// Shows a widget only while a key has one of some values, and no column around it without a widget to be seen.
export function showIf(element, state, condition) {
  if (!condition) return;
  state.subscribe([condition.key], value => {
    element.hidden = condition.values.includes(value) === Boolean(condition.not);
    for (let column = element.closest('.column'); column; column = column.parentElement.closest('.column')) {
      column.classList.toggle('le-empty', [...column.querySelectorAll('.le-widget')].every(widget => widget.hidden));
    }
  });
}

// The page's own properties, such as --z: read once for each theme and size of the window, for each reading makes the
// browser style all that has changed so far.
const properties = new Map();
const forget = () => properties.clear();
let follows = false;  // the theme and the size

function property(name) {
  if (!follows) {
    follows = true;
    onTheme(forget);
    addEventListener('resize', forget);
  }
  if (!properties.has(name)) properties.set(name, getComputedStyle(document.body).getPropertyValue(name).trim());
  return properties.get(name);
}

// Pixels of the screen for one of the page, which is larger on a large screen.
export function pixelRatio() {
  return (window.devicePixelRatio || 1) * (Number(property('--larger')) || 1);
}

// Makes a canvas so many pixels of the page large, as dense as the screen; returns its own pixels for one of these.
export function sizeCanvas(canvas, width, height = width) {
  const ratio = pixelRatio();
  Object.assign(canvas, {width: width * ratio, height: height * ratio});
  Object.assign(canvas.style, {width: `${width}px`, height: `${height}px`});
  return ratio;
}

// Calls whenever the theme has changed, from which canvases take their colours.
export function onTheme(call) {
  const observer = new MutationObserver(() => {
    forget();
    call();
  });
  observer.observe(document.body, {attributes: true, attributeFilter: ['class']});
}

// Values as what a canvas can show: rounded and clamped to 0 … 255, which noise may leave; what is no number is black.
export function toBytes(values) {
  return values instanceof Uint8Array ? values : new Uint8ClampedArray(values);
}

// Some pictures of {data, shape: [..., C, H, W]} from number first on, side by side as ImageData; grey or RGB.
export function toImage({data, shape}, first = 0, count = 1) {
  const [channels, height, width] = shape.slice(-3);
  const size = height * width;
  const bytes = toBytes(data.slice(first * channels * size, (first + count) * channels * size));
  const image = new ImageData(count * width, height);
  const pixels = new Uint32Array(image.data.buffer);  // one number a pixel: alpha, blue, green, red
  for (let picture = 0; picture < count; picture++) {
    const red = picture * channels * size;
    const [green, blue] = channels === 3 ? [red + size, red + 2 * size] : [red, red];
    for (let row = 0, i = 0; row < height; row++) {
      let at = (row * count + picture) * width;
      for (const end = i + width; i < end; i++) {
        pixels[at++] = 0xff000000 | bytes[blue + i] << 16 | bytes[green + i] << 8 | bytes[red + i];
      }
    }
  }
  return image;
}

// Browser tests and the benchmark read how often something was painted.
export function countPaint(element) {
  element.dataset.painted = Number(element.dataset.painted ?? 0) + 1;
}

// Draws one picture on a canvas of its own size.
export function paint(canvas, picture, index = 0) {
  const image = toImage(picture, index);
  if (canvas.width !== image.width) canvas.width = image.width;
  if (canvas.height !== image.height) canvas.height = image.height;
  canvas.getContext('2d').putImageData(image, 0, 0);
  countPaint(canvas);
}

export function format(value, digits) {
  return Number.isNaN(value) ? '—' : value.toFixed(digits).replace('-', '−').replace('Infinity', '∞');
}

// Ten colours that the colour-blind tell apart, for classes; taken from the page's style, so they follow the theme.
export function classColour(label) {
  return `var(--class-${label % 10})`;
}

export function resolveColour(colour) {
  const name = /^var\((.+)\)$/.exec(colour)?.[1];
  return name ? property(name) : colour;
}
