// Fills grids of codes through a question: play, pause, step, stop; a click on one of the likeliest codes forces it.

import {ask, button, countAsking, make, notice} from './kit.js';
import {Likeliest, levelToFill} from './likeliest_codes.js';
import {explain, insist, newest} from './request.js';
import {tabState} from './store.js';

const PACE = 100;  // milliseconds between questions at least, while it plays
const REST = 120;  // milliseconds without a change before it fills to the end

const rest = milliseconds => new Promise(done => setTimeout(done, Math.max(0, milliseconds)));

export function mount({element, props}) {
  const state = tabState(props.tab);
  const sampler = new Sampler(element, props, state);
  const likeliest = new Likeliest(element, props, state, code => sampler.force(code));
  sampler.onAnswer = answer => likeliest.show(answer);
  follow(sampler);
  likeliest.follow();
}

class Sampler {
  onAnswer = () => {};
  answer = null;  // the last one
  #doing = '';  // what goes on: 'play', 'fill' to the end at once, 'step', or nothing
  #last = 0;  // number of the last run
  #fresh = 0;  // number of the last run that began anew: what earlier ones still bring is not shown
  #isStale = false;  // something changed while nobody looked
  #run = newest(take => this.#fill(take()), countAsking);  // one at a time

  constructor(element, props, state) {
    Object.assign(this, {element, props, state});
    this.starts = props.levels.map(level => props.start.replace('{}', level));
    this.playButton = button('', () => this.toggle(), 'le-play');
    const tools = make('div', 'le-tools');
    tools.append(this.playButton, button('Step', () => this.goOn('step', 1)), button('Stop', () => this.stop()));
    element.append(tools);
    this.#setDoing('');
  }

  #setDoing(now) {
    this.#doing = now;
    this.playButton.textContent = now === 'play' ? 'Pause' : 'Play';
  }

  // ---- Codes

  // Those to begin with, for all samples.
  #beginning() {
    const {levels, samples} = this.props;
    return Object.fromEntries(levels.map((level, i) => {
      const {data, shape} = this.state.get(this.starts[i]);
      const all = new Float32Array(samples * data.length);
      for (let sample = 0; sample < samples; sample++) all.set(data, sample * data.length);
      return [level, {data: all, shape: [samples, ...shape]}];
    }));
  }

  #filledKey(level) {
    return this.props.filled.replace('{}', level);
  }

  #present() {
    return Object.fromEntries(this.props.levels.map(level => [level, this.state.get(this.#filledKey(level))]));
  }

  // Nobody has chosen what is drawn: it follows from the settings, and is no step to undo.
  #show(answer) {
    for (const level of this.props.levels) {
      this.state.setDefault(this.#filledKey(level), answer[level]);
      this.state.setDefault(`${level}_next`, answer[`${level}_next`]);
    }
    for (const [name, key] of Object.entries(this.props.gives)) this.state.setDefault(key, answer[name]);
    this.answer = answer;
    this.onAnswer(answer);
  }

  // ---- Runs: each asks for a few codes at a time

  #go(what, from, count) {
    this.#last++;
    this.#setDoing(what);
    this.#run({from, count, number: this.#last});
  }

  #goAnew(what, count) {
    this.#fresh = this.#last + 1;
    this.#go(what, () => this.#beginning(), count);
  }

  // Fills so many more codes, unless another run takes its place.
  async #fill({from, count, number}) {
    const say = sentence => notice(sentence, this.element, this.state.name);
    try {
      if (this.#doing === 'fill') await rest(REST);
      let grids = from();
      while (number === this.#last) {
        const begun = performance.now();
        const rate = this.#doing === 'play' ? this.props.rates[this.state.get(this.props.speed)] : Infinity;
        const part = Math.min(count, this.props.most, Math.max(1, Math.round(rate * PACE / 1000)));
        const values = this.#settings();
        const question = seconds => (number < this.#fresh ? null : ask(this.state.name, this.props.ask, {...grids, ...values, count: part}, seconds));
        const answer = await insist(question, say);
        if (number < this.#fresh) return;
        this.#show(answer);
        grids = this.#present();
        count -= part;
        const isSeen = Boolean(this.element.offsetParent);
        if (!isSeen) this.#isStale = this.#doing === 'fill';  // to be done when somebody looks again
        if (count <= 0 || !hasGaps(grids) || !isSeen) return;
        await rest(1000 * part / rate - (performance.now() - begun));
      }
    } catch (error) {
      say(explain(error));
    } finally {
      if (number === this.#last) this.#setDoing('');
    }
  }

  #settings() {
    const keys = {...this.props.using, ...this.props.anew, ...this.props.onwards};
    return Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, this.state.get(key)]));
  }

  // ---- What the hand does

  toggle() {
    if (this.#doing !== 'play') return this.goOn('play', Infinity);
    this.#last++;
    this.#setDoing('');
  }

  // Where nothing is left to be filled it begins anew.
  goOn(what, count) {
    if (!this.answer) return;
    if (hasGaps(this.#present())) this.#go(what, () => this.#present(), count);
    else this.#goAnew(what, count);
  }

  stop() {
    if (this.answer) this.#goAnew('step', 0);
  }

  // Puts a code into the next gap of the chosen sample.
  force(code) {
    const level = levelToFill(this.props.levels, this.answer);
    const grids = this.#present();
    const {data, shape} = grids[level];
    const [, height, width] = shape;
    const values = data.with(this.state.get(this.props.which) * height * width + this.answer[`${level}_next`], code);
    this.#go('step', () => ({...grids, [level]: {data: values, shape}}), 1);
  }

  // ---- What changes elsewhere

  // Begins anew, once somebody looks.
  beginAnew() {
    this.#isStale = !this.element.offsetParent;
    if (this.#isStale) return;
    this.#goAnew(this.#doing === 'play' ? 'play' : 'fill', hasGaps(this.#beginning()) ? Infinity : 0);
  }

  beginIfStale() {
    if (this.#isStale) this.beginAnew();
  }

  // Keeps the codes that are there, unless all are.
  changeOnwards() {
    if (this.#doing === 'play' || !this.answer) return;
    if (this.#doing === 'fill' || !hasGaps(this.#present())) this.beginAnew();
    else this.#go('step', () => this.#present(), 0);
  }

  // Of another model there is nothing to begin with yet, and what this one still brings is not shown.
  leave() {
    this.#fresh = ++this.#last;
    this.#setDoing('');
  }
}

const hasGaps = grids => Object.values(grids).some(({data}) => data.includes(-1));

function follow(sampler) {
  const {state, starts, props: {using, anew, onwards}} = sampler;
  state.subscribe(starts, () => sampler.beginAnew());
  for (const key of Object.values(using)) state.subscribe([key], () => sampler.leave());
  for (const key of Object.values(anew)) onChange(sampler, key, () => sampler.beginAnew());
  for (const key of Object.values(onwards)) onChange(sampler, key, () => sampler.changeOnwards());
  new IntersectionObserver(() => sampler.beginIfStale()).observe(sampler.element);
}

// Calls when a setting differs from before, once there is something to begin with.
function onChange(sampler, key, call) {
  const {state, starts} = sampler;
  let before = state.get(key);
  state.subscribe([key], value => {
    if (value !== before && sampler.answer && starts.every(start => state.get(start))) call();
    before = value;
  });
}
