// A scene as the text of a link, and back: v=VERSION, tab, part (an inner tab), then the keys a visitor has chosen.
//
// A key that is a word of the link's own, or of Gradio's, has a dot before it. Numbers and words stand as they are. Anything else begins with a star:
//   *mnist.12             picture 12 of the set mnist
//   *U1x28x28.BYTES.mnist an array: its type, its shape, its bytes in base64url, and the set a picture belongs to
//   *JTEXT                JSON
// Types: u bytes, f float32, w float32 that hold whole numbers, as two bytes each, d rising ones by their differences; a
// capital letter: deflated.

import {completed, VERSIONS as FORMER} from './former_openings.js';
import {loadSheet, tile} from './sample_sheet.js';

export const VERSION = '3';
export const LONGEST = 18000;  // characters; a file's picture of 64 × 64 pixels in colour takes up to 16,400 of them

// Words of the link itself and of Gradio; a key of that name has a dot before it.
const PAGE = ['embed', 'net'];  // that embed.js and in_page/start.js read
const TAKEN = ['v', 'tab', 'part', 'page', 'view', 'deep_link', ...PAGE];

// Whether a part of the address is none of a scene: Gradio's own, such as the theme, or the page's.
export const isOfPage = key => key.startsWith('__') || PAGE.includes(key);

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/;
const SAMPLE = /^\*([a-z]\w*)\.(\d+)$/;
const ARRAY = /^\*([ufwdUFWD])([\dx]*)\.([\w-]*)(?:\.(\w+))?$/;
const MOST_VALUES = 1e6;

// {tab, part, choices: {key: value}} as a query without its question mark.
export async function write({tab, part, choices}) {
  const pairs = [['v', VERSION], ['tab', tab], ...part ? [['part', part]] : []];
  for (const [key, value] of Object.entries(choices)) pairs.push([TAKEN.includes(key) ? `.${key}` : key, await writeValue(value)]);
  return pairs.map(pair => pair.map(text => encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%20', '+')).join('=')).join('&');
}

// The scene that a query holds, and a sentence for each part of it that cannot be read.
export async function read(query) {
  const {v: version, tab = null, part = null, ...texts} = Object.fromEntries(new URLSearchParams(query));
  const scene = {tab, part, choices: {}, problems: []};
  if (version === undefined) return {...scene, tab: null};
  const isFormer = FORMER.includes(version);  // in which tabs began with other values
  if (version !== VERSION && !isFormer) scene.problems.push(`This link has the format ${version.slice(0, 20)}, which is unknown here; what could be read is shown.`);
  for (const [key, text] of Object.entries(isFormer ? completed(version, tab, part, texts) : texts)) {
    if (isOfPage(key)) continue;
    try {
      scene.choices[key.replace(/^\./, '')] = await readValue(text);
    } catch {
      scene.problems.push(`“${key.slice(0, 40)}” in this link is damaged; the rest is shown.`);
    }
  }
  return scene;
}

async function writeValue(value) {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string' && !value.startsWith('*') && !NUMBER.test(value)) return value;
  if (value?.source?.index !== undefined) return `*${value.source.data}.${value.source.index}`;
  if (!value?.data || !value.shape) return `*J${JSON.stringify(value)}`;
  const [type, bytes] = pack(value.data);
  const small = await pipe(bytes, new CompressionStream('deflate-raw'));
  const [letter, shorter] = small.length < bytes.length ? [type.toUpperCase(), small] : [type, bytes];
  const set = value.source ? `.${value.source.data}` : '';
  return `*${letter}${value.shape.join('x')}.${toText(shorter)}${set}`;
}

async function readValue(text) {
  if (NUMBER.test(text)) return Number(text);
  if (!text.startsWith('*')) return text;
  if (text.startsWith('*J')) return JSON.parse(text.slice(2));
  const sample = SAMPLE.exec(text);
  if (sample) {
    const sheet = await loadSheet(sample[1]);
    if (Number(sample[2]) >= sheet.notes.labels.length) throw new Error('There is no such picture.');
    return tile(sheet, Number(sample[2]));
  }
  const [, letter, sides, body, set] = ARRAY.exec(text);
  const shape = sides ? sides.split('x').map(Number) : [];
  const count = shape.reduce((product, side) => product * side, 1);
  if (!(count <= MOST_VALUES)) throw new Error('The array is too large.');
  const bytes = toBytes(body);
  const plain = letter > 'Z' ? bytes : await pipe(bytes, new DecompressionStream('deflate-raw'));
  const data = unpack(letter.toLowerCase(), plain);
  if (data.length !== count) throw new Error('The array is cut off.');
  return {data, shape, ...set ? {source: {data: set, name: '(from a link)'}} : {}};
}

function pack(data) {
  if (data instanceof Uint8Array) return ['u', data];
  const floats = Float32Array.from(data);
  const whole = floats.every(value => Number.isInteger(value) && value >= 0 && value < 2 ** 16);
  if (!whole) return ['f', new Uint8Array(floats.buffer)];
  const steps = floats.map((value, i) => value - (i ? floats[i - 1] : 0));
  const rising = steps.every((step, i) => step > 0 || i === 0);
  return [rising ? 'd' : 'w', new Uint8Array(Uint16Array.from(rising ? steps : floats).buffer)];
}

function unpack(type, bytes) {
  if (type === 'u') return bytes;
  const {buffer} = bytes.slice();  // its own, from its start
  if (type === 'f') return new Float32Array(buffer);
  const numbers = Float32Array.from(new Uint16Array(buffer));
  if (type === 'd') for (let i = 1; i < numbers.length; i++) numbers[i] += numbers[i - 1];
  return numbers;
}

async function pipe(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

function toText(bytes) {
  const binary = Array.from(bytes, byte => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function toBytes(text) {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), character => character.charCodeAt(0));
}
