// One line on a scene: what to do there and what to notice. Once it was done it goes, and leaves its room empty.

import {showIf} from './kit.js';
import {tabState, watch} from './store.js';

const done = new Set();  // tab and text of those that were done in this visit
let count = 0;

export function mount({element, props}) {
  const state = tabState(props.tab);
  const name = `${props.tab}: ${props.text}`;
  const panel = element.closest('[role="tabpanel"]');  // whose description a reader speaks when it is entered
  element.id = `le-cue-${++count}`;
  element.textContent = props.text;
  element.setAttribute('role', 'note');
  panel?.setAttribute('aria-describedby', element.id);
  showIf(element, state, props.show_if);

  function hide() {
    done.add(name);
    element.classList.add('le-done');
    if (panel?.getAttribute('aria-describedby') === element.id) panel.removeAttribute('aria-describedby');
  }

  if (done.has(name)) hide();
  watch((changed, key) => { if (changed === state && props.done.includes(key) && state.isByHand(key)) hide(); });
}
