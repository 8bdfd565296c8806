// A walk of one's own: scenes are added as they are seen, put in order, given their sentences, saved and loaded.

import {save} from '../widgets/hand_over.js';
import {attempt, button, make, notice} from '../widgets/kit.js';
import {sceneQuery, showLink} from '../widgets/links.js';
import {partsShown} from './frame.js';
import {writeHandout} from './handout.js';
import {loadWalk, ownWalk, saveOwn} from './own_walk.js';
import {LONGEST, MOST, parse, serialise} from './walk.js';

const panel = make('aside', 'le-editor');
panel.ariaLabel = 'A walk of your own';

// start(mode, which, number) shows a walk.
export function openEditor(start) {
  let walk = ownWalk();
  draw();
  document.body.append(panel);

  function change(stops, values = {}) {
    walk = {...walk, ...values, stops};
    saveOwn(walk);
    draw();
  }

  // Without a new list, so that a field that is being typed in stays.
  function keep(index, values) {
    walk = {...walk, stops: walk.stops.map((stop, i) => (i === index ? {...stop, ...values} : stop))};
    saveOwn(walk);
  }

  async function add() {
    if (walk.stops.length >= MOST.stops) return notice(`A walk has at most ${MOST.stops} stops.`, 'walk');
    const link = await sceneQuery();
    if (link.length > LONGEST.link) return notice('This scene is too large for a link.', 'walk');
    change([...walk.stops, {link, sentence: ''}]);
    panel.querySelector('li:last-of-type input')?.focus();
  }

  async function load(file) {
    const {walk: read, faults} = parse(await file.text());
    if (read.stops.length) change(read.stops, {title: read.title});
    notice(faults.slice(0, 5).join(' '), 'walk');
  }

  function draw() {
    const title = field('input', 'Title', walk.title, LONGEST.title, value => { walk = {...walk, title: value}; saveOwn(walk); });
    const list = make('ol');
    list.append(...walk.stops.map((stop, index) => item(stop, index)));
    const hint = 'A walk is a list of scenes, each with a sentence. It is kept in this browser alone.';
    panel.replaceChildren(
      row(make('strong', '', 'A walk of your own'), button('Close', () => panel.remove())),
      make('p', '', hint), title, list,
      row(button('Add this scene', () => attempt(add, panel)), button('Tour', () => start('tour', 'own', 0)), button('Talk', () => start('talk', 'own', 0))),
      row(
        button('Save as a file', () => save(serialise(walk), 'walk.json')), button('Load a file', () => choose(load)),
        button('Handout', () => attempt(async () => save(await writeHandout(walk), 'handout.html'), panel)),
      ),
      row(
        button('Begin with the article’s', () => attempt(async () => change((await loadWalk('article')).stops, {title: 'My walk'}), panel)),
        button('Empty it', () => { if (window.confirm('Take all stops out of this walk?')) change([]); }),
      ),
    );
  }

  function item(stop, index) {
    const node = make('li');
    const move = (text, name, to) => {
      const mover = button(text, () => change(moved(walk.stops, index, to)));
      Object.assign(mover, {title: name, ariaLabel: `${name}: stop ${index + 1}`, disabled: to < 0 || to >= walk.stops.length});
      return mover;
    };
    const out = button('✕', () => change(walk.stops.filter((_, i) => i !== index)));
    Object.assign(out, {title: 'Take it out', ariaLabel: `Take it out: stop ${index + 1}`});
    node.append(
      row(make('strong', '', `${index + 1}`), button('Show', () => attempt(() => showLink(stop.link), panel)), move('↑', 'Earlier', index - 1), move('↓', 'Later', index + 1), out),
      field('input', 'Sentence', stop.sentence ?? '', LONGEST.sentence, sentence => keep(index, {sentence})),
      field('input', 'What to do', stop.do ?? '', LONGEST.do, value => keep(index, {do: value})),
      field('textarea', 'Note for the speaker', stop.note ?? '', LONGEST.note, note => keep(index, {note})),
      parts(stop, index),
    );
    return node;
  }

  // Which parts of its scene a talk shows large, and which has the ring; of the scene that is seen at the moment.
  function parts(stop, index) {
    const folded = make('details');
    folded.append(make('summary', '', `Shown in a talk: ${stop.show?.length ? `${stop.show.length} parts` : 'the whole scene'}`));
    folded.addEventListener('toggle', async () => {
      if (!folded.open || folded.querySelector('label')) return;
      await attempt(() => showLink(stop.link), panel);
      const chosen = new Set(stop.show ?? []);
      const ring = make('select');
      for (const [id, title] of [['', 'no ring'], ...partsShown()]) ring.add(new Option(id ? `ring: ${title}` : title, id, false, id === (stop.ring ?? '')));
      ring.ariaLabel = 'Ring';
      ring.addEventListener('change', () => keep(index, {ring: ring.value || undefined}));
      folded.append(...partsShown().map(([id, title]) => checkbox(title, chosen.has(id), isOn => {
        chosen[isOn ? 'add' : 'delete'](id);
        keep(index, {show: chosen.size ? [...chosen].slice(0, MOST.show) : undefined});
      })), ring);
    });
    return folded;
  }
}

function moved(stops, from, to) {
  const rest = stops.filter((_, i) => i !== from);
  return [...rest.slice(0, to), stops[from], ...rest.slice(to)];
}

function row(...nodes) {
  const node = make('div', 'le-editor-row');
  node.append(...nodes);
  return node;
}

function field(tag, name, value, most, keep) {
  const node = make(tag);
  if (tag === 'input') node.type = 'text';
  Object.assign(node, {value, maxLength: most, placeholder: name, ariaLabel: name});
  node.addEventListener('input', () => keep(node.value));
  return node;
}

function checkbox(title, isOn, change) {
  const [label, box] = [make('label'), make('input')];
  Object.assign(box, {type: 'checkbox', checked: isOn});
  box.addEventListener('change', () => change(box.checked));
  label.append(box, ` ${title}`);
  return label;
}

function choose(load) {
  const input = make('input');
  Object.assign(input, {type: 'file', accept: '.json,application/json'});
  input.addEventListener('change', () => { if (input.files[0]) attempt(() => load(input.files[0]), panel); });
  input.click();
}
