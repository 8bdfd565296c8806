// The page's state, its questions to the server, and the few canvas helpers that widgets share.

// The address the app is served under, without a slash at the end.
const root = new URL(window.gradio_config?.root || '/', location.href).pathname.replace(/\/$/, '');

// ---- State ----------------------------------------------------------------------------------------------------

const watchers = [];

// Called with a scene and a key whenever a committed value changes.
export function watch(callback) {
  watchers.push(callback);
}

// What a visitor has chosen on one tab, and what was computed from it. Values are replaced, never edited in place.
// A preview stands before the committed value of its key until it is restored: hovering shows, clicking commits.
class Scene {
  constructor(name) {
    this.name = name;
    this.committed = new Map();
    this.given = new Map();  // key -> what stands there unless a visitor chooses: a first value, a fact, a rule's answer
    this.kept = new Map();  // key -> all values beside which a choice was put there: while they last, no answer replaces it
    this.previews = new Map();
    this.listeners = new Map();
    this.rules = new Map();  // key -> the rule that computes it
    this.causes = new Map();  // key -> the keys it is computed from, in the order of the rules
    this.python = {};  // what the handler "python" takes: argument -> key; empty where there is none
    this.linked = new Set();  // keys that pixels depend on: a link holds the chosen ones
    this.waiting = {};  // choices made before the tab was first opened; null once it is
  }

  get(key) {
    return this.previews.has(key) ? this.previews.get(key) : this.committed.get(key);
  }

  set(key, value) {
    const same = Object.is(this.get(key), value);
    const kept = Object.is(this.committed.get(key), value);
    this.previews.delete(key);
    this.committed.set(key, value);
    if (!same) this.#tell(key);
    if (!kept) watchers.forEach(call => call(this, key));
  }

  // Sets what nobody chose.
  give(key, value) {
    this.given.set(key, value);
    this.set(key, value);
  }

  // Where the tab begins, under what was chosen for it before it was opened. linked: keys that a link may hold;
  // checkpoints: the names there are, or none where the tab has no choice of them.
  begin(values, linked, checkpoints) {
    this.linked = new Set(linked);
    this.checkpoints = checkpoints;
    const choices = this.#known(this.waiting);
    this.waiting = null;
    this.#setSources(choices);
    for (const [key, value] of Object.entries(values)) {
      this.given.set(key, value);
      this.set(key, choices[key] ?? value);
    }
    this.choose(choices);
  }

  // A visitor's choices, of the keys that a link may hold.
  choices() {
    if (this.waiting) return {...this.waiting};
    const chosen = key => this.committed.has(key) && !Object.is(this.committed.get(key), this.given.get(key));
    return Object.fromEntries([...this.linked].filter(chosen).map(key => [key, this.committed.get(key)]));
  }

  // Sets several keys together; what rules answer to the new values of the others does not replace a choice.
  choose(choices) {
    if (this.waiting) return void Object.assign(this.waiting, choices);
    const {checkpoint, ...rest} = this.#known(choices);
    const changed = Object.keys(choices).filter(key => !Object.is(choices[key], this.committed.get(key)));
    this.#setSources(rest);
    if (checkpoint !== undefined) this.set('checkpoint', checkpoint);  // first: the facts that follow stand below choices
    for (const [key, value] of Object.entries(rest)) this.set(key, value);
    const stale = this.#downstream(changed);
    const beside = [...this.committed].filter(([key]) => key in rest || !stale.has(key));
    for (const key of Object.keys(rest)) if (this.rules.has(key)) this.kept.set(key, new Map(beside));
  }

  // Choices in place of all those that are there.
  replace(choices) {
    this.kept.clear();
    if (this.waiting) this.waiting = {};
    const back = Object.keys(this.choices()).filter(key => !(key in choices) && this.given.has(key));
    this.choose({...Object.fromEntries(back.map(key => [key, this.given.get(key)])), ...choices});
    back.forEach(key => this.kept.delete(key));
  }

