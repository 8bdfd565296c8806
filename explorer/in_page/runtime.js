// Networks as sessions of onnxruntime-web, on one thread, in the page and in its worker alike.

import * as ort from './onnxruntime/ort.wasm.min.mjs';
import {readArrays} from '../widgets/request.js';

const WEIGHTS = 'model.safetensors';  // as graphs name it
const MOST = 12;  // models whose sessions are kept: what was not asked for longest goes

export class Runtime {
  #models = new Map();  // name -> {weights, graphs, sessions}, that which was asked last at the end
  #queue = Promise.resolve();  // sessions share one heap, and run one after the other

  // wasm: bytes of the runtime.
  constructor(wasm) {
    Object.assign(ort.env.wasm, {wasmBinary: wasm, numThreads: 1, proxy: false});
    ort.env.wasm.wasmPaths = new URL('./onnxruntime/', import.meta.url).href;
  }

  // Files of a checkpoint: its weights, and its graphs by name.
  add(checkpoint, weights, networks) {
    this.#models.set(checkpoint, {weights: new Uint8Array(weights), graphs: readArrays(networks), sessions: {}});
    for (const name of [...this.#models.keys()].slice(0, -MOST)) this.#release(name);
  }

  has(checkpoint) {
    return this.#models.has(checkpoint);
  }

  // Whether a network can be run at once.
  isReady(checkpoint, network) {
    return Boolean(this.#models.get(checkpoint)?.sessions[network]);
  }

  // Makes the session of a network: up to .06 s of work.
  prepare(checkpoint, network) {
    return this.#inTurn(async () => {
      const model = this.#models.get(checkpoint);
      if (!model || model.sessions[network]) return;
      const graph = model.graphs[network];
      if (!graph) throw new Error(`${checkpoint} has no graph of ${network}.`);
      const externalData = [{path: WEIGHTS, data: model.weights}];
      model.sessions[network] = await ort.InferenceSession.create(graph.data, {executionProviders: ['wasm'], externalData});
    });
  }

  // Outputs of a network as {data, shape} by name, of inputs of the same kind: Float32Array or Int32Array.
  run(checkpoint, network, inputs) {
    return this.#inTurn(async () => {
      const model = this.#models.get(checkpoint);
      this.#models.delete(checkpoint);
      this.#models.set(checkpoint, model);
      const feeds = Object.fromEntries(Object.entries(inputs).map(([name, {data, shape}]) => [name, tensor(data, shape)]));
      const outputs = await model.sessions[network].run(feeds);
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

function tensor(data, shape) {
  return new ort.Tensor(data instanceof Int32Array ? 'int32' : 'float32', data, shape);
}
