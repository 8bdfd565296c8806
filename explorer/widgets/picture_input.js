// A picture to choose, to draw by lots, to upload or to draw by hand.

import {button, make, notice, paint, showIf} from './kit.js';
import {attachPen} from './pen.js';
import {fromFile} from './picture_file.js';
import {COLUMNS, loadNotes, loadSheet, tile} from './sample_sheet.js';
import {tabState} from './store.js';

const PEN = .039;  // radius of the pen as a share of the picture: the stroke of an MNIST digit

export function mount({element, props}) {
  const state = tabState(props.tab);
  let {side} = props;  // until the set is known, whose pictures may be of another size
  const title = make('div', 'le-label le-symbol-x', props.title);
  const label = make('small', 'le-hint');
  const canvas = make('canvas', 'le-paper');
  const frame = make('div', 'le-frame');
  const tools = make('div', 'le-tools');
  const chooser = make('div', 'le-chooser');
  const picker = make('input');
  title.append(label);
  frame.append(canvas);
  element.append(title, frame, tools, picker, chooser);
  Object.assign(picker, {type: 'file', accept: 'image/*', hidden: true});
  Object.assign(canvas, {width: side, height: side});
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', `${props.title}: draw here. Arrow keys move the pen, with the space bar held they draw.`);
  chooser.hidden = true;
  showIf(element, state, props.show_if);

  let data = '';
  let index = -1;

  // The size of the set's pictures, which may have come before it was known.
  async function measure() {
    const name = data;
    const {side: known} = await loadNotes(name);
    if (name !== data || known === side) return;
    side = known;
    const picture = state.get(props.picture);
    if (picture?.shape.at(-1) === side) paint(canvas, picture);
  }

  function set(picture) {
    notice('', 'file');
    state.set(props.picture, picture);
    state.set(`${props.picture} source`, picture.source);  // another input of the same picture shows it too
  }

  async function choose(number) {
    const name = data;
    const sheet = await loadSheet(name);
    if (name !== data) return;  // another set was chosen meanwhile
    index = number;
    // The world's own knobs follow the picture; what they then render is the same picture.
    for (const [key, value] of knobs(sheet, number)) state.set(key, value);
    set(tile(sheet, number));
  }

  // The picture a set begins with, which nobody has chosen.
  async function begin() {
    const name = data;
    const sheet = await loadSheet(name);
    if (name !== data || state.committed.has(props.picture)) return;
    const first = Math.min(props.first, sheet.notes.labels.length - 1);
    const all = knobs(sheet, first);
    // By a link, or before: the picture will be rendered. Of keys that no rule follows from, no picture is.
    const turned = all.some(([key]) => state.linked.has(key) && state.committed.has(key));
    for (const [key, value] of all) if (!state.committed.has(key)) state.setDefault(key, value);
    const picture = tile(sheet, first);
    if (!turned) state.setDefault(props.picture, picture);
    state.set(`${props.picture} source`, turned ? {data: name, name: ''} : picture.source);
  }

  function knobs({name, notes: {factors, factor_names: names}}, number) {
    return factors ? factors[number].map((value, i) => [`${name} ${names[i]}`, value]) : [];
  }

  async function open() {
    chooser.hidden = !chooser.hidden;
    if (chooser.hidden) return;
    index = state.get(props.picture)?.source?.index ?? index;
    const {canvas: sheet, notes: {labels}} = await loadSheet(data);
    const atlas = make('canvas', 'le-atlas');
    Object.assign(atlas, {width: sheet.width, height: sheet.height, tabIndex: 0});
    atlas.getContext('2d').drawImage(sheet, 0, 0);
    atlas.setAttribute('role', 'application');
    atlas.setAttribute('aria-label', `${labels.length} test pictures: arrow keys walk over them, Escape closes.`);
    atlas.addEventListener('click', event => {
      const box = atlas.getBoundingClientRect();
      const column = Math.floor((event.clientX - box.left) / box.width * COLUMNS);
      choose(Math.floor((event.clientY - box.top) / box.height * sheet.height / side) * COLUMNS + column);
      chooser.hidden = true;
    });
    atlas.addEventListener('keydown', event => {
      const step = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS}[event.key];
      if (step) choose(Math.min(labels.length - 1, Math.max(0, index + step)));
      else if (event.key === 'Escape' || event.key === 'Enter') chooser.hidden = true;
      else return;
      event.preventDefault();
    });
    chooser.replaceChildren(atlas);
    chooser.classList.toggle('le-leftwards', element.getBoundingClientRect().left > window.innerWidth / 2);
    atlas.focus({preventScroll: true});
  }

  // Of the set's pictures.
  async function channels() {
    return (await loadSheet(data)).notes.channels;
  }

  async function clear() {
    const shape = [await channels(), side, side];
    set({data: new Uint8Array(shape[0] * side * side), shape, source: {data, name: '(draw here)'}});
  }

  async function upload() {
    const [chosen] = picker.files;
    picker.value = '';
    if (!chosen) return;
    const name = data;
    try {
      const picture = await fromFile(chosen, side, await channels(), name === 'mnist');
      if (name === data) set({...picture, source: {data, name: '(your file)'}});
    } catch (error) {
      notice(error.message, 'file');
    }
  }

  tools.append(
    button('Choose', open),
    button('Random', async () => choose(Math.floor(Math.random() * (await loadSheet(data)).notes.labels.length))),
    button('Upload', () => picker.click()),
    button('Clear', clear),
  );
  picker.addEventListener('change', upload);

  attachPen({
    canvas,
    frame,
    side: () => side,
    read: () => state.get(props.picture),
    write: picture => set({...picture, source: {data, name: '(your drawing)'}}),
    tool: () => 'scribble',
    radius: () => PEN * side,
  });

  state.subscribe([props.picture], picture => {
    label.textContent = '';  // what it is comes with the source, if it was chosen here
    if (picture.shape.at(-1) === side) paint(canvas, picture);
  });
  state.subscribe([`${props.picture} source`, 'data'], (source, shown) => {
    label.textContent = source.data === shown ? source.name : '';  // one of another set's pictures: this one was rendered
  });
  state.subscribe(['data'], name => {
    if (name === data) return;
    const first = !data;
    data = name;
    measure();
    chooser.hidden = true;
    if (state.get(props.picture) && (first || state.get(`${props.picture} source`)?.data === name)) return;
    // What was computed of a picture does not fit another one; before the first, a link may have set some of it.
    if (!first) state.forget([...state.rules.following([props.picture])]);
    begin();
  });
}
