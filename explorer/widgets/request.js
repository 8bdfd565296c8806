// One question to the server: how long it is waited for, when it is asked again, and what is said meanwhile.
//
// Nothing here knows the page, so that node can test it.

const PATIENCE = 4;  // seconds without an answer before that is said
const FIRST = 8;  // seconds until a question is given up and asked again; each time it is given twice as long
const LONGEST = 32;
const SOON = .5;  // seconds until it is asked again where it failed at once; each time twice as long
const LATE = 5;
const LONGEST_WAIT = 300;  // seconds that a Retry-After may ask for
const LONGEST_SENTENCE = 400;  // characters

// The message is one sentence for the visitor.
export class Refused extends Error {}

// The app itself has said nothing: it was not reached, is busy, or something in between spoke. Worth asking again.
export class Unanswered extends Refused {
  constructor(sentence, after) {
    super(sentence);
    this.after = after;  // seconds, where the server has named them
  }
}

// The body of an answer.
export async function send(url, options = {}, seconds = FIRST) {
  let response, body;
  try {
    response = await fetch(url, {...options, signal: AbortSignal.timeout(1000 * seconds)});
    body = await response.arrayBuffer();
  } catch (error) {
    throw new Unanswered(error.name === 'TimeoutError'
      ? `The app has not answered for ${seconds} seconds.` : 'The app does not answer: is it still running?');
  }
  const type = response.headers.get('Content-Type') ?? '';
  if (response.ok && !type.startsWith('text/html')) return body;
  throw refusal(response, type.startsWith('text/plain') ? new TextDecoder().decode(body).trim() : null);
}

// The app answers in plain text; anything else comes from a proxy or a log-in before it, and is not shown.
function refusal({ok, status, headers}, text) {
  const sentence = text?.length <= LONGEST_SENTENCE && /^[^<\n]+[.!?]$/.test(text) ? text : '';
  if (ok) return new Unanswered('A web page came in place of an answer: is there a proxy or a log-in before the app?');
  if ([408, 429, 503].includes(status)) {
    return new Unanswered(sentence || 'The app is busy or just starting.', secondsOf(headers.get('Retry-After')));
  }
  if (text === null || status === 502 || status === 504) return new Unanswered(`The app was not reached (error ${status}).`);
  return new Refused(sentence || `The app could not answer this (error ${status}); nothing was changed.`);
}

// Of a Retry-After: a number, or a date.
function secondsOf(text) {
  if (text === null || text.trim() === '') return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(LONGEST_WAIT, Math.max(SOON, seconds)) : undefined;
}

// Somewhat random, so that pages which lost their server together do not come back together.
function backOff(tries) {
  return Math.min(LATE, SOON * 2 ** tries) * (.75 + .5 * Math.random());
}

export const pause = seconds => new Promise(done => setTimeout(done, 1000 * seconds));

// Does some work again until it is answered. work takes the seconds it may last; say takes a sentence while that is
// waited for, and an empty one afterwards; most is the number of tries.
export async function insist(work, say, most = Infinity, wait = pause) {
  for (let tries = 0; ; tries++) {
    const slow = setTimeout(() => say('The app has not answered yet: still waiting.'), 1000 * PATIENCE);
    let error;
    try {
      const answer = await work(Math.min(LONGEST, FIRST * 2 ** tries));
      say('');
      return answer;
    } catch (thrown) {
      error = thrown;
    } finally {
      clearTimeout(slow);
    }
    if (!(error instanceof Unanswered) || tries + 1 >= most) throw error;
    const seconds = error.after ?? backOff(tries);
    say(`${error.message} It is asked again in ${Math.ceil(seconds)} s.`);
    await wait(seconds);
  }
}

// Work on one value at a time. Of those that come in meanwhile only the last one is used, and it always is. work takes
// a function that gives the newest value; count is told of work that begins, 1, and ends, -1.
export function newest(work, count) {
  let value;
  let waits = false;  // whether nobody has taken the value yet
  let busy = false;
  const take = () => {
    waits = false;
    return value;
  };
  return async given => {
    [value, waits] = [given, true];
    if (busy) return;
    busy = true;
    count(1);
    await null;  // what changes together asks once
    try {
      while (waits) {
        waits = false;
        await work(take);
      }
    } finally {
      busy = false;
      count(-1);
    }
  };
}

// The same for work(value, seconds): what was not answered is asked again, with the newest value there is by then. A
// value whose answer is at hand ends the waiting.
export function latest(work, say, count, wait = pause, isAtHand = () => false) {
  let wake = () => {};
  const woken = seconds => Promise.race([wait(seconds), new Promise(done => { wake = done; })]);
  const tried = take => insist(seconds => work(take(), seconds), say, Infinity, woken);
  const run = newest(take => tried(take).catch(error => say(explain(error))), count);
  return value => {
    const done = run(value);
    if (isAtHand(value)) wake();
    return done;
  };
}

// What is said of an error: its own sentence if it was made for a visitor. Everything else is a fault of this page.
export function explain(error) {
  if (error instanceof Refused) return error.message;
  console.error(error);
  return 'Something went wrong in this page; nothing was changed.';
}

// ---- Arrays ---------------------------------------------------------------------------------------------------

const TYPES = {U8: Uint8Array, F32: Float32Array, I64: BigInt64Array};

// safetensors: eight bytes of header length, a JSON header, the data. A scalar comes out as a number.
export function readArrays(buffer) {
  try {
    const length = Number(new DataView(buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
    const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
    return Object.fromEntries(entries.map(([name, entry]) => [name, readArray(buffer, 8 + length, entry)]));
  } catch {
    throw new Unanswered('The answer was cut off or is not the app’s.');
  }
}

function readArray(buffer, start, {dtype, shape, data_offsets: [from, to]}) {
  const data = new TYPES[dtype](buffer.slice(start + from, start + to));
  if (data.length !== shape.reduce((product, side) => product * side, 1)) throw new Error('The array is cut off.');
  return shape.length ? {data, shape} : Number(data[0]);
}
