// The walks there are: the article's, which ships, and the visitor's own, kept in this browser.

import {loadJson, notice} from '../widgets/kit.js';
import {parse, serialise} from './walk.js';

const OWN = 'latent-explorer walk';

let article = null;

export async function loadWalk(which) {
  if (which === 'own') return ownWalk();
  article ??= parse(JSON.stringify(await loadJson('stage/article.json'))).walk;
  return article;
}

export function ownWalk() {
  const text = read(OWN);
  if (!text) return {title: 'My walk', stops: []};
  const {walk, faults} = parse(text);
  notice(faults.slice(0, 3).join(' '), 'walk');
  return walk;
}

export function saveOwn(walk) {
  notice(write(OWN, serialise(walk)) ? '' : 'This browser keeps no more: save the walk as a file.', 'walk');
}

// What is kept under a name as JSON; null where there is nothing, or nothing that can be read.
// store: 'localStorage', or 'sessionStorage' for what ends with the browser's tab.
export function kept(name, store) {
  try {
    return JSON.parse(read(name, store) ?? 'null');
  } catch {
    return null;
  }
}

export function keep(name, value, store) {
  return write(name, JSON.stringify(value), store);
}

// Some frames and browsers have no storage, or a full one.
function read(name, store = 'localStorage') {
  try {
    return window[store].getItem(name);
  } catch {
    return null;
  }
}

function write(name, text, store = 'localStorage') {
  try {
    window[store].setItem(name, text);
    return true;
  } catch {
    return false;
  }
}
