// Runs a walk: as a tour beside the page, or as a talk before an audience.

import {notice} from '../widgets/kit.js';
import {holdAddress, showLink} from '../widgets/links.js';
import {newest} from '../widgets/request.js';
import {bar, drawBar} from './bar.js';
import {enlarge, enlargeAgain, partAt, putBack, setRing, untilSeen} from './frame.js';
import {actionOf, focusOf} from './keys.js';
import {keep, kept, loadWalk} from './own_walk.js';
import {rehearse, settled} from './rehearsal.js';
import {connect} from './speaker.js';

const RING = 14;  // pixels that a ring may take above a picture
const SESSION = 'latent-explorer talk';  // what a reload goes on with
const PLACE = 'latent-explorer place';  // where tours were left

let running = null;  // {mode: 'tour' or 'talk', which: 'article' or 'own', walk, number, controls, black, large, digits}
let lock = null;
const pointer = {x: 0, y: 0, rests: false};
const speaker = connect(act, () => running);

// ---- Beginning and end ----------------------------------------------------------------------------------------

// which: 'article' or 'own'; number: the stop to begin with, or where it was left.
async function start(mode, which = 'article', number = kept(PLACE)?.[which] ?? 0) {
  const walk = await loadWalk(which);
  leave();
  if (!walk?.stops.length) return notice('This walk has no stops yet.', 'walk');
  const talk = {mode, which, walk, number: Math.min(number, walk.stops.length - 1), controls: false, black: false, large: null, digits: '', layouts: new Map()};
  running = talk;
  document.documentElement.classList.add(`le-${mode}`);
  document.body.append(bar);
  if (mode === 'talk') {
    holdAddress(1);  // until it ends: what is shown is the walk's
    await prepare(talk);
  }
  if (running === talk) await go(talk.number);
}

// Every stop is shown once behind a curtain: so its scripts are there, its answers kept, its layout and faults known.
async function prepare(talk) {
  keepAwake();
  talk.preparing = true;
  const {number, walk: {stops}} = talk;
  const order = stops.map((_, i) => (i + number) % stops.length);
  speaker.faults = await rehearse(order.map(index => [stops[index], index]), () => running === talk && talk.preparing, index => {
    talk.number = index;
    draw();
  });
  Object.assign(talk, {number, preparing: false});
}

function leave() {
  if (!running) return;
  if (running.mode === 'talk') holdAddress(-1);
  running = null;
  document.documentElement.classList.remove('le-tour', 'le-talk', 'le-black', 'le-controlled');
  bar.remove();
  putBack();
  setRing(null);
  lock?.release();
  lock = null;
  keep(SESSION, null, 'sessionStorage');
  speaker.tell();
  if (document.fullscreenElement) document.exitFullscreen();
}

async function keepAwake() {
  if (running?.mode !== 'talk' || document.hidden) return;
  lock = await navigator.wakeLock?.request('screen').catch(() => null) ?? null;
}

// ---- Stops ----------------------------------------------------------------------------------------------------

// Shows a stop as it was prepared; of those asked for meanwhile only the last.
const go = newest(async take => {
  const wanted = take();
  if (!running) return;
  const number = Math.max(0, Math.min(wanted, running.walk.stops.length - 1));
  Object.assign(running, {number, black: false, large: null, digits: ''});
  remember();
  pointer.rests = true;
  const {link, show = []} = running.walk.stops[number];
  await showLink(link);
  if (running?.mode === 'talk') await untilSeen(show);
  if (!running) return;
  draw();
  if (running.mode === 'tour') lookAt(number);
}, () => {});

// Once its widgets are there.
async function lookAt(number) {
  await settled(3000);
  if (running?.number !== number) return;
  setRing(running.walk.stops[number].ring)?.scrollIntoView({block: 'nearest', inline: 'nearest'});
}

function remember() {
  const {mode, which, number} = running;
  keep(SESSION, {mode, which, number}, 'sessionStorage');
  keep(PLACE, {...kept(PLACE), [which]: number});
}

