// Axes of a chart: where a value lies on the canvas, and which values are printed beside it.

export const FOOT = 34;  // CSS pixels below the lines for the axis
export const SIDE = 62;  // and beside them
const END = 24;  // right of the last number's middle: half of 10000
const GAP = 14;  // between numbers

// Draws both axes with their numbers on a canvas of so many CSS pixels; returns where values lie.
// from, to, bottom and top are the ends of the axes; log is of the upright one; whole marks whole numbers alone;
// across and up say about how many numbers are printed, and fewer where they would touch.
export function drawAxes(context, {width, height, from, to, bottom, top, log, whole, across = 6, up = 4}) {
  const foot = height - FOOT;
  const level = value => (log ? Math.log10(Math.max(value, bottom)) : value);
  const toX = value => SIDE + (value - from) / (to - from) * (width - SIDE - END);
  const toY = value => foot - (level(value) - level(bottom)) / (level(top) - level(bottom)) * (foot - 14);
  context.font = '18px system-ui, sans-serif';
  context.beginPath();
  context.moveTo(SIDE, 0);
  context.lineTo(SIDE, foot);
  context.lineTo(toX(to), foot);
  context.stroke();
  context.textAlign = 'center';
  const widest = Math.max(...[from, to].map(value => context.measureText(print(value)).width));
  const most = Math.max(2, Math.floor((toX(to) - SIDE) / (widest + GAP)));
  for (const tick of ticks(from, to, Math.min(across, most)).filter(value => !whole || Number.isInteger(value))) context.fillText(print(tick), toX(tick), foot + 24);
  context.textAlign = 'right';
  for (const tick of log ? decades(bottom, top) : ticks(bottom, top, up)) {
    context.fillText(print(tick), SIDE - 8, Math.max(16, toY(tick) + 6));
  }
  return {foot, toX, toY};
}

export function trace(context, points) {
  context.beginPath();
  for (const point of points) context.lineTo(...point);
}

// About so many round numbers from one end to the other.
export function ticks(from, to, count) {
  const raw = (to - from) / count;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(factor => factor * size).find(candidate => candidate >= raw * .99);
  const found = [];
  for (let i = Math.ceil(from / step - 1e-6); i * step <= to + step * 1e-6; i++) found.push(i * step);
  return found;
}

// Powers of ten; where fewer than two of them lie between the ends, 1, 2 and 5 times them.
export function decades(from, to) {
  const found = [];
  for (let power = Math.floor(Math.log10(from)); 10 ** power <= to * 1.0001; power++) found.push(...[1, 2, 5].map(factor => factor * 10 ** power));
  const within = found.filter(value => value >= from * .9999 && value <= to * 1.0001);
  const powers = within.filter(value => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-6);
  return powers.length > 1 ? powers : within;
}

export function print(value, digits = 3) {
  return String(Number(value.toPrecision(digits))).replace('-', '−').replace(/^(−?)0\./, '$1.');
}
