// Rules: questions to the app whose answers are values of some keys, and follow from the values of others.

import {afterRest, ask, isAtHand, latest} from './kit.js';

export class Rules {
  #rules = [];

  constructor(state) {
    this.state = state;
  }

  add(description) {
    const rule = new Rule(this.state, description);
    this.#rules.push(rule);
    rule.follow();
  }

  // Whether a key's value is the answer to a question.
  has(key) {
    return this.#rules.some(rule => rule.keys.includes(key));
  }

  // Somebody looks at a key now.
  ask(key) {
    this.#rules.filter(rule => rule.keys.includes(key)).forEach(rule => rule.update());
  }

  // Some keys, and all that follow from them.
  following(keys) {
    const found = new Set(keys);
    for (const key of found) {  // also those that are added on the way
      const next = this.#rules.filter(rule => Object.values(rule.when).includes(key));
      next.flatMap(rule => rule.keys).forEach(other => found.add(other));
    }
    return found;
  }
}

class Rule {
  #newest;  // values that were asked about last
  #incomplete = false;  // whether it was not asked because a value was not there yet
  #ask;

  // ask: the question; when: its arguments by name, each with its key, whose change asks again; using: further ones,
  // which are sent along; where: values that keys have to have, or it is not asked; gives: arrays of the answer by name,
  // each with the key it is for; rest: milliseconds without a change before it is asked.
  constructor(state, {ask: question, when, using, where, gives, rest}) {
    Object.assign(this, {state, question, when, using, where, gives, keys: Object.values(gives), inputs: {...when, ...using}});
    const isReady = values => isAtHand(state.name, question, values);
    const run = latest((values, seconds) => this.#answer(values, seconds), state.name, isReady);
    this.#ask = rest ? afterRest(run, rest, isReady) : run;
  }

  follow() {
    const [when, where, using] = [Object.values(this.when), Object.keys(this.where), Object.values(this.using)];
    this.state.subscribe(when, () => this.update());
    if (where.length) this.state.subscribe(where, () => this.update());
    this.state.subscribe(using, () => { if (this.#incomplete) this.update(); });
  }

  // Asks, if somebody looks at what it gives and all that it takes is there.
  update() {
    if (!this.keys.some(key => this.state.isSubscribed(key))) return;
    if (Object.entries(this.where).some(([key, value]) => this.state.get(key) !== value)) return;
    const values = Object.fromEntries(Object.entries(this.inputs).map(([name, key]) => [name, this.state.get(key)]));
    this.#incomplete = Object.values(values).includes(undefined);
    if (this.#incomplete) return;
    this.#newest = values;
    this.#ask(values);
  }

  async #answer(values, seconds) {
    const causes = Object.entries(this.when).map(([name, key]) => [key, values[name]]);
    let answer;
    do {
      answer = await ask(this.state.name, this.question, values, seconds);
      if (this.#isOfAnotherModel(values)) return;
      for (const [name, key] of Object.entries(this.gives)) this.state.setAnswer(key, answer[name], causes);
    } while (answer.unfinished && values === this.#newest);
  }

  // Whether another model or another set of pictures was chosen while it was answered.
  #isOfAnotherModel(values) {
    return ['checkpoint', 'data'].some(name => name in values && values[name] !== this.state.get(this.inputs[name]));
  }
}
