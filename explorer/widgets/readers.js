// For keyboards and screen readers: a way past the tabs, arrow keys on them, headings, and what has changed in words.

import {make} from './kit.js';

const REST = 1000;  // milliseconds that a hand rests before it is said what has changed
const MOST = 6;  // numbers that are said at once
const NUMBERS = '.le-value, .le-caption, .le-number, .le-error, .le-status';

const skip = make('a', 'le-skip', 'To the scene');
const live = make('div', 'le-unseen');
const panel = () => [...document.querySelectorAll('#tabs > [role="tabpanel"]')].find(node => node.checkVisibility());

skip.href = '#tabs';
skip.addEventListener('click', event => {
  event.preventDefault();  // the address holds the scene
  panel().tabIndex = -1;
  panel().focus();
});
live.setAttribute('role', 'status');
const head = make('header');
head.append(skip, make('h1', 'le-unseen', 'Latent Explorer'));
document.body.prepend(head);
document.body.append(live);

// ---- Tabs -----------------------------------------------------------------------------------------------------

function onTabKey(event) {
  const tab = event.target.closest?.('[role="tab"]');
  if (!tab || event.ctrlKey || event.altKey || event.metaKey) return;
  const tabs = [...tab.closest('[role="tablist"]').querySelectorAll('[role="tab"]')].filter(node => node.checkVisibility());
  const at = tabs.indexOf(tab);
  const next = {ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1}[event.key];
  if (next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  const other = tabs.at(next % tabs.length);
  other.click();
  other.focus();
}

// The question of a tab is its heading, and a table that is wider than its place is scrolled by keys.
function nameScene() {
  for (const table of panel()?.querySelectorAll('.le-table') ?? []) if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
  const question = panel()?.querySelector('.le-question p');
  question?.setAttribute('role', 'heading');
  question?.setAttribute('aria-level', 2);
  said = numbers();
}

// ---- What has changed -----------------------------------------------------------------------------------------

let said = [];  // lines as they were
let timer;

function numbers() {
  const nodes = [...panel()?.querySelectorAll(NUMBERS) ?? []].filter(node => node.checkVisibility({visibilityProperty: true}));
  return nodes.map(node => [...node.childNodes].map(child => child.textContent.trim()).filter(Boolean).join(' '));
}

function saySoon() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const now = numbers();
    const news = now.filter(line => line && !said.includes(line));
    said = now;
    live.textContent = news.slice(0, MOST).join('; ');
  }, REST);
}

document.addEventListener('keydown', onTabKey, true);
for (const kind of ['click', 'input', 'change', 'keyup', 'pointerup']) document.querySelector('#tabs')?.addEventListener(kind, saySoon);
new MutationObserver(nameScene).observe(document.body, {subtree: true, attributes: true, attributeFilter: ['aria-selected', 'data-whole']});
nameScene();
