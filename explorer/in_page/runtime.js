// Networks as sessions of onnxruntime-web, on one thread, in the page and in its worker alike.

import * as ort from './onnxruntime/ort.wasm.min.mjs';
import {readArrays} from '../widgets/request.js';
import {once} from './once.js';

const WEIGHTS = 'model.safetensors';  // as graphs name it
const MOST = 12;  // of them, or as many as one answer asks

export class Runtime {
  #models = new Map();  // name -> {weights, graphs, sessions}, that which was asked last at the end
  #queue = Promise.resolve();  // sessions share one heap, and run one after the other
  #most;  // models whose sessions are kept: what was not asked for longest goes

  // wasm: bytes of the runtime; together: models that one answer asks at most.
  constructor(wasm, together = 0) {
    this.#most = Math.max(MOST, together);
    Object.assign(ort.env.wasm, {wasmBinary: wasm, numThreads: 1, proxy: false});
    ort.env.wasm.wasmPaths = new URL('./onnxruntime/', import.meta.url).href;
  }

  // Whether a network can be run at once; if not, it is fetched and made. addresses: of a checkpoint's weights and graphs.
  isReady(checkpoint, network, addresses) {
    if (this.#models.get(checkpoint)?.sessions[network]) return true;
    once(`${checkpoint} ${network}`, async () => {
      const model = this.#models.get(checkpoint) ?? await once(checkpoint, () => this.#fetch(checkpoint, addresses));
      await this.#inTurn(() => (this.#models.get(checkpoint) === model ? prepare(model, network) : null));
    });
    return false;
  }

  async #fetch(checkpoint, addresses) {
    const [weights, networks] = await Promise.all(addresses.map(fetchBytes));
    const model = {weights: new Uint8Array(weights), graphs: readArrays(networks), sessions: {}};
    this.#models.set(checkpoint, model);
    for (const name of [...this.#models.keys()].slice(0, -this.#most)) this.#release(name);
    return model;
  }

  // Outputs of a network that is ready, as {data, shape} by name, of inputs of that kind: Float32Array or Int32Array.
  run(checkpoint, network, inputs) {
    const model = this.#models.get(checkpoint);
    this.#models.delete(checkpoint);
    this.#models.set(checkpoint, model);
    return this.#inTurn(async () => {
      const feeds = Object.fromEntries(Object.entries(inputs).map(([name, {data, shape}]) => [name, tensor(data, shape)]));
      const outputs = await model.sessions[network].run(feeds);
      if (!Object.values(outputs).every(({data}) => isSound(data))) throw new Error(`${checkpoint} gives what are no finite numbers.`);
      return Object.fromEntries(Object.entries(outputs).map(([name, {data, dims}]) => [name, {data, shape: [...dims]}]));
    });
  }

  #inTurn(work) {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => {});
    return done;
  }

  #release(checkpoint) {
    const {sessions} = this.#models.get(checkpoint);
    this.#models.delete(checkpoint);
    this.#inTurn(() => Promise.all(Object.values(sessions).map(session => session.release())));
  }
}

// Makes the session of a network: up to .06 s of work.
async function prepare(model, network) {
  const graph = model.graphs[network];
  if (!graph) throw new Error('There is no graph of it.');
  const externalData = [{path: WEIGHTS, data: model.weights}];
  model.sessions[network] = await ort.InferenceSession.create(graph.data, {executionProviders: ['wasm'], externalData});
}

export async function fetchBytes(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} did not come (error ${response.status}).`);
  return response.arrayBuffer();
}

// Whether these are numbers to go on with; if not, the server says what is wrong with a model.
function isSound(data) {
  return !(data instanceof Float32Array) || Number.isFinite(data.reduce((sum, value) => sum + value, 0));
}

function tensor(data, shape) {
  return new ort.Tensor(data instanceof Int32Array ? 'int32' : 'float32', data, shape);
}
