// What is written of a stop: above the pictures of a talk, or at the foot of the page on a tour.

import {button, make} from '../widgets/kit.js';

export const bar = make('section', 'le-bar');
bar.ariaLabel = 'Walk';

// act takes what a button does.
export function drawBar({mode, number, walk, digits, which}, act) {
  const stop = walk.stops[number];
  const words = make('div', 'le-bar-words');
  const sentence = make('p', 'le-sentence', stop.sentence ?? '');
  sentence.setAttribute('role', 'status');
  words.append(sentence);
  const counter = make('span', 'le-counter', digits ? `→ ${digits}` : `${number + 1} / ${walk.stops.length}`);
  if (mode === 'talk') return void bar.replaceChildren(words, counter);
  if (stop.do) words.append(make('p', 'le-do', stop.do));
  const isLast = number === walk.stops.length - 1;
  const [back, next] = [button('Back', () => act('back')), button('Next', () => act('next'), 'le-forward')];
  Object.assign(back, {disabled: number === 0});
  Object.assign(next, {disabled: isLast});
  const again = button('↺', () => act('restore'));
  again.title = again.ariaLabel = 'Show this stop again as it was';
  const talk = button('Talk', () => act('talk'));
  talk.title = 'The same on the whole screen, with a clicker';
  const own = button(which === 'own' ? 'Edit' : 'Make your own', () => act('edit'));
  const buttons = make('div', 'le-bar-buttons');
  buttons.append(counter, back, next, again, talk, own, button('Leave', () => act('leave')));
  bar.replaceChildren(words, buttons);
}