function draw() {
  document.documentElement.classList.toggle('le-black', running.black);
  document.documentElement.classList.toggle('le-controlled', running.controls);
  drawBar(running, act);
  const stop = running.walk.stops[running.number];
  if (running.mode === 'tour' || running.controls) putBack();
  else layOut(running.large ? [running.large] : stop.show ?? []);
  setRing(running.large ? null : stop.ring);
  if (!running.preparing) speaker.tell();
}

function layOut(ids) {
  const name = `${running.number} ${ids} ${window.innerWidth} ${window.innerHeight}`;
  const layout = running.layouts.get(name);
  if (layout) enlargeAgain(layout);
  else running.layouts.set(name, enlarge(ids, bar.offsetHeight + RING));
}

// ---- What keys, buttons and the speaker's window do --------------------------------------------------------------

function act(action) {
  if (!running) return;
  if (running.preparing) return void (action === 'leave' ? leave() : action === 'next' && (running.preparing = false));
  const {number, walk: {stops}} = running;
  if (action.jump !== undefined) return void (action.jump ? go(action.jump - 1) : change({digits: ''}));
  if (action.digits !== undefined) return void change({digits: action.digits});
  const acts = {
    next: () => (running.black ? change({black: false}) : go(number + 1)),
    back: () => go(number - 1),
    first: () => go(0),
    last: () => go(stops.length - 1),
    restore: () => go(number),
    black: () => change({black: !running.black}),
    controls: () => change({controls: !running.controls, large: null}),
    magnify: () => change({large: running.large ? null : partAt(pointer.x, pointer.y) ?? stops[number].ring, controls: false}),
    'full screen': fullScreen,
    notes: () => speaker.open(),
    leave: () => (running.black || running.large ? change({black: false, large: null}) : leave()),
    talk: () => start('talk', running.which, number),
    edit,
  };
  acts[action]?.();
}

// Fetched when it is first asked for: most visitors never do.
function edit() {
  const script = window.latentExplorer.fetchScript('stage/editor');
  script.then(({openEditor}) => openEditor(start)).catch(() => notice('The editor has not come.', 'walk'));
}

function change(values) {
  Object.assign(running, values);
  draw();
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => notice('This browser does not let the page fill the screen.', 'walk'));
}

// Before any control sees it.
function onKey(event) {
  if (running?.mode !== 'talk') return;
  const action = actionOf(event, focusOf(document.activeElement), running.digits);
  if (!action) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  act(action);
}

// Where the mouse lies still below a new stop, nothing is hovered until a hand moves it.
function onPointer(event) {
  if (!running) return;
  if (event.clientX !== pointer.x || event.clientY !== pointer.y) {
    if (/move|down/.test(event.type)) Object.assign(pointer, {x: event.clientX, y: event.clientY, rests: false});
  } else if (pointer.rests && /move|over|enter/.test(event.type)) event.stopImmediatePropagation();
}

// ---- Ways in --------------------------------------------------------------------------------------------------

const WAYS = {'#tour': () => start('tour'), '#talk': () => start('talk', 'article', 0), '#walk': edit};

function onClick(event) {
  const way = WAYS[event.target.closest?.('a[href^="#"]')?.getAttribute('href')];
  if (!way) return;
  event.preventDefault();
  event.stopPropagation();
  way();
}

window.addEventListener('keydown', onKey, true);
for (const type of ['pointermove', 'pointerover', 'pointerenter', 'pointerdown', 'mousemove', 'mouseover', 'mouseenter']) window.addEventListener(type, onPointer, true);
window.addEventListener('click', onClick, true);
window.addEventListener('resize', () => { if (running?.mode === 'talk') draw(); });
document.addEventListener('visibilitychange', keepAwake);

const left = kept(SESSION, 'sessionStorage');
if (WAYS[location.hash]) WAYS[location.hash]();
else if (left) start(left.mode, left.which, left.number);
