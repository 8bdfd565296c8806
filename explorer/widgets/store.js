// The page's state: for each tab what a visitor has chosen, and what was computed from it.

import {afterRest, ask, latest, notice} from './kit.js';

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
    this.pythonParts = [];  // titles of scenes that it writes, besides the first
    this.linked = new Set();  // keys that pixels depend on: a link holds the chosen ones
    this.kinds = new Map();  // key -> the kind of its first value, if it has one from the start
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
    this.kinds = new Map(Object.entries(values).map(([key, value]) => [key, kind(value)]));
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
    for (const key of back) {
      this.kept.delete(key);
      if (this.given.has(key)) this.set(key, this.given.get(key));  // another model's facts are others
    }
  }

  // What this tab can show of choices that came from elsewhere; the rest is named.
  #known(choices) {
    const fits = (key, value) => this.linked.has(key) && [undefined, 'null', kind(value)].includes(this.kinds.get(key));
    const known = Object.fromEntries(Object.entries(choices).filter(([key, value]) => fits(key, value)));
    const lost = Object.keys(choices).filter(key => !(key in known));
    const model = known.checkpoint;
    if (model !== undefined && this.checkpoints.length && !this.checkpoints.includes(model)) {
      lost.push(`model ${model}`);
      for (const key of Object.keys(known)) if (key === 'checkpoint' || this.rules.has(key)) delete known[key];
    }
    if (lost.length) notice(`The link asks for what is not here: ${lost.join(', ')}. The rest is shown.`, `link to ${this.name}`, this.name);
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
    const run = latest(async (values, seconds) => {
      const answer = await ask(this.name, question, values, seconds);
      if (['checkpoint', 'data'].some(name => name in values && values[name] !== this.get(inputs[name]))) return;
      const causes = Object.entries(when).map(([name, key]) => [key, values[name]]);
      for (const [name, key] of Object.entries(gives)) this.#answer(key, answer[name], causes);
    }, this.name);
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

// Of what kind a value is: a link that was changed by hand may hold another one than its widgets take.
function kind(value) {
  if (Array.isArray(value)) return 'list';
  if (value?.shape) return 'array';
  return value === null ? 'null' : typeof value;
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
