// Thousands of points: zoom, pan, hover, click, lasso; as dots or as their pictures.

import {button, classColour, countPaint, format, make, notice, resolveColour, showIf} from './kit.js';
import {Index, View, inside} from './plane.js';
import {Dots, RAMP_STYLE, colours, ends, paintThumbnails} from './scatter_paint.js';
import {loadAtlas, loadNotes} from './sample_sheet.js';
import {tabState} from './store.js';

const REACH = 14;  // CSS pixels from a point that still mean it
const STEP = 1.4;  // of a zoom by button or key
const AROUND = 40;  // CSS pixels around the point that a key takes into a lasso
const NONE = {data: [], shape: [0]};
const LASSOS = {a: 'var(--x)', b: 'var(--z)'};

// Of the classes of a set, in short.
async function classNames(set) {
  return (await loadNotes(set)).class_names.map(text => text.split(' - ')[0]);
}

export function mount({element, props}) {
  const state = tabState(props.scene);
  const title = make('div', 'le-label le-symbol-z', props.title);
  const base = make('canvas', 'le-plane');
  const over = make('canvas', 'le-over');
  const frame = make('div', 'le-frame');
  const tools = make('div', 'le-tools');
  const legend = make('div', 'le-legend');
  const hint = make('small', 'le-hint', props.hint);
  title.append(hint);
  frame.append(base, over);
  element.append(title, frame, tools, legend);
  showIf(element, state, props.show_if);
  over.tabIndex = 0;
  over.setAttribute('role', 'application');
  over.setAttribute('aria-label', `${props.title}. Arrow keys walk from point to point, with Shift they move the map; ` +
    'Enter chooses, plus and minus zoom, 0 shows all, A and B take the points around into a lasso.');

  base.style.visibility = 'hidden';  // it is black until it is painted

  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [props.width, props.height].map(size => Math.round(size * ratio));
  for (const canvas of [base, over]) Object.assign(canvas, {width, height});
  for (const box of [base, over, frame]) Object.assign(box.style, {width: `${props.width}px`, height: `${props.height}px`});
  frame.style.aspectRatio = `${props.width} / ${props.height}`;  // where the screen is smaller
  const view = new View(width, height);
  const dots = new Dots(element, base, ratio);
  const context = over.getContext('2d');

  let points;  // what is drawn, its index and its colours
  let index;
  let colour;
  let atlas;  // its pictures, while they are shown
  let data = '';
  let mode = 'move';  // what dragging does: move, or draw lasso a or b
  let pressed = null;  // where a pointer went down, and the lasso it draws
  const pointers = new Map();
  const dirty = new Set();

  // Whatever changes within a frame is painted once.
  function redraw(...layers) {
    if (!dirty.size) requestAnimationFrame(() => {
      if (points && colour?.length === points.shape[0]) {
        if (dirty.has('base')) drawBase();
        drawOver();
      }
      dirty.clear();
    });
    layers.forEach(layer => dirty.add(layer));
  }

  function drawBase() {
    const groups = Object.entries(LASSOS).map(([name, halo]) => [state.get(props.lassos + name)?.data ?? [], halo]);
    dots.paint(view, points, colour, groups);
    if (atlas) paintThumbnails(dots.context, view, points, colour, atlas, ratio);
    base.style.visibility = '';
    countPaint(base);
  }

  function drawOver() {
    context.clearRect(0, 0, width, height);
    context.lineWidth = 2.5 * ratio;
    context.strokeStyle = resolveColour(element, 'var(--body-text-color)');
    for (const i of state.get(props.near)?.data ?? []) ring(at(i), 5);
    const [chosen, shown] = [state.committed.get(props.index), state.get(props.index)];
    if (chosen < points.shape[0]) ring(at(chosen), 9, 'var(--z)');
    if (shown !== chosen && shown < points.shape[0]) ring(at(shown), 9);
    const own = props.own && state.get(props.own);
    if (own) ring(view.toPixel(...own.data), 11, 'var(--x)');
    if (pressed?.lasso) drawLasso(pressed.lasso.map(([x, y]) => view.toPixel(x, y)));
    countPaint(over);
  }

  const at = i => view.toPixel(points.data[2 * i], points.data[2 * i + 1]);

  function ring([column, row], radius, fill) {
    context.beginPath();
    context.arc(column, row, radius * ratio, 0, 2 * Math.PI);
    if (fill) {
      context.fillStyle = resolveColour(element, fill);
      context.fill();
    }
    context.stroke();
  }

  function drawLasso(corners) {
    context.strokeStyle = resolveColour(element, LASSOS[pressed.name]);
    context.beginPath();
    corners.forEach(([column, row]) => context.lineTo(column, row));
    context.closePath();
    context.stroke();
  }

  // ---- The pointer ----

  function pixel({clientX, clientY}) {
    const box = over.getBoundingClientRect();
    return [(clientX - box.left) / box.width * width, (clientY - box.top) / box.height * height];
  }

  // Of the canvas, for one of the screen, where it may be smaller than it is drawn.
  const density = () => width / over.getBoundingClientRect().width;
  const under = where => index?.nearest(...view.toPoint(...where), REACH * density() / view.scale) ?? -1;

  function hover(where) {
    const found = under(where);
    if (found < 0) state.restore(props.index);
    else if (found !== state.get(props.index)) state.preview(props.index, found);
  }

  over.addEventListener('pointerdown', event => {
    if (!index) return;
    over.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, pixel(event));
    const name = event.shiftKey && mode === 'move' ? 'a' : mode;
    const start = pixel(event);
    pressed = {start, moved: false, name, lasso: name in LASSOS ? [view.toPoint(...start)] : null};
  });

  over.addEventListener('pointermove', event => {
    const where = pixel(event);
    if (!pressed) return event.pointerType === 'touch' || !index ? undefined : hover(where);
    const before = pointers.get(event.pointerId) ?? where;
    if (pointers.size === 2) pinch(event.pointerId, before, where);
    else if (pressed.lasso) pressed.lasso.push(view.toPoint(...where));
    else if (pressed.moved) view.pan(where[0] - before[0], where[1] - before[1]);
    pressed.moved ||= Math.hypot(where[0] - pressed.start[0], where[1] - pressed.start[1]) > 4 * density();
    pointers.set(event.pointerId, where);
    redraw(pressed.lasso ? 'over' : 'base');
  });

  // The middle of two fingers stays under them, and so does their distance.
  function pinch(moving, before, where) {
    const [other] = [...pointers].filter(([pointer]) => pointer !== moving).map(([, place]) => place);
    const [middle, newMiddle] = [before, where].map(one => one.map((value, axis) => (value + other[axis]) / 2));
    const [apart, newApart] = [before, where].map(one => Math.hypot(one[0] - other[0], one[1] - other[1]));
    view.pan(newMiddle[0] - middle[0], newMiddle[1] - middle[1]);
    view.zoom(newApart / Math.max(apart, 1), ...newMiddle);
    Object.assign(pressed, {moved: true, lasso: null});
  }

  function release(event) {
    pointers.delete(event.pointerId);
    if (!pressed || pointers.size) return;
    const {lasso, moved, name} = pressed;
    pressed = null;
    if (event.type === 'pointerup' && moved && lasso) take(name, inside(lasso, points));
    else if (event.type === 'pointerup' && !moved) choose(under(pixel(event)));
    redraw('base');
  }

  for (const end of ['pointerup', 'pointercancel']) over.addEventListener(end, release);
  over.addEventListener('pointerleave', () => { if (!pressed) state.restore(props.index); });
  over.addEventListener('wheel', event => {
    event.preventDefault();
    view.zoom(Math.exp(-event.deltaY / 500), ...pixel(event));
    redraw('base');
  }, {passive: false});

  function choose(found) {
    if (found >= 0) state.set(props.index, found);
  }

  function take(name, members) {
    notice(members.length ? '' : 'No picture lies inside the lasso.', over);
    const inOrder = members.toSorted((a, b) => a - b);  // which makes a link shorter
    if (inOrder.length) state.set(props.lassos + name, {data: inOrder, shape: [inOrder.length]});
  }

  // ---- The keyboard ----

  over.addEventListener('keydown', event => {
    const arrow = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    const action = KEYS[event.key.toLowerCase()];
    if (!index || (!arrow && !action) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (!arrow) action();
    else if (event.shiftKey) view.pan(-40 * ratio * arrow[0], -40 * ratio * arrow[1]);
    else walk(...arrow);
    redraw('base');
  });

  const around = name => {
    const here = points.data.subarray(2 * state.get(props.index), 2 * state.get(props.index) + 2);
    take(name, [...index.within(...here, AROUND * density() / view.scale)]);
  };
  const KEYS = {
    '+': () => view.zoom(STEP),
    '-': () => view.zoom(1 / STEP),
    0: () => view.fit(points),
    enter: () => choose(state.get(props.index)),
    a: () => around('a'),
    b: () => around('b'),
  };

  // To the nearest point that lies rather in this direction than in any other.
  function walk(right, down) {
    const [column, row] = at(state.get(props.index));
    let found = -1;
    let least = Infinity;
    for (let i = 0; i < points.shape[0]; i++) {
      const [x, y] = at(i);
      const [along, aside] = [(x - column) * right + (y - row) * down, Math.abs((x - column) * down + (y - row) * right)];
      const distance = Math.hypot(along, aside);
      if (along > Math.max(aside, 2 * ratio) && distance < least) [found, least] = [i, distance];
    }
    if (found >= 0) state.preview(props.index, found);
  }

  // ---- Tools and legend ----

  const modes = {move: 'Move', ...(props.lassos ? {a: 'Lasso A', b: 'Lasso B'} : {})};
  const modeButtons = Object.entries(modes).map(([name, text]) => {
    const node = button(text, () => {
      mode = name;
      modeButtons.forEach(other => other.setAttribute('aria-pressed', other === node));
    }, name in LASSOS ? `le-lasso-${name}` : '');
    node.setAttribute('aria-pressed', name === mode);
    return node;
  });
  const zoomTo = (text, label, action) => {
    const node = button(text, () => { if (points) action(); redraw('base'); });
    node.ariaLabel = label;
    return node;
  };
  const pictures = button('Pictures', async () => {
    const wanted = pictures.getAttribute('aria-pressed') !== 'true';
    pictures.setAttribute('aria-pressed', wanted);
    await showPictures();
  });
  pictures.setAttribute('aria-pressed', false);
  tools.append(...(props.lassos ? modeButtons : []), zoomTo('+', 'Zoom in', KEYS['+']), zoomTo('−', 'Zoom out', KEYS['-']),
    zoomTo('All', 'Show all points', KEYS[0]), pictures);

  async function showPictures() {
    const name = data;
    const loaded = pictures.getAttribute('aria-pressed') === 'true' ? await loadAtlas(name) : null;
    if (name === data) atlas = loaded;
    redraw('base');
  }

  async function explain(values, classes) {
    const name = data;
    let entries;
    if (classes) {
      entries = (await classNames(name)).map((text, label) => {
        const entry = make('span', 'le-class', text);
        entry.style.setProperty('--colour', classColour(label));
        return entry;
      });
    } else {
      const [low, high] = ends(values).map(end => format(end, end % 1 ? 2 : 0));
      const bar = make('i', 'le-ramp');
      bar.style.background = RAMP_STYLE;
      entries = [make('span', '', low), bar, make('span', '', high)];
    }
    // Values come before the number of their classes; what was made for another number is late.
    if (values === state.get(props.values) && classes === state.get(props.classes)) legend.replaceChildren(...entries);
  }

  // ---- What is shown ----

  state.subscribe([props.data], name => {
    if (data && name !== data && props.lassos) Object.keys(LASSOS).forEach(lasso => state.setDefault(props.lassos + lasso, NONE));
    data = name;
    showPictures();
  });
  state.subscribe([props.points], value => {
    points = value;
    index = new Index(points);
    view.fit(points);
    redraw('base');
  });
  state.subscribe([props.values, props.classes], (values, classes) => {
    colour = colours(element, values, classes);
    if (props.legend) explain(values, classes);
    redraw('base');
  });
  if (props.label) state.subscribe([props.data, props.index, props.label], async (name, number, label) => {
    const names = await classNames(name);
    if (number === state.get(props.index)) hint.textContent = `picture ${number}: ${names[label]}`;
  });
  for (const key of [props.index, props.near, props.own]) if (key) state.subscribe([key], () => redraw('over'));
  if (props.lassos) for (const name of Object.keys(LASSOS)) state.subscribe([props.lassos + name], () => redraw('base'));
  new MutationObserver(() => {  // colours come from the theme
    const [values, classes] = [state.get(props.values), state.get(props.classes)];
    if (values) colour = colours(element, values, classes);
    redraw('base');
  }).observe(document.body, {attributes: true, attributeFilter: ['class']});
}
