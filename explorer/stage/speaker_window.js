// The speaker's window: what is shown, what is to be done and said, what comes next, and how late it is.

import {make} from '../widgets/kit.js';
import {actionOf} from './keys.js';

const channel = new BroadcastChannel(`latent-explorer talk ${location.hash.slice(1)}`);
const send = act => channel.postMessage({act});

let talk = null;
let digits = '';

const clock = make('span', 'clock');
clock.title = 'Click: from now on';
const ACTIONS = [['Back', 'back'], ['Next', 'next'], ['Restore (R)', 'restore'], ['Black (B)', 'black'], ['Controls (C)', 'controls'], ['Magnify (Z)', 'magnify'], ['Leave', 'leave']];

function draw() {
  if (!talk || talk.ended) return document.body.replaceChildren(make('p', '', talk ? 'The talk has ended.' : 'Waiting for the talk.'));
  const {number, count, stop, next, faults} = talk;
  const head = make('header', '');
  head.append(make('span', '', `${number + 1} / ${count}${digits && ` → ${digits}`}`), make('span', 'state', [talk.black && 'black', talk.controls && 'controls shown'].filter(Boolean).join(', ')), clock);
  const main = make('main', '');
  main.append(make('h1', '', stop?.sentence ?? ''), make('p', 'do', stop?.do ?? ''), make('p', 'note', stop?.note ?? ''));
  if (next) main.append(make('p', 'next', `Next: ${next.sentence ?? next.link}`));
  for (const fault of faults) main.append(make('p', 'fault', fault));
  const buttons = make('footer', '');
  for (const [text, action] of ACTIONS) {
    const button = make('button', '', text);
    button.addEventListener('click', () => { button.blur(); send(action); });
    buttons.append(button);
  }
  document.body.replaceChildren(head, main, buttons);
  tick();
}

function tick() {
  if (!talk?.begun) return;
  const seconds = Math.max(0, Math.floor((Date.now() - talk.begun) / 1000));
  const two = value => String(value).padStart(2, '0');
  clock.textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)} · ${new Date().toTimeString().slice(0, 5)}`;
}

window.addEventListener('keydown', event => {
  const action = actionOf(event, '', digits);
  if (!action) return;
  event.preventDefault();
  digits = action.digits ?? '';
  if (action === 'full screen') (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {});
  else if (action.digits === undefined && action !== 'notes') send(action);
  draw();
}, true);
clock.addEventListener('click', () => { talk.begun = Date.now(); tick(); });
channel.addEventListener('message', ({data}) => {
  if (data?.act || data?.hello) return;
  talk = {...data, begun: Math.max(data.begun ?? 0, talk?.begun ?? 0)};
  draw();
});
setInterval(tick, 1000);
channel.postMessage({hello: true});
