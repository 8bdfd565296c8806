// A walk as one page that needs nothing else: each stop's pictures, its sentence, its link and that as a QR code.

import {linkTo, showLink, sceneQuery} from '../widgets/links.js';
import {picture} from '../widgets/take_away.js';
import {shownPanel} from './frame.js';
import {qrcode} from './qrcode.js';
import {settled} from './rehearsal.js';

const LONGEST_CODE = 700;  // characters of a link from which its code is too fine for a phone to read off paper
const STYLE = `body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 18px/1.4 system-ui, sans-serif; }
article { break-inside: avoid; margin-bottom: 2.5rem; } h2 { margin: 0 0 .5rem; } a { overflow-wrap: anywhere; }
.pictures { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; } .pictures img { max-width: 100%; }
.link { display: flex; gap: 1rem; align-items: center; font-size: 14px; } .link svg { flex: none; width: 7rem; height: 7rem; }`;

// The page as HTML. The scenes are shown one after the other while it is made, and the one before in the end.
export async function writeHandout(walk) {
  const before = await sceneQuery();
  const page = document.implementation.createHTMLDocument(walk.title);
  const style = page.createElement('style');
  style.textContent = STYLE;
  const [charset, title] = [page.createElement('meta'), page.createElement('h1')];
  charset.setAttribute('charset', 'utf-8');
  title.textContent = walk.title;
  page.head.prepend(charset);
  page.head.append(style);
  page.body.append(title);
  for (const [index, stop] of walk.stops.entries()) {
    await showLink(stop.link);
    await settled();
    page.body.append(article(page, stop, index + 1));
  }
  await showLink(before);
  return `<!doctype html>\n${page.documentElement.outerHTML}`;
}

function article(page, stop, number) {
  const node = (tag, text = '', className = '') => Object.assign(page.createElement(tag), {textContent: text, className});
  const whole = node('article');
  const [pictures, line] = [node('div', '', 'pictures'), node('p', '', 'link')];
  for (const widget of shown(stop.show ?? [])) {
    const canvas = picture(widget);
    pictures.append(Object.assign(node('img'), {src: canvas.toDataURL(), width: Math.round(canvas.width / 2), alt: widget.id}));
  }
  const address = linkTo(stop.link);
  const link = Object.assign(node('a', address.length > LONGEST_CODE ? 'This scene' : address), {href: address});
  line.append(...address.length > LONGEST_CODE ? [] : [code(page, address)], link);
  whole.append(node('h2', `${number}. ${stop.sentence ?? ''}`), node('p', stop.do ?? ''), pictures, line);
  return whole;
}

// The parts of a stop; all that hold pictures where it names none.
function shown(ids) {
  const panel = shownPanel();
  const named = ids.map(id => panel.querySelector(`#${CSS.escape(id)}`)).filter(node => node?.checkVisibility());
  return named.length ? named : [...panel.querySelectorAll('.le-widget')].filter(node => node.checkVisibility() && node.querySelector('canvas'));
}

const SVG = 'http://www.w3.org/2000/svg';

function code(page, text) {
  const qr = qrcode(0, 'L');
  qr.addData(text);
  qr.make();
  const side = qr.getModuleCount();
  const dark = Array.from({length: side * side}, (_, i) => [i % side, Math.floor(i / side)]).filter(([x, y]) => qr.isDark(y, x));
  const [svg, path] = [page.createElementNS(SVG, 'svg'), page.createElementNS(SVG, 'path')];
  svg.setAttribute('viewBox', `-4 -4 ${side + 8} ${side + 8}`);
  path.setAttribute('d', dark.map(([x, y]) => `M${x} ${y}h1v1h-1z`).join(''));
  svg.append(path);
  return svg;
}
