// A plane of codes: hovering previews, clicking commits, leaving restores.

import {classColour, countPaint, make, onTheme, resolveColour, showIf, sizeCanvas} from './kit.js';
import {loadNotes} from './sample_sheet.js';
import {tabState} from './store.js';

export function mount({element, props}) {
  const state = tabState(props.tab);
  const title = make('div', 'le-label le-symbol-z', props.title);
  const hint = make('small', 'le-hint', props.hint);
  const base = make('canvas', 'le-plane');
  const over = make('canvas', 'le-over');
  const frame = make('div', 'le-frame');
  const legend = make('div', 'le-legend');
  title.append(hint);
  frame.append(base, over);
  element.append(title, frame);
  if (props.legend) element.append(legend);
  showIf(element, state, props.show_if);
  base.ariaHidden = true;
  over.tabIndex = 0;
  over.setAttribute('role', 'application');
  over.setAttribute('aria-label', `${props.title}. Hovering previews, clicking moves the point, arrow keys move it too.`);

  const [ratio] = [base, over].map(canvas => sizeCanvas(canvas, props.side));
  Object.assign(frame.style, {width: `${props.side}px`, height: `${props.side}px`});
  let view = {x: 0, y: 0, half: 3};  // centre and half side of the plane shown

  const toPixel = (x, y) => [(x - view.x + view.half) / (2 * view.half) * base.width,
    (view.y + view.half - y) / (2 * view.half) * base.height];

  function drawCodes(codes, labels, square, holes) {
    if (!codes.shape[0]) return;
    view = {x: square.data[0], y: square.data[1], half: square.data[2]};
    const context = base.getContext('2d');
    context.clearRect(0, 0, base.width, base.height);
    const [side] = holes.shape;
    const cell = base.width / side;
    context.fillStyle = resolveColour('var(--hole)');
    holes.data.forEach((hole, i) => {
      if (hole) context.fillRect(Math.floor(i % side * cell), Math.floor(Math.floor(i / side) * cell), Math.ceil(cell), Math.ceil(cell));
    });
    const colours = Array.from({length: 10}, (_, label) => resolveColour(classColour(label)));
    const size = 2.6 * ratio;
    context.globalAlpha = .75;
    for (let i = 0; i < codes.shape[0]; i++) {
      context.fillStyle = colours[labels.data[i] % 10];
      const [x, y] = toPixel(codes.data[2 * i], codes.data[2 * i + 1]);
      context.fillRect(x - size / 2, y - size / 2, size, size);
    }
    context.globalAlpha = 1;
    countPaint(base);
    drawOver();
  }

  function ring(context, [x, y], radius, fill) {
    context.beginPath();
    context.arc(x, y, radius * ratio, 0, 2 * Math.PI);
    if (fill) context.fill();
    context.stroke();
  }

  function drawOver() {
    const context = over.getContext('2d');
    context.clearRect(0, 0, over.width, over.height);
    const committed = state.committed.get(props.point);
    const shown = state.get(props.point);
    if (committed?.shape[0] !== 2) return;
    context.strokeStyle = resolveColour('var(--body-text-color)');
    context.lineWidth = 2.5 * ratio;
    context.fillStyle = resolveColour('var(--z)');
    ring(context, toPixel(...committed.data), 8, true);
    if (shown !== committed) ring(context, toPixel(...shown.data), 8, false);
    const [mu, sigma] = props.ellipse ? [state.get(props.ellipse.mu), state.get(props.ellipse.sigma)] : [];
    if (mu?.shape[0] === 2 && sigma) {
      context.strokeStyle = resolveColour('var(--mu)');
      context.lineWidth = 1.5 * ratio;
      const scale = base.width / (2 * view.half);
      for (const deviations of [1, 2]) {
        context.beginPath();
        const [rx, ry] = [0, 1].map(axis => Math.max(1, sigma.data[axis] * deviations * scale));
        context.ellipse(...toPixel(...mu.data), rx, ry, 0, 0, 2 * Math.PI);
        context.stroke();
      }
    }
  }

  function pointAt(event) {
    const box = over.getBoundingClientRect();
    return vector(view.x - view.half + (event.clientX - box.left) / box.width * 2 * view.half,
      view.y + view.half - (event.clientY - box.top) / box.height * 2 * view.half);
  }

  const vector = (x, y) => ({data: Float32Array.of(x, y), shape: [2]});

  over.addEventListener('pointerdown', event => {
    over.setPointerCapture(event.pointerId);
    state.set(props.point, pointAt(event));
  });
  over.addEventListener('pointermove', event => {
    if (over.hasPointerCapture(event.pointerId)) state.set(props.point, pointAt(event));
    else if (event.pointerType !== 'touch') state.preview(props.point, pointAt(event));
  });
  over.addEventListener('pointerleave', () => state.restore(props.point));
  over.addEventListener('keydown', event => {
    const [dx, dy] = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]}[event.key] ?? [0, 0];
    if (!dx && !dy) return;
    event.preventDefault();
    const committed = state.committed.get(props.point);
    if (!committed) return;
    const step = view.half / (event.shiftKey ? 100 : 20);
    const [x, y] = committed.data;
    state.set(props.point, vector(x + dx * step, y + dy * step));
  });

  async function nameClasses(data) {
    const {class_names: names} = await loadNotes(data);
    legend.replaceChildren(...names.map((name, label) => {
      const entry = make('span', '', name.split(' - ')[0]);
      entry.style.setProperty('--colour', classColour(label));
      return entry;
    }));
    const hole = make('span', '', 'hole: no code near');
    hole.style.setProperty('--colour', 'var(--hole)');
    legend.append(hole);
  }

  const below = ['codes', 'labels', 'view', 'holes'].map(key => props.prefix + key);
  state.subscribe(below, drawCodes);
  state.subscribe([props.point], drawOver);
  if (props.ellipse) state.subscribe([props.ellipse.mu, props.ellipse.sigma], drawOver);
  state.subscribe([props.data], nameClasses);
  onTheme(() => {
    const values = below.map(key => state.get(key));
    if (values.every(Boolean)) drawCodes(...values);
  });
}
