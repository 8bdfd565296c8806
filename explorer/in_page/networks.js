// Networks of the page: which there are, what of them is here, and who computes them, the page or its worker.
//
// Nothing is waited for: what is not here yet is fetched, and whoever asked is told to ask the server.

import {fetchBytes, Runtime} from './runtime.js';

export {pending} from './once.js';

const at = path => new URL(path, new URL('..', import.meta.url)).href;

let index = {};  // what the page has to know of each checkpoint whose networks it can compute
let runtime = null;
let worker = null;

// What is not here, or not yet.
export class Missing extends Error {}

// Begins to fetch what everybody needs. From then on networks that are asked for are fetched as well.
export async function start() {
  index = JSON.parse(new TextDecoder().decode(await fetchBytes(at('networks/index.json'))));
  for (const [name, model] of Object.entries(index.models)) model.addresses = addresses(name, model);
  const wasm = await fetchBytes(at(index.runtime));
  runtime = new Runtime(wasm, Math.max(0, ...Object.values(index.beside ?? {}).map(models => models.length)));
  worker = new Worker(new URL('worker.js', import.meta.url), {type: 'module'});
  worker.onmessage = ({data}) => answered(data);
  worker.onerror = lose;
  worker.postMessage({wasm});
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
  if (!runtime.isReady(checkpoint, network, config(checkpoint).addresses)) {
    throw new Missing(`${network} of ${checkpoint} is not here yet.`);
  }
  return runtime.run(checkpoint, network, inputs);
}

const asked = new Map();  // number -> who waits for the worker
let count = 0;

// The same by the worker, so that the page goes on meanwhile: for many pictures.
export async function runApart(checkpoint, network, inputs) {
  const known = config(checkpoint);
  if (!worker) throw new Missing('There is no worker.');
  return new Promise((done, fail) => {
    asked.set(++count, {done, fail});
    worker.postMessage({number: count, checkpoint, network, inputs, addresses: known.addresses});
  });
}

function answered({number, outputs, missing, error}) {
  const {done, fail} = asked.get(number);
  asked.delete(number);
  if (outputs) done(outputs);
  else fail(missing ? new Missing(missing) : new Error(error));
}

// A worker that has failed answers nobody any more.
function lose() {
  worker?.terminate();
  worker = null;
  for (const {fail} of asked.values()) fail(new Missing('The worker has failed.'));
  asked.clear();
}

// Of a checkpoint's weights and graphs.
function addresses(checkpoint, {weights, networks}) {
  const folder = `networks/${checkpoint.split('/').map(encodeURIComponent).join('/')}`;
  return [at(`${folder}/model.safetensors?v=${weights}`), at(`${folder}/networks.safetensors?v=${networks}`)];
}
