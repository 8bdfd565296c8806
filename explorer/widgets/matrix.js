// A table of numbers as a heat map; a click on a cell sets what it stands for.

import {format, make, showIf} from './kit.js';
import {tabState} from './store.js';

export function mount({element, props}) {
  const state = tabState(props.tab);
  showIf(element, state, props.show_if);
  const title = make('div', 'le-label', props.title);
  const table = make('table', props.columns.length > 6 ? 'le-narrow' : '');
  if (props.hint) title.append(make('small', 'le-hint', props.hint));
  element.append(title, table);

  const head = make('tr');
  head.append(make('td', 'le-axes', `${props.column_label} →\n${props.row_label} ↓`));
  for (const name of props.columns) head.append(make('th', '', name));
  table.append(head);
  const cells = props.rows.map((name, i) => {
    const row = make('tr');
    row.append(make('th', '', name));
    table.append(row);
    return props.columns.map((column, j) => {
      const cell = make('td');
      const content = make(props.pick ? 'button' : 'span');
      if (props.pick) {
        content.type = 'button';
        content.setAttribute('aria-label', `${name}, ${column}`);
        content.addEventListener('click', () => choose(i, j));
      }
      cell.append(content);
      row.append(cell);
      return content;
    });
  });

  function choose(i, j) {
    for (const [key, value] of Object.entries(props.pick[i][j])) state.set(key, value);
  }

  // Frames what stands for the present values: a cell, or a row of which all cells do.
  function mark() {
    cells.forEach((row, i) => {
      const isChosen = props.pick[i].map(pick => Object.entries(pick).every(([key, value]) => state.get(key) === value));
      row[0].closest('tr').classList.toggle('le-chosen', isChosen.every(Boolean));
      row.forEach((cell, j) => cell.classList.toggle('le-chosen', isChosen[j]));
    });
  }

  for (const key of new Set(props.pick?.flat().flatMap(Object.keys))) state.subscribe([key], mark);

  // The shade goes from the least number to the largest; the text stays readable on both.
  function show(rows) {
    const all = rows.flat().filter(Number.isFinite);
    const [least, most] = [Math.min(...all), Math.max(...all)];
    cells.forEach((row, i) => row.forEach((cell, j) => {
      cell.textContent = format(rows[i][j], props.digits);
      cell.style.setProperty('--share', `${Math.round(70 * (rows[i][j] - least) / (most - least || 1))}%`);
    }));
  }

  if (typeof props.values === 'string') {
    state.subscribe([props.values], ({data, shape}) => {
      const [height, width] = shape;
      if (height !== props.rows.length || width !== props.columns.length) return;  // of other classes
      show(Array.from({length: height}, (_, i) => Array.from(data.slice(i * width, (i + 1) * width))));
    });
  } else {
    show(props.values);
  }
}
