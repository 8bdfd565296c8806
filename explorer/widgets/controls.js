// Choices, sliders and buttons bound to keys of the page's state.

import {save} from './hand_over.js';
import {ask, attempt, button, make, showIf} from './kit.js';
import {openTab, tabState} from './store.js';

export function mount({element, props}) {
  const state = tabState(props.tab);
  showIf(element, state, props.show_if);
  for (const item of props.items) element.append(KINDS[item.kind](state, item));
}

const KINDS = {
  choice(state, {key, label, options, whole, groups, also}) {
    const box = make('label', 'le-control', label);
    const select = make('select');
    const parts = new Map();
    for (const [value, text] of Object.entries(options)) {
      const title = groups?.[value];
      if (title !== undefined && !parts.has(title)) {
        parts.set(title, Object.assign(make('optgroup'), {label: title}));
        select.append(parts.get(title));
      }
      (parts.get(title) ?? select).append(new Option(text, value));
    }
    select.addEventListener('change', () => {
      state.set(key, whole ? Number(select.value) : select.value);
      for (const [other, value] of Object.entries(also?.[select.value] ?? {})) state.set(other, value);
    });
    state.subscribe([key], value => { select.value = value; });
    box.append(select);
    return box;
  },

  // Its options come from a key, with the model; where the one chosen is not among them, the first is.
  menu(state, {key, label, options, whole}) {
    const box = make('label', 'le-control', label);
    const select = make('select');
    const read = value => whole ? Number(value) : value;
    select.addEventListener('change', () => state.set(key, read(select.value)));
    state.subscribe([options], texts => {
      select.replaceChildren(...Object.entries(texts).map(([value, text]) => new Option(text, value)));
      const [first] = Object.keys(texts);
      if (state.get(key) in texts) select.value = state.get(key);
      else if (first !== undefined) state.setDefault(key, read(first));
    });
    state.subscribe([key], value => { select.value = value; });
    box.append(select);
    return box;
  },

  slider(state, {key, label, low, high, step, symbol, names, by, values}) {
    const box = make('label', `le-control le-symbol-${symbol}`);
    const text = make('span', '', label);
    const range = make('input');
    const value = make('output');
    if (by) state.subscribe([by.key], kind => { text.textContent = `${label}: ${by.units[kind]}`; });
    Object.assign(range, {type: 'range', min: low, max: high, step});
    range.addEventListener('input', () => state.set(key, values ? values[range.valueAsNumber] : range.valueAsNumber));
    state.subscribe([key], chosen => {
      const number = values ? values.indexOf(chosen) : chosen;
      if (number === -1) return;
      range.value = number;
      value.textContent = names ? names[number] : String(number).replace('-', '−');
    });
    box.append(text, range, value);
    return box;
  },

  stepper(state, {key, label, last, symbol}) {
    const box = make('div', `le-control le-symbol-${symbol}`, label);
    const range = make('input');
    const value = make('output');
    const shift = by => state.set(key, Math.max(0, Math.min(Number(range.max), range.valueAsNumber + by)));
    const [less, more] = [['−1', -1], ['+1', 1]].map(([text, by]) => button(text, () => shift(by)));
    Object.assign(range, {type: 'range', min: 0, step: 1, ariaLabel: label});
    range.addEventListener('input', () => state.set(key, range.valueAsNumber));
    state.subscribe([key, last], (number, most) => {
      range.max = most;
      range.value = Math.min(number, most);
      value.textContent = `${range.value} of ${most}`;
    });
    box.append(less, range, more, value);
    return box;
  },

  counter(state, {key, label, symbol}) {
    const node = button('', () => state.set(key, state.get(key) + 1), `le-symbol-${symbol}`);
    state.subscribe([key], seed => { node.textContent = `${label} (${seed})`; });
    return node;
  },

  download(state, {label, ask: question, values, filename}) {
    const node = button(label, () => attempt(async seconds => {
      const sent = Object.entries(values).map(([name, key]) => [name, state.get(key)]);
      const {file} = await ask(state.name, question, Object.fromEntries(sent), seconds);
      save(file.data, filename);
    }, node));
    return node;
  },

  opener(state, {label, chooses}) {
    return button(label, () => {
      const [checkpoint, data, x, index] = ['checkpoint', 'data', 'x', 'index'].map(key => state.get(key));
      const knobs = state.get('factor_names').map((name, i) => [`${data} ${name}`, state.get('factors').data[i]]);
      const picture = {...x, source: {data, name: `(picture ${index})`}};
      openTab(checkpoint.split('/')[0], {x: picture, ...Object.fromEntries(knobs), ...(chooses[checkpoint] ?? {checkpoint})});
    });
  },

  setter(state, {label, values, symbol}) {
    const set = () => Object.entries(values).forEach(([key, value]) => state.set(key, value));
    return button(label, set, `le-symbol-${symbol}`);
  },
};
