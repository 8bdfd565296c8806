// How a stop is seen: a ring around what is to be looked at, and in a talk some widgets alone, as large as they fit.

const LARGEST = 8;  // times its own size
const TEXT = 24;  // pixels on screen, the least in a talk; on screens wider than WIDTH as much more
const WIDTH = 1280;
const PLAIN = 18;  // pixels of the page's own text
const ENLARGED = 6;  // times at most: larger text takes more room, and leaves all a smaller scale
const [MARGIN, GAP, RING] = [24, 28, 8];  // pixels on a screen of WIDTH; a ring reaches as far above what it is around

let ringed = null;
const lifted = new Map();  // part -> its own style

const NAMED = '[id]:not([id^="html-"]):not([id^="tab-"])';
const PARTS = '.le-widget:not(.le-controls, .le-tab-setup), .js-plotly-plot, .le-table';

export function shownPanel() {
  return [...document.querySelectorAll('#tabs > [role="tabpanel"]')].find(panel => panel.checkVisibility());
}

// The parts of the shown scene of those identifiers; all that are no controls where none is named or there.
function find(ids) {
  const panel = shownPanel();
  const named = ids.map(id => panel?.querySelector(`#${CSS.escape(id)}`)).filter(node => node?.checkVisibility());
  return named.length ? named : parts(panel);
}

function parts(panel) {
  const seen = [...panel?.querySelectorAll(PARTS) ?? []].filter(node => node.checkVisibility());
  return [...new Set(seen.map(node => node.closest(NAMED)))].filter(node => node && panel.contains(node) && node !== panel);
}

// Waits until one of some parts is seen: tabs take a moment to change.
export async function untilSeen(ids) {
  for (let frames = 0; frames < 20 && ids.length; frames++) {
    if (ids.some(id => shownPanel()?.querySelector(`#${CSS.escape(id)}`)?.checkVisibility())) return;
    await new Promise(requestAnimationFrame);
  }
}

// [identifier, title] of the parts of the shown scene.
export function partsShown() {
  return parts(shownPanel()).map(node => [node.id, node.querySelector('.le-label')?.firstChild?.textContent.trim() || node.id]);
}

// The part below a point.
export function partAt(x, y) {
  return document.elementFromPoint(x, y)?.closest('.le-lifted')?.id;
}

export function setRing(id) {
  ringed?.classList.remove('le-ring');
  ringed = id ? shownPanel()?.querySelector(`#${CSS.escape(id)}`) : null;
  ringed?.classList.add('le-ring');
  return ringed;
}

// ---- Large pictures -------------------------------------------------------------------------------------------

// Lifts some parts of the scene out of it, and lays them out by themselves below a number of pixels. Returns the layout,
// which needs no measuring when it is asked for again.
export function enlarge(ids, top) {
  putBack();
  const widgets = find(ids);
  const larger = Math.max(1, window.innerWidth / WIDTH);
  const margin = larger * MARGIN;
  const first = top + larger * RING;
  const room = {width: window.innerWidth - 2 * margin, height: window.innerHeight - first - margin, gap: larger * GAP};
  const sizes = widgets.map(widget => widget.getBoundingClientRect().width);
  widgets.forEach((widget, i) => lift(widget, sizes[i]));
  const least = larger * TEXT;
  let [boxes, plan] = measure(widgets, room);
  for (let text = 0, times = 0; times < ENLARGED && text < least / plan.scale; times++) {
    text = Math.max(PLAIN, least / plan.scale);
    for (const widget of widgets) widget.style.setProperty('--stage-text', `${text}px`);
    [boxes, plan] = measure(widgets, room);
  }
  widgets.forEach((widget, i) => {
    const [x, y] = plan.places[i];
    const {scale} = plan;
    widget.style.width = `${Math.ceil(boxes[i].width) + 2}px`;
    widget.style.setProperty('--ring', larger / scale);  // as thick on every screen, and never over what stands beside
    widget.style.transform = `translate(${margin + x - scale * boxes[i].left}px, ${first + y - scale * boxes[i].top}px) scale(${scale})`;
  });
  return widgets.map(widget => [widget, widget.style.cssText]);
}

export function enlargeAgain(layout) {
  putBack();
  for (const [widget, style] of layout) {
    lift(widget, 0);
    widget.style.cssText = style;
  }
}

export function putBack() {
  for (const [widget, style] of lifted) {
    widget.classList.remove('le-lifted');
    widget.style.cssText = style;
  }
  lifted.clear();
}

function lift(widget, width) {
  lifted.set(widget, widget.style.cssText);
  widget.classList.add('le-lifted');
  widget.style.width = `${width}px`;
}

// The boxes of some widgets and where they go, as large as the room allows.
function measure(widgets, room) {
  const boxes = widgets.map(extent);
  return [boxes, arrange(boxes, room)];
}

// Boxes {width, height} in lines of equal length, of all numbers of columns the one that makes them largest:
// {scale, places: [[x, y]]}, in the middle of the room.
function arrange(boxes, room) {
  const plans = boxes.map((_, i) => inLines(boxes, i + 1, room));
  return plans.reduce((best, plan) => (plan.scale > best.scale ? plan : best), {scale: 0, places: []});
}

function inLines(boxes, columns, room) {
  const lines = [];
  for (let i = 0; i < boxes.length; i += columns) lines.push(boxes.slice(i, i + columns));
  const widths = lines.map(line => line.reduce((sum, {width}) => sum + width, 0));
  const heights = lines.map(line => Math.max(...line.map(({height}) => height)));
  const across = lines.map((line, i) => (room.width - room.gap * (line.length - 1)) / widths[i]);
  const down = (room.height - room.gap * (lines.length - 1)) / heights.reduce((sum, height) => sum + height, 0);
  const scale = Math.min(LARGEST, down, ...across);
  let y = (room.height - room.gap * (lines.length - 1) - scale * heights.reduce((sum, height) => sum + height, 0)) / 2;
  const places = lines.flatMap((line, i) => {
    let x = (room.width - room.gap * (line.length - 1) - scale * widths[i]) / 2;
    const row = line.map(box => {
      const place = [x, y];
      x += scale * box.width + room.gap;
      return place;
    });
    y += scale * heights[i] + room.gap;
    return row;
  });
  return {scale, places};
}

// The box around what is drawn and written in a widget, from its own corner; a block's own width says nothing.
function extent(widget) {
  widget.style.transform = 'none';
  const corner = widget.getBoundingClientRect();
  const box = {left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity};
  const add = ({left, top, right, bottom}) => {
    if (right - left < 1 || bottom - top < 1) return;
    Object.assign(box, {left: Math.min(box.left, left), top: Math.min(box.top, top), right: Math.max(box.right, right), bottom: Math.max(box.bottom, bottom)});
  };
  const isSeen = node => node.checkVisibility({visibilityProperty: true});
  for (const node of widget.querySelectorAll('canvas, svg, img, input, select, table, [style*="width"]')) if (isSeen(node)) add(node.getBoundingClientRect());
  const texts = document.createTreeWalker(widget, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    if (!texts.currentNode.data.trim() || !isSeen(texts.currentNode.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    add(range.getBoundingClientRect());
  }
  if (box.left === Infinity) return {left: 0, top: 0, width: corner.width || 1, height: corner.height || 1};
  return {left: box.left - corner.left, top: box.top - corner.top, width: box.right - box.left, height: box.bottom - box.top};
}
