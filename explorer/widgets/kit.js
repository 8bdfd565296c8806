// What widgets share: questions to the server, elements, canvases.

// The address the app is served under, without a slash at the end.
const root = new URL(window.gradio_config?.root || '/', location.href).pathname.replace(/\/$/, '');

// ---- Questions ------------------------------------------------------------------------------------------------

// Questions not yet answered on the whole page; browser tests wait until there are none.
window.latentExplorer = {asking: 0};

export function count(change) {
  window.latentExplorer.asking += change;
}

// One call once nothing has come in for so many milliseconds, with the last value.
export function afterRest(work, milliseconds) {
  let timer;
  return value => {
    if (timer === undefined) count(1);
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      work(value);
      count(-1);
    }, milliseconds);
  };
}

// One call in flight; of the values that come in meanwhile only the last one is used, and it always is.
export function latest(work) {
  const source = Symbol('source');
  let next;
  let busy = false;
  return async value => {
    next = {value};
    if (busy) return;
    busy = true;
    count(1);
    await null;  // what changes together asks once
    while (next) {
      const current = next.value;
      next = undefined;
      try {
        await work(current);
        notice('', source);
      } catch (error) {
        notice(error.message, source);
      }
    }
    busy = false;
    count(-1);
  };
}

// Arrays by name. Who answers is nobody else's business: today it is the server.
export async function ask(tab, question, values) {
  const plain = (_, value) => (value?.data && value.shape ? Array.from(value.data) : value);
  return readArrays(await post(`ask/${tab}/${question}`, JSON.stringify(values, plain)));
}

// Frames {data: Uint8Array, shape: [T, C, H, W]} as the bytes of a "gif" or "webp".
export function animate({data, shape}, kind) {
  return post(`animation/${kind}?shape=${shape}`, data);
}

async function post(path, body) {
  let response;
  try {
    response = await fetch(`${root}/${path}`, {method: 'POST', body});
  } catch {
    throw new Error('The app does not answer: is it still running?');
  }
  if (!response.ok) throw new Error(await response.text());
  return response.arrayBuffer();
}

const TYPES = {U8: Uint8Array, F32: Float32Array, I64: BigInt64Array};

// safetensors: eight bytes of header length, a JSON header, the data. A scalar comes out as a number.
function readArrays(buffer) {
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  const arrays = {};
  for (const [name, {dtype, shape, data_offsets: [from, to]}] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const data = new TYPES[dtype](buffer.slice(8 + length + from, 8 + length + to));
    arrays[name] = shape.length ? {data, shape} : Number(data[0]);
  }
  return arrays;
}

export function file(path) {
  return `${root}/${path}`;
}

const sentences = new Map();

// A sentence at the foot of the page, until its source has a better one; an empty one takes it away.
export function notice(sentence, source = 'page') {
  if (!sentences.delete(source) && !sentence) return;
  if (sentence) sentences.set(source, sentence);
  let box = document.querySelector('.le-notice');
  if (!box) {
    box = make('div', 'le-notice');
    box.setAttribute('role', 'status');
    document.body.append(box);
  }
  box.textContent = [...sentences.values()].at(-1) ?? '';
  box.hidden = !sentences.size;
}

// ---- Elements and canvases ------------------------------------------------------------------------------------

export function make(tag, className = '', text = '') {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

export function button(text, action, className = '') {
  const node = make('button', `le-button ${className}`, text);
  node.type = 'button';
  node.addEventListener('click', action);
  return node;
}

// Shows a widget only while a key has one of some values, and no column around it without a widget to be seen.
export function showIf(element, state, condition) {
  if (!condition) return;
  state.subscribe([condition.key], value => {
    element.hidden = !condition.values.includes(value);
    for (let column = element.closest('.column'); column; column = column.parentElement.closest('.column')) {
      column.classList.toggle('le-empty', [...column.querySelectorAll('.le-widget')].every(widget => widget.hidden));
    }
  });
}

// Values as what a canvas can show: rounded and clamped to 0 … 255, which noise may leave; what is no number is black.
export function toBytes(values) {
  return values instanceof Uint8Array ? values : Uint8ClampedArray.from(values);
}

// Some pictures of {data, shape: [..., C, H, W]} from number first on, side by side as ImageData; grey or RGB.
export function toImage({data, shape}, first = 0, count = 1) {
  const [channels, height, width] = shape.slice(-3);
  const size = height * width;
  const bytes = toBytes(data.slice(first * channels * size, (first + count) * channels * size));
  const image = new ImageData(count * width, height);
  const pixels = new Uint32Array(image.data.buffer);  // one number a pixel: alpha, blue, green, red
  for (let picture = 0; picture < count; picture++) {
    const red = picture * channels * size;
    const [green, blue] = channels === 3 ? [red + size, red + 2 * size] : [red, red];
    for (let row = 0, i = 0; row < height; row++) {
      let at = (row * count + picture) * width;
      for (const end = i + width; i < end; i++) {
        pixels[at++] = 0xff000000 | bytes[blue + i] << 16 | bytes[green + i] << 8 | bytes[red + i];
      }
    }
  }
  return image;
}

// Browser tests and the benchmark read how often something was painted.
export function countPaint(element) {
  element.dataset.painted = Number(element.dataset.painted ?? 0) + 1;
}

// Draws one picture on a canvas of its own size.
export function paint(canvas, picture, index = 0) {
  const image = toImage(picture, index);
  if (canvas.width !== image.width) canvas.width = image.width;
  if (canvas.height !== image.height) canvas.height = image.height;
  canvas.getContext('2d').putImageData(image, 0, 0);
  countPaint(canvas);
}

export function format(value, digits) {
  return value.toFixed(digits).replace('-', '−').replace('Infinity', '∞');
}

// Ten colours that the colour-blind tell apart, for classes; taken from the page's style, so they follow the theme.
export function classColour(label) {
  return `var(--class-${label % 10})`;
}

export function resolveColour(element, colour) {
  const name = /^var\((.+)\)$/.exec(colour)?.[1];
  return name ? getComputedStyle(element).getPropertyValue(name).trim() : colour;
}
