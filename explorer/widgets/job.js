// Something that takes long: a button starts it, a bar shows how far it is, another button stops it.

import {askServer, attempt, button, format, make, notice} from './kit.js';
import {explain, insist} from './request.js';
import {tabState} from './store.js';

const PAUSE = 500;  // milliseconds between two questions

export function mount({element, props}) {
  const state = tabState(props.tab);
  const start = button(props.label, run, 'le-symbol-z');
  const stop = button('Stop', end);
  const bar = make('progress');
  const status = make('span', 'le-status');
  element.append(start, stop, bar, status);
  stop.hidden = true;

  let running = null;  // the values it was started with

  const say = sentence => notice(sentence, element, state.name);
  const present = () => Object.fromEntries(Object.entries(props.using).map(([name, key]) => [name, state.get(key)]));

  // Asked again and again; a page that is closed asks no more, and the work is given up.
  async function run() {
    const values = running = present();
    [start.hidden, stop.hidden, bar.value] = [true, false, 0];
    status.textContent = 'starting';
    try {
      while (running === values) {
        const question = seconds => (running === values ? askServer(state.name, props.ask, values, seconds) : {});
        const {progress, ...made} = await insist(question, say);
        if (running !== values) return;
        bar.value = Math.max(0, progress);
        status.textContent = progress < 0 ? 'another one is being made: waiting' : progress ? `${format(100 * progress, 0)} %` : 'starting';
        if (Object.keys(made).length) {
          finish(made, values);
          return;
        }
        await new Promise(done => setTimeout(done, PAUSE));
      }
    } catch (error) {
      rest();
      say(explain(error));
    }
  }

  function finish(made, values) {
    rest();
    status.textContent = 'done';
    if (values.checkpoint !== state.get(props.using.checkpoint)) return;  // it is of a model that is not shown any more
    for (const [name, key] of Object.entries(props.gives)) state.setDefault(key, made[name]);  // computed, not chosen
  }

  function rest() {
    running = null;
    [start.hidden, stop.hidden] = [false, true];
    status.textContent = '';
  }

  async function end() {
    const values = running;
    rest();
    bar.value = 0;
    await attempt(seconds => askServer(state.name, props.stop, values, seconds), element);
  }
}
