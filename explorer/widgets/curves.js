// Lines over an axis, drawn anew whenever one of them changes.

import {drawAxes, print, SIDE, trace} from './axes.js';
import {countPaint, make, pixelRatio, resolveColour, showIf} from './kit.js';
import {tabState} from './store.js';

export function mount({element, props}) {
  const state = tabState(props.tab);
  showIf(element, state, props.show_if);
  const canvas = make('canvas');
  const legend = make('div', 'le-lines');
  const ratio = pixelRatio();
  const keys = Object.keys(props.lines);
  element.append(legend, canvas);
  Object.assign(canvas, {width: props.width * ratio, height: props.height * ratio});
  canvas.style.width = `${props.width}px`;
  canvas.setAttribute('role', 'img');
  const styles = keys.map(key => props.lines[key].split(': '));
  const marks = Object.entries(props.marks ?? {}).map(([key, style]) => [key, ...style.split(': ')]);
  for (const [colour, name] of [...styles, ...marks.map(mark => mark.slice(1))]) legend.append(make('span', `le-symbol-${colour}`, name));
  legend.append(make('small', 'le-hint', `${props.y_label}, over ${props.x_label}`));

  function draw(x, ...lines) {
    const context = canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, props.width, props.height);
    const half = props.bars ? (x.data.at(-1) - x.data[0]) / Math.max(1, x.data.length - 1) / 2 : 0;  // of a bar
    const [from, to] = [x.data[0] - half, x.data.at(-1) + half];
    const finite = lines.flatMap(line => Array.from(line.data).filter(Number.isFinite));
    const top = props.top || finite.reduce((a, b) => Math.max(a, b), -Infinity) * 1.05 || 1;  // too many to be arguments
    context.strokeStyle = context.fillStyle = resolveColour('var(--body-text-color)');
    const {foot, toX, toY} = drawAxes(context, {...props, from, to, top});
    context.save();
    context.beginPath();
    context.rect(SIDE, 0, props.width - SIDE, foot + 2);  // what lies above the top is cut
    context.clip();
    lines.forEach((line, i) => {
      context.strokeStyle = context.fillStyle = resolveColour(`var(--${styles[i][0]})`);
      context.lineWidth = 3;
      if (props.bars?.includes(keys[i])) {
        const width = (toX(to) - toX(from)) / x.data.length;
        line.data.forEach((value, j) => context.fillRect(toX(x.data[j]) - width * .45, toY(value), width * .9, toY(0) - toY(value)));
        return;
      }
      if (props.dots?.includes(keys[i])) {
        line.data.forEach((value, j) => { if (Number.isFinite(value)) context.fillRect(toX(x.data[j]) - 2, toY(value) - 2, 4, 4); });
        return;
      }
      const points = rows(line.data, x.data.length).map(row => [...row.keys()].filter(j => Number.isFinite(row[j])).map(j => [toX(x.data[j]), toY(row[j])]));
      if (props.bands?.includes(keys[i])) {
        context.globalAlpha = .3;
        trace(context, [...points[0], ...points[1].reverse()]);
        context.fill();
        context.globalAlpha = 1;
      }
      if (props.thin?.includes(keys[i])) Object.assign(context, {lineWidth: 1.5, globalAlpha: .5});
      for (const row of points) {
        trace(context, row);
        context.stroke();
      }
      context.globalAlpha = 1;
    });
    context.setLineDash([7, 5]);
    for (const [key, colour] of marks) {
      const at = toX(state.get(key));
      if (!Number.isFinite(at)) continue;
      context.strokeStyle = resolveColour(`var(--${colour})`);
      context.lineWidth = 3;
      context.beginPath();
      context.moveTo(at, foot);
      context.lineTo(at, 0);
      context.stroke();
    }
    context.restore();
    const said = lines.map((line, i) => `${styles[i][1]} ${range(line.data)}`);
    const marked = marks.map(([key, , name]) => `${name} ${print(state.get(key))}`);
    canvas.setAttribute('aria-label', `${props.y_label} over ${props.x_label} from ${print(from)} to ${print(to)}: ${[...said, ...marked].join(', ')}`);
    countPaint(canvas);
  }

  state.subscribe([props.x, ...keys, ...marks.map(([key]) => key)], (x, ...rest) => draw(x, ...rest.slice(0, keys.length)));
}

// In words: what some values begin with, end with, and lie between.
function range(data) {
  const values = data.filter(Number.isFinite);
  if (!values.length) return 'nowhere';
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  return `from ${print(values[0])} to ${print(values.at(-1))}, between ${print(least)} and ${print(most)}`;
}

// Values, so many in a row.
function rows(values, length) {
  return Array.from({length: values.length / length}, (_, i) => values.subarray(i * length, (i + 1) * length));
}
