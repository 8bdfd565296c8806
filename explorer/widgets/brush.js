// A picture that was computed, to be erased, scribbled on or smeared by hand.

import {button, make, paint} from './kit.js';
import {attachPen} from './pen.js';
import {tabState} from './store.js';

const RADIUS = {erase: 2.2 / 28, scribble: 1.1 / 28, smear: 1.8 / 28};  // as a share of the picture

export function mount({element, props}) {
  const state = tabState(props.tab);
  const title = make('div', 'le-label le-symbol-x-tilde', props.title);
  const frame = make('div', 'le-frame');
  const canvas = make('canvas', 'le-paper');
  const tools = make('div', 'le-tools');
  frame.append(canvas);
  frame.style.width = frame.style.height = `${props.side}px`;
  element.append(title, frame, tools);
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-label', `${props.title}: draw here. Arrow keys move the brush, with the space bar held it works.`);

  let tool = 'erase';
  const side = () => state.get(props.picture)?.shape.at(-1) ?? 28;

  const buttons = Object.keys(RADIUS).map(name => button(name[0].toUpperCase() + name.slice(1), () => choose(name)));
  tools.append(...buttons, button('Undo all', undoAll));

  // Back to what the rule gave.
  function undoAll() {
    if (state.defaults.has(props.picture)) state.set(props.picture, state.defaults.get(props.picture));
  }

  function choose(name) {
    tool = name;
    Object.keys(RADIUS).forEach((other, i) => buttons[i].setAttribute('aria-pressed', other === name));
  }

  attachPen({
    canvas,
    frame,
    side,
    read: () => state.get(props.picture),
    write: picture => state.set(props.picture, picture),
    tool: () => tool,
    radius: () => RADIUS[tool] * side(),
  });
  choose(tool);
  state.subscribe([props.picture], picture => paint(canvas, picture));
}
