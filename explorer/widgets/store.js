// The page's state: that of each tab by its stem.

import {TabState} from './tab_state.js';

const states = new Map();
const watchers = [];

export function tabState(stem) {
  if (!states.has(stem)) states.set(stem, new TabState(stem, (state, key) => watchers.forEach(call => call(state, key))));
  return states.get(stem);
}

// Calls back with a tab's state and a key whenever another value is committed.
export function watch(callback) {
  watchers.push(callback);
}

// Opens another tab with some of its keys set, as if a visitor had chosen them there; a picture is {data, shape, source}.
export function openTab(stem, values = {}) {
  tabState(stem).choose(values);
  document.querySelector(`#tabs [role="tab"][data-tab-id="${stem}"]`)?.click();
}
