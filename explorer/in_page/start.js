// Lets the page compute its networks itself, once it has been painted and has nothing better to do.
//
// ?net=server leaves them to the server, ?net=page has them on a phone too; either holds until the browser's tab is closed.

import {answerInPage} from '../widgets/kit.js';
import {pause} from '../widgets/request.js';

const PHONE = '(pointer: coarse) and (max-width: 900px)';  // where 4 MB and the memory are dear
const PAUSE = .25;  // seconds between looks whether anything has been painted

function wanted() {
  const asked = new URLSearchParams(location.search).get('net');
  let kept = asked;
  try {
    if (asked) sessionStorage.setItem('net', asked);
    kept = sessionStorage.getItem('net');
  } catch { /* some frames have no storage */ }
  if (kept) return kept !== 'server';
  return !matchMedia(PHONE).matches && !navigator.connection?.saveData;
}

async function start() {
  if (!wanted() || typeof WebAssembly === 'undefined') return;
  while (!document.querySelector('canvas[data-painted]') || window.latentExplorer.asking) await pause(PAUSE);
  const [answers, networks] = await Promise.all([import('./answers.js'), import('./networks.js')]);
  await networks.start();
  answerInPage(answers);
  window.latentExplorer.networks = networks;
}

start().catch(error => console.warn(`The server computes all networks: ${error.message}`));
