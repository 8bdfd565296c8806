// Lines over an axis, drawn anew whenever one of them changes.

import {make, resolveColour, scene} from './kit.js';

const FOOT = 34;  // CSS pixels below the lines for the axis

export function mount({element, props}) {
  const state = scene(props.scene);
  const canvas = make('canvas');
  const legend = make('div', 'le-lines');
  const ratio = window.devicePixelRatio || 1;
  const keys = Object.keys(props.lines);
  element.append(legend, canvas);
  Object.assign(canvas, {width: props.width * ratio, height: props.height * ratio});
  canvas.style.width = `${props.width}px`;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `${props.y_label} over ${props.x_label}`);
  const styles = keys.map(key => props.lines[key].split(': '));
  for (const [colour, name] of styles) legend.append(make('span', `le-symbol-${colour}`, name));

  function draw(x, ...lines) {
    const context = canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, props.width, props.height);
    const [from, to, bottom] = [x.data[0], x.data.at(-1), props.height - FOOT];
    const toX = value => (value - from) / (to - from) * props.width;
    const text = resolveColour(element, 'var(--body-text-color)');
    context.strokeStyle = context.fillStyle = text;
    context.font = '18px system-ui, sans-serif';
    context.textAlign = 'center';
    context.beginPath();
    context.moveTo(0, bottom);
    context.lineTo(props.width, bottom);
    context.stroke();
    for (let tick = Math.ceil(from) + 1; tick < to; tick++) {
      if (tick % 2 === 0) context.fillText(String(tick).replace('-', '−'), toX(tick), bottom + 22);
    }
    lines.forEach((line, i) => {
      context.strokeStyle = resolveColour(element, `var(--${styles[i][0]})`);
      context.lineWidth = 3;
      context.beginPath();
      line.data.forEach((value, j) => {
        context.lineTo(toX(x.data[j]), bottom - Math.min(1, value / props.top) * (bottom - 4));
      });
      context.stroke();
    });
    canvas.dataset.painted = Number(canvas.dataset.painted ?? 0) + 1;
  }

  state.subscribe([props.x, ...keys], draw);
}