  // What this tab can show of choices that came from elsewhere; the rest is named.
  #known(choices) {
    const known = Object.fromEntries(Object.entries(choices).filter(([key]) => this.linked.has(key)));
    const lost = Object.keys(choices).filter(key => !(key in known));
    const model = known.checkpoint;
    if (model !== undefined && this.checkpoints.length && !this.checkpoints.includes(model)) {
      lost.push(`model ${model}`);
      for (const key of Object.keys(known)) if (key === 'checkpoint' || this.rules.has(key)) delete known[key];
    }
    if (lost.length) notice(`The link asks for what is not here: ${lost.join(', ')}. The rest is shown.`, `link to ${this.name}`);
    return known;
  }

  // The keys that follow from others, and those.
  #downstream(keys) {
    const found = new Set(keys);
    for (const [key, causes] of this.causes) if (causes.some(cause => found.has(cause))) found.add(key);
    return found;
  }

  // Another input of a picture shows where it comes from, and does not choose one of its own.
  #setSources(choices) {
    for (const [key, value] of Object.entries(choices)) if (value?.source) this.set(`${key} source`, value.source);
  }

  preview(key, value) {
    this.previews.set(key, value);
    this.#tell(key);
  }

  restore(key) {
    if (this.previews.delete(key)) this.#tell(key);
  }

  // What was computed for another model is not asked about any more; widgets go on showing it until the new one comes.
  forget(keys) {
    for (const key of keys) {
      this.previews.delete(key);
      this.committed.delete(key);
      this.given.delete(key);
    }
  }

  // The keys that are subscribed to while some work is done.
  noting(work) {
    this.noted = new Set();
    work();
    return this.noted;
  }

  // Calls back with the values of all keys: at once if they are there, and whenever one changes.
  subscribe(keys, callback) {
    const call = () => {
      const values = keys.map(key => this.get(key));
      if (values.every(value => value !== undefined)) callback(...values);
    };
    for (const key of keys) {
      this.noted?.add(key);
      if (!this.listeners.has(key)) this.listeners.set(key, new Set());
      this.listeners.get(key).add(call);
      // Somebody looks at it now, so it is computed; what a hand has changed since stays.
      if (!this.given.has(key)) this.rules.get(key)?.();
    }
    call();
  }

  // Keys that a question computes from others; asked only while somebody looks at one of them.
  // when: keys whose change asks again; using: further keys sent along; gives: answer's name -> key.
  // where: values that keys must have, or it is not asked at all.
  // rest: milliseconds for which nothing may have changed before it is asked.
  derive({ask: question, when, using, where, gives, rest}) {
    const inputs = {...when, ...using};
    const run = latest(async values => {
      const answer = await ask(this.name, question, values);
      if (['checkpoint', 'data'].some(name => name in values && values[name] !== this.get(inputs[name]))) return;
      const causes = Object.entries(when).map(([name, key]) => [key, values[name]]);
      for (const [name, key] of Object.entries(gives)) this.#answer(key, answer[name], causes);
    });
    const askWhen = rest ? afterRest(run, rest) : run;
    let incomplete = false;
    const update = () => {
      if (!Object.values(gives).some(key => this.listeners.has(key))) return;
      if (Object.entries(where).some(([key, value]) => this.get(key) !== value)) return;
      const values = Object.fromEntries(Object.entries(inputs).map(([name, key]) => [name, this.get(key)]));
      incomplete = Object.values(values).some(value => value === undefined);
      if (!incomplete) askWhen(values);
    };
    for (const key of Object.values(gives)) {
      this.rules.set(key, update);
      this.causes.set(key, [...this.causes.get(key) ?? [], ...Object.values(when)]);
    }
    this.subscribe(Object.values(when), update);
    if (Object.keys(where).length) this.subscribe(Object.keys(where), update);
    this.subscribe(Object.values(using), () => { if (incomplete) update(); });  // it was asked before all of it was there
  }

  #answer(key, value, causes) {
    const beside = this.kept.get(key);
    const stands = beside && causes.every(([cause, now]) => {
      if (!beside.has(cause)) beside.set(cause, now);  // it was still being computed
      return Object.is(beside.get(cause), now);
    });
    if (stands) return void this.given.set(key, value);
    this.kept.delete(key);
    this.give(key, value);
  }

  #tell(key) {
    for (const call of this.listeners.get(key) ?? []) call();
  }
}

const scenes = new Map();

export function scene(name) {
  if (!scenes.has(name)) scenes.set(name, new Scene(name));
  return scenes.get(name);
}

// Opens another tab with some of its keys set, as if a visitor had chosen them there; a picture is {data, shape, source}.
export function openTab(stem, values = {}) {
  scene(stem).choose(values);
  document.querySelector(`#tabs [role="tab"][data-tab-id="${stem}"]`)?.click();
}

// ---- Questions ------------------------------------------------------------------------------------------------

// Questions not yet answered on the whole page; browser tests wait until there are none.
window.latentExplorer = {asking: 0};

export function count(change) {
  window.latentExplorer.asking += change;
}

function afterRest(work, milliseconds) {
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

// Some pictures of {data: Uint8Array, shape: [..., C, H, W]} from number first on, side by side as ImageData; grey or RGB.
export function toImage({data, shape}, first = 0, count = 1) {
  const [channels, height, width] = shape.slice(-3);
  const size = height * width;
  const image = new ImageData(count * width, height);
  const pixels = new Uint32Array(image.data.buffer);  // one number a pixel: alpha, blue, green, red
  for (let picture = 0; picture < count; picture++) {
    const red = (first + picture) * channels * size;
    const [green, blue] = channels === 3 ? [red + size, red + 2 * size] : [red, red];
    for (let row = 0, i = 0; row < height; row++) {
      let at = (row * count + picture) * width;
      for (const end = i + width; i < end; i++) {
        pixels[at++] = 0xff000000 | data[blue + i] << 16 | data[green + i] << 8 | data[red + i];
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
