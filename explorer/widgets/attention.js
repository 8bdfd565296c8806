// Where each head of a prior looks while it writes the next code of a grid.

import {countPaint, format, make, resolveColour, sizeCanvas, toImage} from './kit.js';
import {tabState} from './store.js';

const [LARGEST, ROOM] = [118, 520];  // CSS pixels of the map of one head, and of all in a row
const DIM = .35;  // of the picture beneath

export function mount({element, props}) {
  const state = tabState(props.tab);
  const [main, all, sentence] = [make('div'), make('div', 'le-heads'), make('p', 'le-hint')];
  const large = canvasOf(props.side, 'le-over');
  large.tabIndex = 0;
  large.setAttribute('role', 'application');
  large.setAttribute('aria-label', `${props.title}. Hovering previews a place, clicking chooses it, arrow keys walk.`);
  main.append(make('div', 'le-label le-symbol-z', props.title), large, sentence);
  element.append(main, all);
  let maps = [];  // of the heads
  let seen = null;  // {weights, shape of the grid, picture, colours of what is looked at and of the place}

  function draw(weights, codes, picture, place, head) {
    const [layers, heads, places] = weights.shape;
    if (places !== codes.data.length) return;  // of another model
    seen = {weights, grid: codes.shape, picture: unscaled(toImage(picture)), colours: ['--z', '--x-hat'].map(name => resolveColour(`var(${name})`))};
    const shown = {place: Math.min(place, places - 1), head: Math.min(head, layers * heads - 1)};
    if (maps.length !== layers * heads) layOut(layers, heads);
    paint(large, seen, shown.head, shown.place);
    maps.forEach((canvas, number) => {
      paint(canvas, seen, number, shown.place);
      canvas.setAttribute('aria-pressed', String(number === shown.head));
    });
    const row = weightsOf(seen.weights, shown.head, shown.place);
    const most = row.indexOf(Math.max(...row));
    const name = index => `row ${Math.floor(index / codes.shape[1]) + 1}, column ${index % codes.shape[1] + 1}`;
    sentence.textContent = `Writing ${name(shown.place)}: most of it, ${format(100 * row[most], 0)} %, looks at ${most === shown.place ? 'that place itself, where it knows the code before' : name(most)}.`;
    countPaint(large);
  }

  function layOut(layers, heads) {
    maps = Array.from({length: layers * heads}, (_, number) => {
      const canvas = canvasOf(Math.min(LARGEST, Math.floor(ROOM / heads) - 8), 'le-head');
      Object.assign(canvas, {tabIndex: 0, role: 'button', ariaLabel: `Layer ${Math.floor(number / heads) + 1}, head ${number % heads + 1}`});
      canvas.addEventListener('click', () => state.set(props.head_number, number));
      canvas.addEventListener('keydown', event => { if (event.key === 'Enter') state.set(props.head_number, number); });
      return canvas;
    });
    all.replaceChildren(...Array.from({length: layers}, (_, layer) => {
      const row = make('div');
      row.append(make('div', 'le-label le-symbol-z', `Layer ${layer + 1}, its ${heads} heads`), ...maps.slice(layer * heads, (layer + 1) * heads));
      return row;
    }));
  }

  function placeAt(event) {
    const box = large.getBoundingClientRect();
    const [rows, columns] = seen.grid;
    const at = (position, size, count) => Math.max(0, Math.min(count - 1, Math.floor(position / size * count)));
    return at(event.clientY - box.top, box.height, rows) * columns + at(event.clientX - box.left, box.width, columns);
  }

  large.addEventListener('pointermove', event => { if (seen && event.pointerType !== 'touch') state.preview(props.place, placeAt(event)); });
  large.addEventListener('pointerleave', () => state.restore(props.place));
  large.addEventListener('pointerdown', event => { if (seen) state.set(props.place, placeAt(event)); });
  large.addEventListener('keydown', event => {
    const by = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -seen?.grid[1], ArrowDown: seen?.grid[1]}[event.key];
    if (!by) return;
    event.preventDefault();
    const place = state.get(props.place) + by;
    if (place >= 0 && place < seen.grid[0] * seen.grid[1]) state.set(props.place, place);
  });
  state.subscribe([props.weights, props.codes, props.picture, props.place, props.head_number], draw);
}

function canvasOf(side, className) {
  const canvas = make('canvas', className);
  sizeCanvas(canvas, side);
  return canvas;
}

// How much a place looks at which, by one head of all attentions.
function weightsOf({data, shape: [, , places]}, head, place) {
  return data.subarray((head * places + place) * places, (head * places + place + 1) * places);
}

function paint(canvas, {weights, grid: [rows, columns], picture, colours: [look, own]}, head, place) {
  const context = canvas.getContext('2d');
  const [width, height] = [canvas.width / columns, canvas.height / rows];
  const row = weightsOf(weights, head, place);
  const most = Math.max(...row);
  drawPicture(context, picture, canvas);
  for (let index = 0; index < rows * columns; index++) {
    const corner = [index % columns * width, Math.floor(index / columns) * height];
    if (index > place) {
      hatch(context, corner, width, height);
      continue;
    }
    context.globalAlpha = .9 * row[index] / most;
    context.fillStyle = look;
    context.fillRect(...corner, width, height);
    context.globalAlpha = 1;
  }
  context.strokeStyle = own;
  context.lineWidth = Math.max(2, canvas.width / 100);
  context.strokeRect(place % columns * width, Math.floor(place / columns) * height, width, height);
}

function drawPicture(context, picture, {width, height}) {
  context.imageSmoothingEnabled = false;
  context.fillStyle = '#000';
  context.fillRect(0, 0, width, height);
  context.globalAlpha = 1 - DIM;
  context.drawImage(picture, 0, 0, width, height);
  context.globalAlpha = 1;
}

// A picture as what a canvas can be drawn on larger.
function unscaled(image) {
  const canvas = Object.assign(document.createElement('canvas'), {width: image.width, height: image.height});
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}

function hatch(context, [x, y], width, height) {
  context.fillStyle = '#777c';
  context.fillRect(x, y, width, height);
  context.strokeStyle = '#ddd';
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, y + height);
  context.lineTo(x + width, y);
  context.stroke();
}
