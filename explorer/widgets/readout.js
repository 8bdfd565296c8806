// Numbers that follow the scene, with bars where their size matters.

import {format, make, showIf} from './kit.js';
import {tabState} from './store.js';

const MOST = 3;  // numbers of an array that fit in a line

export function mount({element, props}) {
  const state = tabState(props.tab);
  showIf(element, state, props.show_if);
  element.classList.toggle('le-in-a-row', props.in_a_row);
  for (const {key, label, symbol, digits, unit, bar, warn} of props.items) {
    const row = make('div', `le-value le-symbol-${symbol}`);
    const number = make('b');
    const fill = make('i');
    row.append(fill, make('span', '', label), number);
    element.append(row);
    const warning = make('div', 'le-warning');
    if (warn) element.append(warning);
    state.subscribe([key], value => {
      const numbers = typeof value === 'number' ? [value] : Array.from(value.data.slice(0, MOST));
      const more = typeof value !== 'number' && value.data.length > MOST ? ' …' : '';
      number.textContent = `${numbers.map(one => format(one, digits)).join(', ')}${more} ${unit}`;
      if (bar) fill.style.width = `${Math.min(100, numbers[0] / bar * 100)}%`;
      if (warn) warning.textContent = numbers[0] > warn[0] ? warn[1] : '';
    });
  }
}
