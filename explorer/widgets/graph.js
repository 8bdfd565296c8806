// What graphs of a model are drawn with: nodes, words and arrows of SVG, in the colours of the page's style by their names.

const HEIGHT = 40;  // of a box

export function drawing(width, height, label) {
  return element('svg', {viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label});
}

export function group(className, parts) {
  const made = element('g', {class: className});
  made.append(...parts);
  return made;
}

// A box around a middle, with words in it.
export function box([x, y], text, colour, width) {
  const shape = {x: x - width / 2, y: y - HEIGHT / 2, width, height: HEIGHT, rx: 8, fill: 'var(--background-fill-primary)', stroke: `var(--${colour})`, 'stroke-width': 2};
  return [element('rect', shape), words([x, y + 6], text, colour)];
}

export function words([x, y], text, colour, size = 18) {
  const made = element('text', {x, y, fill: `var(--${colour})`, 'text-anchor': 'middle', 'font-size': size, 'font-weight': 600});
  made.textContent = text;
  return made;
}

// From one point to another; what is random or not there in use is dashed.
export function arrow([x1, y1], [x2, y2], colour, {isDashed = false, hasTip = true} = {}) {
  const line = element('line', {x1, y1, x2, y2, stroke: `var(--${colour})`, 'stroke-width': 3});
  if (isDashed) line.setAttribute('stroke-dasharray', '7 5');
  if (!hasTip) return [line];
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const corner = turn => `${x2 - 12 * Math.cos(angle + turn)},${y2 - 12 * Math.sin(angle + turn)}`;
  return [line, element('polygon', {points: `${x2},${y2} ${corner(.45)} ${corner(-.45)}`, fill: `var(--${colour})`})];
}

function element(tag, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
