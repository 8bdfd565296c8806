// A few pictures in a row, each with its name and its numbers.

import {countPaint, format, make, paint} from './kit.js';
import {tabState} from './store.js';

export function mount({element, props}) {
  const state = tabState(props.tab);
  const title = make('div', `le-label le-symbol-${props.symbol}`, props.title);
  const row = make('div', 'le-side');
  if (props.hint) title.append(make('small', 'le-hint', props.hint));
  element.append(title, row);
  const width = props.least ? `minmax(${props.least}px, ${props.tile}px)` : `${props.tile}px`;
  row.style.gridTemplateColumns = `repeat(${props.columns}, ${width})`;

  let tiles = [];

  function build(names) {
    row.replaceChildren();
    tiles = names.map((name, index) => {
      const tile = make(props.focus ? 'button' : 'div', 'le-tile');
      const canvas = make('canvas');
      const numbers = props.captions.map(() => make('span', 'le-number'));
      canvas.setAttribute('role', 'img');
      canvas.setAttribute('aria-label', `${props.title}: ${name}`);
      tile.append(make('b', '', name), canvas, ...numbers);
      if (props.focus) {
        tile.type = 'button';
        tile.addEventListener('click', () => state.set(props.focus, index));
      }
      row.append(tile);
      return {tile, canvas, numbers, pictures: null};
    });
    draw();
    frame();
  }

  function frame() {
    const chosen = props.focus ? state.get(props.focus) % tiles.length : undefined;
    tiles.forEach(({tile}, index) => {
      tile.classList.toggle('le-chosen', index === chosen);
      if (props.focus) tile.setAttribute('aria-pressed', index === chosen);
    });
  }

  function draw() {
    const all = props.pictures.map(key => state.get(key));
    const there = all.slice(0, [...all, undefined].indexOf(undefined));
    const places = there.flatMap(pictures => Array.from({length: pictures.shape[0]}, (_, index) => [pictures, index]));
    if (!places.length && there.length === all.length) tiles.forEach(clear);  // there are none of this input
    if (there.length === all.length && places.length !== tiles.length) return;  // made for the names before
    places.forEach(([pictures, index], place) => {
      const tile = tiles[place];
      if (tile.pictures !== pictures) paint(tile.canvas, pictures, index);
      tile.pictures = pictures;
    });
    countPaint(element);
  }

  function clear(tile) {
    tile.canvas.getContext('2d').clearRect(0, 0, tile.canvas.width, tile.canvas.height);
    tile.pictures = null;
  }

  if (props.names_by) state.subscribe([props.names_by], value => build(props.names[value] ?? []));
  else build(props.names);
  for (const key of props.pictures) state.subscribe([key], draw);
  props.captions.forEach(({key, text, digits}, line) => {
    state.subscribe([key], ({data}) => {
      tiles.forEach(({numbers}, index) => {
        if (index < data.length) numbers[line].textContent = text.replace('{}', format(data[index], digits));
      });
    });
  });
  if (props.focus) state.subscribe([props.focus], frame);
}
