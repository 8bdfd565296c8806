// The address follows the scene, and the scene follows the address: links, back and forward, undo and redo.

import {ask, attempt, button, countAsking, lookForModels, make, notice, showNotice} from './kit.js';
import {copy} from './hand_over.js';
import {isOfPage, LONGEST, read, write} from './link_format.js';
import {tabState, watch} from './store.js';

const REST = 300;  // milliseconds without a change after which the address follows
const PAST = 200;  // steps that can be undone
const LONG = 2000;  // characters from which some programs cut a link

let present = null;  // the scene as it last stood: {tab, part, choices}
let past = [];
let future = [];
let written = null;  // the scene that the address holds
let showing = 0;  // scenes being put on the page
let timer;

// ---- The page as a scene --------------------------------------------------------------------------------------

const tabs = () => [...document.querySelectorAll('#tabs > .tab-wrapper [role="tab"]')];

// The tabs within a tab, other than those that are folded away.
function parts(stem) {
  const lists = [...document.querySelectorAll(`#tab-${stem} [role="tablist"]`)];
  const list = lists.find(candidate => !candidate.closest('.le-folds') && candidate.closest('[role="tabpanel"]').id === `tab-${stem}`);
  return [...list?.querySelectorAll('[role="tab"]') ?? []];
}

const slug = title => title.trim().toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-');
const selected = nodes => nodes.find(node => node.getAttribute('aria-selected') === 'true');

function snapshot() {
  const tab = selected(tabs())?.dataset.tabId;
  if (!tab) return null;
  const inner = parts(tab);
  const part = selected(inner);
  return {tab, part: part && part !== inner[0] ? slug(part.textContent) : null, choices: tabState(tab).choices()};
}

async function show({tab, part, choices, problems = []}) {
  const all = tabs();
  const target = tab === null ? all[0] : all.find(node => node.dataset.tabId === tab);
  if (!target) problems.push(`The link asks for the tab “${tab.slice(0, 40)}”, which is not here.`);
  const stem = target?.dataset.tabId;
  notice(problems.join(' '), 'link', stem);
  if (!target) return;
  showing++;
  tabState(stem).chooseOnly(choices);
  if (target !== selected(all)) target.click();
  const inner = await appear(() => parts(stem), part ? 3000 : 0);
  const wanted = part ? inner.find(node => slug(node.textContent) === part) : inner[0];
  if (wanted && wanted !== selected(inner)) wanted.click();
  if (part && !wanted) notice([...problems, `The link asks for the part “${part.slice(0, 40)}”, which is not here.`].join(' '), 'link', stem);
  await new Promise(requestAnimationFrame);  // until tabs say that they are selected
  showing--;
}

// What is found as soon as there is any of it, or nothing after so many milliseconds.
async function appear(find, patience) {
  const end = performance.now() + patience;
  while (!find().length && performance.now() < end) await new Promise(requestAnimationFrame);
  return find();
}

// ---- The address ----------------------------------------------------------------------------------------------

// What is none of the scene stays.
function address(query) {
  const own = [...new URLSearchParams(location.search)].filter(([key]) => isOfPage(key));
  const rest = new URLSearchParams(own).toString();
  return `${location.pathname}?${[rest, query].filter(Boolean).join('&')}`;
}

// Back and forward stop where another tab, model or picture was chosen, not where a number was.
function milestone({tab, choices}) {
  const pictures = Object.entries(choices).filter(([, value]) => value?.source).map(([key, {source}]) => `${key} ${source.data} ${source.index}`);
  return JSON.stringify([tab, choices.checkpoint, pictures]);
}

// Arrays may be made anew without a change: by their numbers, or undo would have steps that nobody sees.
const isEqual = (one, other) => Object.is(one, other) || (Boolean(one?.data && other?.data)
  && one.data.length === other.data.length && one.data.every((value, i) => Object.is(value, other.data[i])));

const isSame = (one, other) => one.tab === other.tab && one.part === other.part
  && Object.keys({...one.choices, ...other.choices}).every(key => isEqual(one.choices[key], other.choices[key]));

// Takes note of where the scene stands, and puts it into the address.
async function follow() {
  clearTimeout(timer);
  if (showing) return followSoon();
  const now = snapshot();
  if (!now) return;
  if (present && !isSame(present, now)) {
    past = [...past, present].slice(-PAST);
    future = [];
  }
  if (present && isSame(present, now)) Object.assign(now, present);
  present = now;
  enable();
  const untouched = now.tab === tabs()[0].dataset.tabId && !now.part && !Object.keys(now.choices).length;
  if (!written && untouched) return;  // an address without a scene stays as short as it is
  if (!written || !isSame(written, now)) await writeAddress(now);
}

async function writeAddress(now) {
  const push = written ? milestone(written) !== milestone(now) : !isRead;
  written = now;
  const query = await within(now);
  if (written !== now) return;
  const target = address(query);
  if (target === location.pathname + location.search) return;
  history[push ? 'pushState' : 'replaceState'](null, '', target);
  if (window.parent !== window) window.parent.postMessage({queryString: query}, 'https://huggingface.co');
}

