// Before a talk each stop is shown once behind a curtain: its scripts are loaded, its answers kept, its faults found.

import {make} from '../widgets/kit.js';
import {keepAnswers} from '../widgets/kept_answers.js';
import {showLink} from '../widgets/links.js';
import {pause} from '../widgets/request.js';

const QUIET = 120;  // milliseconds without a question after which a scene is done
const PATIENCE = 15_000;

// Waits until nothing has been asked for a while; false where that does not come.
export async function settled(patience = PATIENCE) {
  const end = performance.now() + patience;
  let quiet = performance.now();
  while (performance.now() < end) {
    if (window.latentExplorer.asking) quiet = performance.now();
    else if (performance.now() - quiet > QUIET) return true;
    await pause(.02);
  }
  return false;
}

// stops: [stop, index] in the order in which they will be needed; prepared is called with the index of each that is
// done. Returns a sentence for each that has a fault, by its number.
export async function rehearse(stops, isWanted, prepared) {
  const curtain = make('div', 'le-curtain');
  const said = make('p', '', 'Getting ready');
  curtain.setAttribute('role', 'status');
  curtain.append(said, make('p', 'le-curtain-hint', 'Each stop is computed once, so that it comes at once later, even without the app. PageDown: begin now.'));
  document.body.append(curtain);
  const faults = [];
  keepAnswers(1);
  try {
    for (const [i, [stop, index]] of stops.entries()) {
      if (!isWanted()) break;
      said.textContent = `Getting ready: ${i + 1} of ${stops.length}`;
      await showLink(stop.link);
      const done = await settled();
      const notice = document.querySelector('.le-notice');
      if (!done) faults.push(`Stop ${index + 1} took too long.`);
      if (notice && !notice.hidden) faults.push(`Stop ${index + 1}: ${notice.textContent}`);
      if (isWanted()) prepared(index);
    }
  } finally {
    keepAnswers(-1);
    curtain.remove();
  }
  return faults;
}
