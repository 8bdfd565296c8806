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
  try {
    localStorage.setItem(OWN, serialise(walk));
    notice('', 'walk');
  } catch {
    notice('This browser keeps no more: save the walk as a file.', 'walk');
  }
}

// What is kept under a name as JSON; null where there is nothing, or nothing that can be read.
export function kept(name) {
  try {
    return JSON.parse(read(name) ?? 'null');
  } catch {
    return null;
  }
}

function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;  // a browser that keeps nothing
  }
}
