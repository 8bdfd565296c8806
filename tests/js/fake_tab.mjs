// Tabs to test, each with a state of its own.

import {tabState} from '../../explorer/widgets/store.js';
import {openPage} from './fake_page.mjs';

export const vector = (...values) => ({data: Float32Array.from(values), shape: [values.length]});
export const picture = source => ({data: Uint8Array.of(0, 255), shape: [1, 1, 2], source});

let count = 0;

// One that nobody has opened yet; page: as openPage takes it.
export function newTab(page = {}) {
  const stem = `tab_${++count}`;
  openPage({tab: stem, ...page});
  return tabState(stem);
}

// One that was opened: its first values, its rules, and names of checkpoints it can show.
export function openedTab({values = {}, rules = [], linked = Object.keys(values), checkpoints = [], ...page} = {}) {
  const state = newTab(page);
  addRules(state, rules);
  state.open(values, linked, checkpoints);
  return state;
}

// Rules of which only those parts are given that matter.
export function addRules(state, rules) {
  for (const rule of rules) state.addRule({using: {}, where: {}, rest: 0, ...rule});
}

// The values a subscriber was called with, one list a call.
export function calls(state, ...keys) {
  const seen = [];
  state.subscribe(keys, (...values) => seen.push(values));
  return seen;
}