// The scene as a query; pictures from files are left out where they would make it too long.
async function within(now) {
  const query = await write(now);
  notice(query.length > LONGEST ? 'These pictures are too large for a link: the address leaves them out.' : '', 'address', now.tab);
  if (query.length <= LONGEST) return query;
  const short = Object.entries(now.choices).filter(([, value]) => !(value?.source && value.source.index === undefined));
  return write({...now, choices: Object.fromEntries(short)});
}

function followSoon() {
  clearTimeout(timer);
  timer = setTimeout(follow, REST);
}

// Puts a scene from outside on the page, and into its address.
export async function showLink(query) {
  countAsking(1);
  await show(await read(query));
  followSoon();
  countAsking(-1);
}

// While several scenes are put on the page one after the other, the address waits: change is 1 at the beginning, -1 at
// the end.
export function holdAddress(change) {
  showing += change;
}

// The scene that is seen, as a query.
export async function sceneQuery() {
  await follow();
  return within(snapshot());
}

// A query as a link that others can open.
export function linkTo(query) {
  const space = window.gradio_config?.space_id;
  return `${space ? `https://huggingface.co/spaces/${space}` : location.origin + location.pathname}?${query}`;
}

// Another address was called up, by the browser's own back or forward.
async function open(query) {
  countAsking(1);
  await show(await read(query));
  written = snapshot();
  await follow();
  countAsking(-1);
}

// ---- Undo and redo --------------------------------------------------------------------------------------------

async function step(from, to) {
  countAsking(1);
  await follow();  // what has changed since the hand last rested
  const target = from().pop();
  if (target) {
    to().push(present);
    await show(target);
    present = snapshot();
    enable();
    await follow();
  }
  countAsking(-1);
}

const undo = () => step(() => past, () => future);
const redo = () => step(() => future, () => past);

function onKey(event) {
  const typing = event.target.closest?.('textarea, [contenteditable="true"], input:not([type="range"], [type="checkbox"], [type="radio"])');
  if (event.defaultPrevented || typing || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
  event.preventDefault();
  (event.shiftKey ? redo : undo)();
}

// ---- The corner -----------------------------------------------------------------------------------------------

const corner = make('div', 'le-corner');
const [back, forth] = [['↶', 'Undo (Ctrl-Z)', undo], ['↷', 'Redo (Ctrl-Shift-Z)', redo]].map(([text, name, action]) => {
  const node = button(text, action);
  node.title = node.ariaLabel = name;
  return node;
});
const link = copier('Link', 'The link', 'Copy a link to this scene', async () => {
  const text = linkTo(await sceneQuery());
  notice(text.length > LONG ? `The link has ${text.length} characters, for it carries pictures or codes; some programs cut such links.` : '', corner);
  return text;
});
const python = copier('Python', 'The program', 'Copy this scene as a program that makes the same pixels', async seconds => {
  const {tab} = snapshot();
  const state = tabState(tab);
  const values = Object.entries(state.program).map(([name, key]) => [name, state.get(key)]);
  const {text} = await ask(tab, 'python', Object.fromEntries(values.filter(([, value]) => value !== undefined)), seconds);
  return new TextDecoder().decode(text.data);
});
corner.append(python, back, forth, link);
if (window.latentExplorer.reloads) corner.prepend(modelsAgain());

// A button for models that were trained meanwhile; the address keeps the scene.
function modelsAgain() {
  const node = button('⟳', () => attempt(async seconds => {
    if (await lookForModels(seconds)) location.reload();
    else notice('No model has come or changed since the app looked last.', corner);
  }, node));
  node.classList.add('le-reload');
  node.title = node.ariaLabel = 'Reload models: look into the folders of checkpoints again';
  return node;
}

// Whether the program is of the scene that is seen.
function isWritten({tab, part}) {
  const state = tabState(tab);
  return Object.keys(state.program).length > 0 && (!part || state.programParts.some(title => slug(title) === part));
}

// A button that copies a text, and says so.
function copier(name, what, title, compose) {
  const node = button(name, () => attempt(async seconds => {
    const text = await compose(seconds);
    if (!await copy(text, what)) return;
    node.textContent = 'Copied';
    node.title = `Copied: ${text.length} characters`;
    setTimeout(() => { node.textContent = name; }, 1500);
  }, node));
  node.title = title;
  return node;
}

function enable() {
  back.disabled = !past.length;
  forth.disabled = !future.length;
  python.hidden = !present || !isWritten(present);
}

// ---- The start ------------------------------------------------------------------------------------------------

let isRead = false;  // whether the page was called up with a scene in its address

// Settled once that scene is read; tabs wait for it before they begin.
export const opened = read(location.search).then(start => {
  isRead = start.tab !== null;
  if (isRead) show(start);
});

document.body.append(corner);
document.addEventListener('keydown', onKey);
window.addEventListener('popstate', () => open(location.search));
watch((state, key) => { if (state.linked.has(key)) followSoon(); });
new MutationObserver(changes => {
  const isTab = changes.some(({target}) => target.matches('[role="tab"]'));
  if (isTab) opened.then(follow);  // at once, or what is done there next would be one step with the opening of the tab
  else followSoon();
  showNotice();
}).observe(document.body, {subtree: true, attributes: true, attributeFilter: ['aria-selected']});
followSoon();
enable();
