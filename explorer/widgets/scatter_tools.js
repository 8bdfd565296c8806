// The buttons of a map of points, and what its colours stand for.

import {button, classColour, format, make} from './kit.js';
import {loadNotes} from './sample_sheet.js';
import {LASSOS, RAMP_STYLE, ends} from './scatter_paint.js';

// Of a set of pictures, in short.
export async function classNames(set) {
  return (await loadNotes(set)).class_names.map(text => text.split(' - ')[0]);
}

export async function className(set, label) {
  return (await classNames(set))[label];
}

// A row of buttons, and what shows or hides the pictures of the points as one of them says.
export function toolsOf(map) {
  const pictures = button('Pictures', () => {
    pictures.setAttribute('aria-pressed', pictures.getAttribute('aria-pressed') !== 'true');
    return showPictures();
  });
  pictures.setAttribute('aria-pressed', false);
  const showPictures = () => map.showAtlas(pictures.getAttribute('aria-pressed') === 'true');
  return {row: [...(map.props.lassos ? modeButtons(map) : []), ...zoomButtons(map), pictures], showPictures};
}

function modeButtons(map) {
  const buttons = Object.entries({move: 'Move', a: 'Lasso A', b: 'Lasso B'}).map(([name, text]) => {
    const node = button(text, () => {
      map.mode = name;
      buttons.forEach(other => other.setAttribute('aria-pressed', other === node));
    }, name in LASSOS ? `le-lasso-${name}` : '');
    node.setAttribute('aria-pressed', name === map.mode);
    return node;
  });
  return buttons;
}

export function zoomButtons(map) {
  const zooms = [['+', 'Zoom in', '+'], ['−', 'Zoom out', '-'], ['All', 'Show all points', '0']];
  return zooms.map(zoom => zoomButton(map, ...zoom));
}

function zoomButton(map, text, label, key) {
  const node = button(text, () => {
    if (map.points) map.actions[key]();
    map.redraw('base');
  });
  node.ariaLabel = label;
  return node;
}

// Names of classes in their colours, each of which takes the points of its class.
export function classEntries(names, take) {
  return names.map((text, label) => {
    const entry = taker(text, take && (() => take(label, label)), 'le-class');
    entry.style.setProperty('--colour', classColour(label));
    return entry;
  });
}

// A bar between the ends of what the values mostly are; each takes the quarter of the points that lie at it.
export function rampEntries(values, take) {
  const [low, high] = ends(values).map(end => format(end, end % 1 ? 2 : 0));
  const bar = make('i', 'le-ramp');
  bar.style.background = RAMP_STYLE;
  const sorted = values.data.toSorted();
  const quarter = Math.round(sorted.length / 4);
  return [
    taker(low, take && (() => take(0, sorted[quarter]))),
    bar,
    taker(high, take && (() => take(sorted.at(-quarter), sorted.at(-1)))),
  ];
}

function taker(text, take, style = '') {
  if (!take) return make('span', style, text);
  const node = button(text, take, style);
  node.title = 'takes all of them as A, then as B';
  return node;
}
