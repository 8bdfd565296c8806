// Drawing on a small picture with mouse, pen, finger or keys.

import {make} from './kit.js';

// What a pen does to the values under it: (old value, how much of the pixel it covers, value behind it) -> new value.
export const TOOLS = {
  scribble: (value, share) => Math.max(value, 255 * share),
  erase: (value, share) => value * (1 - share),
  smear: (value, share, behind) => value + .8 * share * (behind - value),
};

// Listens on a canvas that shows a square picture; side: gives its pixels along each side, which differ between sets.
// read: the picture as it is; write: takes the picture after a stroke; tool, radius: what is drawn with, in its pixels.
export function attachPen({canvas, frame, side: pixels, read, write, tool, radius}) {
  const mark = make('div', 'le-pen');
  frame.append(mark);
  mark.hidden = true;
  canvas.tabIndex = 0;
  canvas.setAttribute('role', 'application');

  function stroke(from, to) {
    const old = read();
    if (!old) return;
    const ink = old.data.slice();
    const apply = TOOLS[tool()];
    const [size, side] = [radius(), pixels()];
    const distance = Math.hypot(to.x - from.x, to.y - from.y);
    const [dx, dy] = distance ? [(to.x - from.x) / distance, (to.y - from.y) / distance] : [0, 0];
    const steps = Math.ceil(2 * distance) || 1;
    for (let step = 0; step <= steps; step++) {
      const [x, y] = [from.x + (to.x - from.x) * step / steps, from.y + (to.y - from.y) * step / steps];
      for (let row = Math.max(0, Math.floor(y - size - 2)); row <= Math.min(side - 1, y + size + 2); row++) {
        for (let column = Math.max(0, Math.floor(x - size - 2)); column <= Math.min(side - 1, x + size + 2); column++) {
          const away = Math.hypot(column + .5 - x, row + .5 - y) - size;  // the edge is one pixel soft
          const share = Math.min(1, Math.max(0, 1 - away));
          if (!share) continue;
          for (let first = 0; first < ink.length; first += side * side) {  // of each channel
            const i = first + row * side + column;
            ink[i] = apply(ink[i], share, behind(ink, first, row - dy, column - dx));
          }
        }
      }
    }
    write({data: ink, shape: old.shape});
  }

  function behind(ink, first, row, column) {
    const side = pixels();
    const inside = value => Math.min(side - 1, Math.max(0, Math.round(value)));
    return ink[first + inside(row) * side + inside(column)];
  }

  function where(event) {
    const [box, side] = [canvas.getBoundingClientRect(), pixels()];
    return {x: (event.clientX - box.left) / box.width * side, y: (event.clientY - box.top) / box.height * side};
  }

  let last = null;
  canvas.addEventListener('pointerdown', event => {
    canvas.setPointerCapture(event.pointerId);
    last = where(event);
    stroke(last, last);
  });
  canvas.addEventListener('pointermove', event => {
    if (!last) return;
    const next = where(event);
    stroke(last, next);
    last = next;
  });
  for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, () => { last = null; });

  const key = {x: pixels() / 2, y: pixels() / 2, down: false};
  canvas.addEventListener('keydown', event => {
    const [dx, dy] = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key] ?? [0, 0];
    if (!dx && !dy && event.key !== ' ') return;
    event.preventDefault();
    const [from, side] = [{...key}, pixels()];
    key.x = Math.min(side - .5, Math.max(.5, key.x + dx));
    key.y = Math.min(side - .5, Math.max(.5, key.y + dy));
    if (event.key === ' ') key.down = true;
    if (key.down) stroke(from, key);
    mark.hidden = false;
    Object.assign(mark.style, {left: `${key.x / side * 100}%`, top: `${key.y / side * 100}%`});
  });
  canvas.addEventListener('keyup', event => { if (event.key === ' ') key.down = false; });
  canvas.addEventListener('blur', () => { mark.hidden = true; });
}
