// A picture to choose, to draw by lots, to upload or to draw by hand.

import {button, file, make, notice, paint, scene, showIf} from './kit.js';
import {attachPen} from './pen.js';
import {fromFile} from './picture_file.js';

const COLUMNS = 25;
const PEN = .039;  // radius of the pen as a share of the picture: the stroke of an MNIST digit

const sheets = new Map();

// All tiles of a set's contact sheet, with its notes.
function loadSheet(name) {
  if (!sheets.has(name)) {
    sheets.set(name, (async () => {
      const notes = await (await fetch(file(`samples/${name}.json`))).json();
      const picture = new Image();
      picture.src = file(`samples/${name}.png`);
      await picture.decode();
      const canvas = make('canvas');
      Object.assign(canvas, {width: picture.width, height: picture.height});
      const context = canvas.getContext('2d', {willReadFrequently: true});
      context.drawImage(picture, 0, 0);
      return {notes, canvas, context};
    })());
  }
  return sheets.get(name);
}

function tile({context, notes: {side, channels}}, index) {
  const rgba = context.getImageData((index % COLUMNS) * side, Math.floor(index / COLUMNS) * side, side, side).data;
  const size = side * side;
  return {data: Uint8Array.from({length: channels * size}, (_, i) => rgba[4 * (i % size) + Math.floor(i / size)]), shape: [channels, side, side]};
}

export function mount({element, props}) {
  const state = scene(props.scene);
  const {side} = props;
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
  canvas.setAttribute('aria-label', `${props.title}: draw here. Arrow keys move the pen, with the space bar held they draw.`);
  chooser.hidden = true;
  showIf(element, state, props.show_if);

  let data = '';
  let index = -1;

  function set(picture, name) {
    notice('', 'file');
    state.set(props.picture, picture);
    state.set(`${props.picture} source`, {data, name});  // another input of the same picture shows it too
  }

  async function choose(number) {
    const name = data;
    const sheet = await loadSheet(name);
    if (name !== data) return;  // another set was chosen meanwhile
    index = number;
    // The world's own knobs follow the picture; what they then render is the same picture.
    sheet.notes.factors?.[number].forEach((value, i) => state.set(`${name} ${sheet.notes.factor_names[i]}`, value));
    set(tile(sheet, number), `(${sheet.notes.class_names[sheet.notes.labels[number]].split(' - ')[0]})`);
  }

  async function open() {
    chooser.hidden = !chooser.hidden;
    if (chooser.hidden) return;
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
    set({data: new Uint8Array(shape[0] * side * side), shape}, '(draw here)');
  }

  async function upload() {
    const [chosen] = picker.files;
    picker.value = '';
    if (!chosen) return;
    try {
      set(await fromFile(chosen, side, await channels(), data === 'mnist'), '(your file)');
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
    side,
    read: () => state.get(props.picture),
    write: picture => set(picture, '(your drawing)'),
    tool: () => 'scribble',
    radius: () => PEN * side,
  });

  state.subscribe([props.picture], picture => {
    label.textContent = '';  // what it is comes with the source, if it was chosen here
    if (picture.shape.at(-1) === side) paint(canvas, picture);
  });
  state.subscribe([`${props.picture} source`], ({name}) => { label.textContent = name; });
  state.subscribe(['data'], name => {
    if (name === data) return;
    data = name;
    chooser.hidden = true;
    if (state.get(`${props.picture} source`)?.data === name) return;
    state.forget([props.picture]);
    choose(index < 0 ? props.first : index);
  });
}
