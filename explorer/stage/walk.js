// The format of a walk: a list of stops, each a link to a scene with what is said of it. Read from a file that anybody
// may have written or damaged, and written so that it is read again. Nothing here knows the page.
//
//   {"format": "latent-explorer walk 1", "title": …, "stops": [
//   {"link": "v=1&tab=vae", "sentence": …, "do": …, "ring": "vae-pad", "show": ["vae-pad", "vae-output"], "note": …}]}
//
// sentence: what the stop says; do: what a visitor does there; ring: identifier of the widget to look at; show: the
// widgets that a talk shows large, all of the scene where there are none; note: for the speaker alone.

const FORMAT = 'latent-explorer walk 1';
export const LONGEST = {title: 100, sentence: 200, do: 300, note: 4000, link: 20_000};  // characters
export const MOST = {characters: 4e6, stops: 200, show: 12};

const IDENTIFIER = /^[a-z][\w-]{0,60}$/i;
const WORDS = ['sentence', 'do', 'note'];

// {walk: {title, stops}, faults}: what can be shown of a text, and a sentence for each part that cannot.
export function parse(text) {
  const walk = {title: 'A walk', stops: []};
  if (text.length > MOST.characters) return {walk, faults: ['This file is too large for a walk.']};
  const faults = [];
  const whole = object(text);
  const file = Array.isArray(whole?.stops) ? whole : salvage(text, faults);
  if (whole && file !== whole && !file.stops.length) return {walk, faults: ['This file holds no list of stops.']};
  if (file.format !== undefined && file.format !== FORMAT) faults.push('This file has another format than this app writes; what could be read is shown.');
  if (typeof file.title === 'string' && file.title.trim()) walk.title = file.title.slice(0, LONGEST.title);
  if (file.stops.length > MOST.stops) faults.push(`This walk has ${file.stops.length} stops; the first ${MOST.stops} are shown.`);
  file.stops.slice(0, MOST.stops).forEach((stop, index) => {
    const read = readStop(stop, sentence => faults.push(`Stop ${index + 1}: ${sentence}`));
    if (read) walk.stops.push(read);
  });
  return {walk, faults};
}

// One stop a line, so that a damaged line costs itself alone.
export function serialise({title, stops}) {
  return `{"format": ${JSON.stringify(FORMAT)}, "title": ${JSON.stringify(title)}, "stops": [\n${
    stops.map(stop => JSON.stringify(stop)).join(',\n')}\n]}\n`;
}

// The query of a link, from an address or a part of one.
export function queryOf(link) {
  return link.trim().replace(/#.*$/s, '').replace(/^[^?]*\?/s, '');
}

function object(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value && !Array.isArray(value) ? value : {};
  } catch {
    return null;
  }
}

function readStop(stop, fault) {
  const query = typeof stop?.link === 'string' ? queryOf(stop.link) : '';
  if (!new URLSearchParams(query).get('tab')) return void fault('it has no link to a scene, and is left out.');
  if (query.length > LONGEST.link) return void fault('its link is too long, and it is left out.');
  const read = {link: query};
  for (const name of WORDS) {
    if (stop[name] === undefined) continue;
    if (typeof stop[name] !== 'string') fault(`its “${name}” is no text, and is left out.`);
    else read[name] = stop[name].slice(0, LONGEST[name]);
    if (stop[name].length > LONGEST[name]) fault(`its “${name}” is cut after ${LONGEST[name]} characters.`);
  }
  const isName = value => typeof value === 'string' && IDENTIFIER.test(value);
  if (isName(stop.ring)) read.ring = stop.ring;
  else if (stop.ring !== undefined) fault('its “ring” names no part of a page, and is left out.');
  if (Array.isArray(stop.show) && stop.show.every(isName)) read.show = stop.show.slice(0, MOST.show);
  else if (stop.show !== undefined) fault('its “show” is no list of parts of a page, and is left out.');
  return read;
}

// Of a text that is no JSON any more, the stops that can still be read by themselves.
function salvage(text, faults) {
  const stops = [];
  for (let start = text.indexOf('{'), tries = 0; start >= 0 && tries < MOST_TRIES; tries++) {
    const end = endOfStop(text, start);
    if (end) stops.push(object(text.slice(start, end)));
    start = text.indexOf('{', end || start + 1);
  }
  faults.push(`This file is damaged; ${stops.length ? `the ${stops.length} stops that could be read are shown` : 'nothing of it could be read'}.`);
  const title = /"title"\s*:\s*("(?:[^"\\\n]|\\.)*")/.exec(text)?.[1];
  return {title: title && object(`{"title": ${title}}`)?.title, stops};
}

const MOST_BRACES = 20;  // that the words of one stop may hold
const MOST_TRIES = 5000;  // at braces that may begin a stop

function endOfStop(text, start) {
  let end = start;
  for (let tries = 0; tries < MOST_BRACES; tries++) {
    end = text.indexOf('}', end) + 1;
    if (!end || end - start > LONGEST.link + 2 * LONGEST.note) return 0;
    if (object(text.slice(start, end))?.link !== undefined) return end;
  }
  return 0;
}
