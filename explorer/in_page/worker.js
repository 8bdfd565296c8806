// The page's one worker: networks of many pictures, so that nobody waits for them on the page's own thread.

import {Runtime} from './runtime.js';

let runtime = null;
const under = new Set();  // networks that are being made, or could not be

self.onmessage = async ({data: {wasm, number, checkpoint, network, inputs, addresses}}) => {
  if (wasm) {
    runtime = new Runtime(wasm);
    return;
  }
  if (!runtime.isReady(checkpoint, network)) {
    self.postMessage({number, missing: `${network} of ${checkpoint} is not here yet.`});
    make(checkpoint, network, addresses);
    return;
  }
  try {
    const outputs = await runtime.run(checkpoint, network, inputs);
    self.postMessage({number, outputs}, Object.values(outputs).map(({data}) => data.buffer));
  } catch (error) {
    self.postMessage({number, error: error.message});
  }
};

async function make(checkpoint, network, addresses) {
  const name = `${checkpoint} ${network}`;
  if (under.has(name)) return;
  under.add(name);
  try {
    if (!runtime.has(checkpoint)) {
      const files = await Promise.all(addresses.map(async address => {
        const response = await fetch(address);
        if (!response.ok) throw new Error(`${address} did not come (error ${response.status}).`);
        return response.arrayBuffer();
      }));
      runtime.add(checkpoint, ...files);
    }
    await runtime.prepare(checkpoint, network);
    under.delete(name);
  } catch (error) {
    console.warn(`${name} is left to the server: ${error.message}`);
  }
}
