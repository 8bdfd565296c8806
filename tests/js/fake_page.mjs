// What scripts need of a page, in node: an app that answers questions, a foot for sentences, a tab that is shown.

import {Buffer} from 'node:buffer';

let sentence = {textContent: '', hidden: true};
let shown = '';
let clicked = [];

// An empty page that shows a tab. answer(question, values, tab): arrays by name, of whatever is asked; files: path -> Response.
export function openPage({tab = 'tab', answer = () => ({}), files = {}} = {}) {
  [sentence, shown, clicked] = [{textContent: '', hidden: true}, tab, []];
  globalThis.window = {latentExplorer: {asking: 0, root: 'http://app'}};
  globalThis.document = {querySelector};
  globalThis.fetch = async (url, {body} = {}) => {
    const path = url.slice('http://app/'.length);
    if (path in files) return files[path]();
    const [, stem, question] = path.split('/');
    return new Response(toSafetensors(await answer(question, JSON.parse(body), stem)));
  };
}

function querySelector(selector) {
  if (selector === '.le-notice') return sentence;
  if (selector.endsWith('[aria-selected="true"]')) return {dataset: {tabId: shown}};
  const [, stem] = /data-tab-id="(\w+)"/.exec(selector);
  return {click: () => clicked.push(stem)};
}

// The sentence at the foot of the page, '' where there is none.
export const said = () => (sentence.hidden ? '' : sentence.textContent);

// Stems of the tabs that were clicked.
export const opened = () => clicked;

// Until every question is answered.
export async function settle() {
  for (let quiet = 0; quiet < 5; quiet++) {
    await new Promise(setImmediate);
    if (window.latentExplorer.asking) quiet = 0;
  }
}

const NAMES = new Map([[Uint8Array, 'U8'], [Float32Array, 'F32']]);

// {name: number or {data, shape}} as the server's bytes.
export function toSafetensors(arrays) {
  const header = {};
  const parts = [];
  let offset = 0;
  for (const [name, value] of Object.entries(arrays)) {
    const {data, shape} = typeof value === 'number' ? {data: Float32Array.of(value), shape: []} : value;
    header[name] = {dtype: NAMES.get(data.constructor), shape, data_offsets: [offset, offset += data.byteLength]};
    parts.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...parts]);
}
