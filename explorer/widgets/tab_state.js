// The state of one tab: what a visitor has chosen there, and what rules computed from it.

import {notice} from './kit.js';
import {Pins} from './pins.js';
import {Rules} from './rules.js';
import {Values} from './values.js';

export class TabState extends Values {
  rules = new Rules(this);
  linked = new Set();  // keys that pixels depend on: a link holds those of them that a visitor has chosen
  program = {};  // arguments of the handler "python", each with its key; none where there is no such handler
  programParts = [];  // titles of the tab's parts that it writes, besides the first
  #pins = new Pins();
  #isShowing = false;  // while choices are made that come from a link, from undoing or from another tab
  #pendingChoices = {};  // those made before the tab was opened; null once it is
  #kinds = new Map();  // key -> kind of its first value, if it has one
  #checkpoints = [];  // names of the models it can show; none where it has no choice of them

  constructor(name, onCommit) {
    super();
    this.name = name;
    this.onCommit = key => onCommit(this, key);
  }

  // Opens the tab with its first values, under what was chosen for it before.
  open(values, linked, checkpoints) {
    this.linked = new Set(linked);
    this.#checkpoints = checkpoints;
    this.#kinds = new Map(Object.entries(values).map(([key, value]) => [key, kindOf(value)]));
    const choices = this.#fitting(this.#pendingChoices);
    this.#pendingChoices = null;
    this.#isShowing = true;
    this.#setSources(choices);
    for (const [key, value] of Object.entries(values)) {
      this.defaults.set(key, value);
      this.set(key, choices[key] ?? value);  // at once: nothing is asked about a first value that is not chosen
    }
    this.#commitTogether(choices);
  }

  // ---- Choices ------------------------------------------------------------------------------------------------

  // What a visitor has chosen, by key, as a link holds it.
  choices() {
    if (this.#pendingChoices) return {...this.#pendingChoices};
    const chosen = [...this.linked].filter(key => this.committed.has(key) && !Object.is(this.committed.get(key), this.defaults.get(key)));
    return Object.fromEntries(chosen.map(key => [key, this.committed.get(key)]));
  }

  // Makes several choices together: none of them is replaced by the answer to another.
  choose(choices) {
    if (this.#pendingChoices) return void Object.assign(this.#pendingChoices, choices);
    this.#commitTogether(this.#fitting(choices));
  }

  #commitTogether(choices) {
    this.#isShowing = true;
    const changed = Object.keys(choices).filter(key => !Object.is(choices[key], this.committed.get(key)));
    const {checkpoint, ...rest} = choices;
    this.#setSources(rest);  // first: another model may take other pictures, and an input without a source chooses one
    if (checkpoint !== undefined) this.set('checkpoint', checkpoint);  // then, for its facts set keys that may be chosen too
    for (const [key, value] of Object.entries(rest)) this.set(key, value);
    this.#pin(Object.keys(rest), new Set([...this.rules.following(changed)].filter(key => !(key in choices))));
    this.#isShowing = false;
  }

  // Of a commit that is being told of: whether a visitor's hand has made it here.
  isByHand(key) {
    return !this.#isShowing && !Object.is(this.committed.get(key), this.defaults.get(key));
  }

  // Makes choices, and takes back all others.
  chooseOnly(choices) {
    if (this.#pendingChoices) this.#pendingChoices = {};
    this.endPreviews();
    this.#pins.clear();
    const takenBack = Object.keys(this.choices()).filter(key => !(key in choices) && this.defaults.has(key));
    // An answer about the model so far, such as a code, does not fit another one, which gives its own; nor does a picture
    // fit another set.
    const {checkpoint = this.defaults.get('checkpoint')} = choices;
    const {data = this.defaults.get('data')} = choices;
    const isSame = Object.is(checkpoint, this.committed.get('checkpoint')) && Object.is(data, this.committed.get('data'));
    const fitting = takenBack.filter(key => isSame || (!this.rules.has(key) && !this.defaults.get(key)?.source));
    const defaults = Object.fromEntries(fitting.map(key => [key, this.defaults.get(key)]));
    this.choose({...defaults, ...choices});
    for (const key of takenBack) {
      this.#pins.remove(key);
      if (this.defaults.has(key)) this.set(key, this.defaults.get(key));  // another where the model is another
    }
  }

  // Pins those keys that rules compute beside all values but the outdated ones, which are being computed anew.
  #pin(keys, outdated) {
    const values = [...this.committed].filter(([key]) => !outdated.has(key));
    keys.filter(key => this.rules.has(key)).forEach(key => this.#pins.put(key, values));
  }

  // A picture comes with its source, which every input of that picture shows.
  #setSources(choices) {
    for (const [key, value] of Object.entries(choices)) if (value?.source) this.set(`${key} source`, value.source);
  }

  // Those choices that this tab can show. They may come from a link of another version, or of one with other models: what
  // does not fit is named.
  #fitting(choices) {
    const fits = ([key, value]) => this.linked.has(key) && [undefined, 'null', kindOf(value)].includes(this.#kinds.get(key));
    const fitting = Object.fromEntries(Object.entries(choices).filter(fits));
    const lost = Object.keys(choices).filter(key => !(key in fitting));
    const {checkpoint} = fitting;
    if (checkpoint !== undefined && this.#checkpoints.length && !this.#checkpoints.includes(checkpoint)) {
      lost.push(`model ${checkpoint}`);
      delete fitting.checkpoint;
      for (const key of Object.keys(fitting)) if (this.rules.has(key)) delete fitting[key];  // such as its codes
    }
    const sentence = lost.length ? `The link asks for what is not here: ${lost.join(', ')}. The rest is shown.` : '';
    notice(sentence, `link to ${this.name}`, this.name);
    return fitting;
  }

  // ---- Rules --------------------------------------------------------------------------------------------------

  addRule(rule) {
    this.rules.add(rule);
  }

  // Takes the answer of a rule; causes are what it follows from, [[key, value], …]. Beneath a pinned choice it is kept as
  // what stands there once the choice is taken back.
  setAnswer(key, value, causes) {
    if (this.#pins.hold(key, causes)) return void this.defaults.set(key, value);
    this.#pins.remove(key);
    this.setDefault(key, value);
  }

  // A key that somebody looks at is computed, unless that was done before: what a hand has changed since stays.
  onSubscribe(key) {
    if (!this.defaults.has(key)) this.rules.ask(key);
  }
}

function kindOf(value) {
  if (Array.isArray(value)) return 'list';
  if (value?.shape) return 'array';
  return value === null ? 'null' : typeof value;
}
