// Networks of the page: which there are, what of them is here, and who computes them, the page or its worker.
//
// Nothing is waited for: what is not here yet is fetched, and whoever asked is told to ask the server.

import {Runtime} from './runtime.js';

const root = new URL('..', import.meta.url);

let index = {};  // what the page has to know of each checkpoint whose networks it can compute
let runtime = null;
let worker = null;
const under = new Map();  // what is being fetched or made, or could not be

// What is not here, or not yet.
export class Missing extends Error {}

// Begins to fetch what everybody needs. From then on networks that are asked for are fetched as well.
export async function start() {
  index = await (await fetchFile('networks/index.json')).json();
  const wasm = await (await fetchFile(index.runtime)).arrayBuffer();
  runtime = new Runtime(wasm);
  worker = new Worker(new URL('worker.js', import.meta.url), {type: 'module'});
  worker.onmessage = ({data}) => answered(data);
  worker.onerror = () => { worker = null; };
  worker.postMessage({wasm: wasm.slice(0)});
}

// Family, picture set, keywords and profile of a checkpoint.
export function config(checkpoint) {
  const known = index.models?.[checkpoint];
  if (!known) throw new Missing(`The page knows no networks of ${checkpoint}.`);
  return known;
}

// Checkpoints that some answers look at together, in their order.
export function beside(name) {
  if (!index.beside?.[name]) throw new Missing(`The page knows no models of ${name}.`);
  return index.beside[name];
}

// Whether all test pictures of a set lie in one sheet as they are.
export const hasAtlas = data => Boolean(index.atlases?.includes(data));

// Checkpoints of a family in the server's order.
export function names(family) {
  return Object.keys(index.models ?? {}).filter(name => index.models[name].family === family);
}

// Outputs of a network, by the page itself: for one picture or a few.
export async function run(checkpoint, network, inputs) {
  const known = config(checkpoint);
  if (!runtime) throw new Missing('The runtime is not here yet.');
  if (!runtime.isReady(checkpoint, network)) {
    once(`${checkpoint} ${network}`, async () => {
      if (!runtime.has(checkpoint)) await once(checkpoint, async () => runtime.add(checkpoint, ...await files(checkpoint, known)));
      await runtime.prepare(checkpoint, network);
    });
    throw new Missing(`${network} of ${checkpoint} is not here yet.`);
  }
  return sound(await runtime.run(checkpoint, network, inputs), checkpoint);
}

// Outputs, unless some are no numbers: the server then says what is wrong with a model.
function sound(outputs, checkpoint) {
  for (const {data} of Object.values(outputs)) {
    if (data instanceof Float32Array && !Number.isFinite(data.reduce((sum, value) => sum + value, 0))) {
      throw new Error(`${checkpoint} gives what are no finite numbers.`);
    }
  }
  return outputs;
}

const asked = new Map();  // number -> who waits for the worker
let count = 0;

// The same by the worker, so that the page goes on meanwhile: for many pictures.
export function runApart(checkpoint, network, inputs) {
  const known = config(checkpoint);
  if (!worker) throw new Missing('There is no worker.');
  return new Promise((done, fail) => {
    asked.set(++count, {done, fail});
    worker.postMessage({number: count, checkpoint, network, inputs, addresses: addresses(checkpoint, known)});
  });
}

function answered({number, outputs, missing, error}) {
  const {done, fail} = asked.get(number);
  asked.delete(number);
  if (outputs) done(sound(outputs, 'A model'));
  else fail(missing ? new Missing(missing) : new Error(error));
}

// How much is being fetched or made.
export const pending = () => under.size;

// Work that is done once; what has failed is tried again only after a while.
const AGAIN = 10_000;  // milliseconds

export function once(name, work) {
  if (!under.has(name)) {
    const doing = work();
    under.set(name, doing);
    doing.then(() => under.delete(name), error => {
      console.warn(`${name} is left to the server: ${error.message}`);
      setTimeout(() => under.delete(name), AGAIN);
    });
  }
  return under.get(name);
}

function addresses(checkpoint, {weights, networks}) {
  const at = file => new URL(`networks/${checkpoint.split('/').map(encodeURIComponent).join('/')}/${file}`, root).href;
  return [`${at('model.safetensors')}?v=${weights}`, `${at('networks.safetensors')}?v=${networks}`];
}

function files(checkpoint, known) {
  return Promise.all(addresses(checkpoint, known).map(async address => (await fetchFile(address)).arrayBuffer()));
}

async function fetchFile(path) {
  const response = await fetch(new URL(path, root));
  if (!response.ok) throw new Error(`${path} did not come (error ${response.status}).`);
  return response;
}
