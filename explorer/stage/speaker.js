// The speaker's own window, as the page sees it: told of every step, it may ask for one. No server stands between them.

import {notice} from '../widgets/kit.js';
import {keep, kept} from './own_walk.js';

const NAME = 'latent-explorer talk';

// act takes what the window asks for; running gives the talk as it stands, or null.
export function connect(act, running) {
  // A page that is loaded again keeps its window; another page has another one.
  const id = kept(`${NAME} id`, 'sessionStorage') ?? crypto.getRandomValues(new Uint32Array(2)).join('-');
  keep(`${NAME} id`, id, 'sessionStorage');
  const channel = new BroadcastChannel(`${NAME} ${id}`);
  const own = {faults: [], begun: null, tell, open};

  function tell() {
    const talk = running();
    if (!talk) {
      own.begun = null;
      return channel.postMessage({ended: true});
    }
    own.begun ??= Date.now();
    const [stop, next] = talk.walk.stops.slice(talk.number);
    const {number, black, controls} = talk;
    channel.postMessage({title: talk.walk.title, number, count: talk.walk.stops.length, stop, next, black, controls, begun: own.begun, faults: own.faults});
  }

  function open() {
    const page = window.open(`${window.latentExplorer.root}/stage/speaker.html#${id}`, `${NAME} ${id}`, 'popup,width=900,height=640');
    if (!page) notice('This browser does not let the page open a window: allow it, and press N again.', 'walk');
  }

  channel.addEventListener('message', ({data}) => {
    if (data?.hello) tell();
    else if (typeof data?.act === 'string' || typeof data?.act?.jump === 'number' || typeof data?.act?.digits === 'string') act(data.act);
  });
  return own;
}
