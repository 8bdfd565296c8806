// The page's one worker: networks of many pictures, so that nobody waits for them on the page's own thread.

import {Runtime} from './runtime.js';

let runtime = null;

self.onmessage = async ({data: {wasm, number, checkpoint, network, inputs, addresses}}) => {
  if (wasm) {
    runtime = new Runtime(wasm);
    return;
  }
  try {
    if (!runtime.isReady(checkpoint, network, addresses)) {
      self.postMessage({number, missing: `${network} of ${checkpoint} is not here yet.`});
      return;
    }
    const outputs = await runtime.run(checkpoint, network, inputs);
    self.postMessage({number, outputs}, Object.values(outputs).map(({data}) => data.buffer));
  } catch (error) {
    self.postMessage({number, error: error.message});
  }
};
