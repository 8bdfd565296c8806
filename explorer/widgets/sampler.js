// Fills grids of codes through a question: play, pause, step, stop; a click on one of the likeliest codes forces it.

import {ask, button, countAsking, countPaint, format, make, notice, paint} from './kit.js';
import {explain, insist, newest} from './request.js';
import {tabState} from './store.js';

const PACE = 100;  // milliseconds between questions at least, while it plays
const REST = 120;  // milliseconds without a change before it fills to the end

const rest = milliseconds => new Promise(done => setTimeout(done, Math.max(0, milliseconds)));

export function mount({element, props}) {
  const state = tabState(props.scene);
  const play = button('', toggle, 'le-play');
  const tools = make('div', 'le-tools');
  const title = make('div', `le-label le-symbol-${props.symbol}`);
  const next = make('div', 'le-next');
  tools.append(play, button('Step', () => goOn('step', 1)), button('Stop', stop));
  element.append(tools, title, next);
  next.style.gridTemplateColumns = `repeat(${props.columns}, ${props.tile + 4}px)`;

  const say = sentence => notice(sentence, element, props.scene);
  const filled = level => props.filled.replace('{}', level);
  const given = Object.entries({...props.using, ...props.anew, ...props.onwards});
  let doing = '';  // what goes on: 'play', 'fill' to the end at once, 'step', or nothing
  let last = 0;  // number of the last run
  let fresh = 0;  // number of the last run that began anew: what earlier ones still bring is not shown
  let stale = false;  // something changed while nobody looked
  let likely;  // the last answer

  // ---- Codes

  function beginning() {
    return Object.fromEntries(props.levels.map(level => {
      const {data, shape} = state.get(props.start.replace('{}', level));
      const all = new Float32Array(props.samples * data.length);
      for (let sample = 0; sample < props.samples; sample++) all.set(data, sample * data.length);
      return [level, {data: all, shape: [props.samples, ...shape]}];
    }));
  }

  function present() {
    return Object.fromEntries(props.levels.map(level => [level, state.get(filled(level))]));
  }

  const gaps = grids => Object.values(grids).some(({data}) => data.includes(-1));

  // Nobody has chosen what is drawn: it follows from the settings, and is no step to undo.
  function show(answer) {
    for (const level of props.levels) {
      state.setDefault(filled(level), answer[level]);
      state.setDefault(`${level}_next`, answer[`${level}_next`]);
    }
    for (const [name, key] of Object.entries(props.gives)) state.setDefault(key, answer[name]);
    likely = answer;
    showLikely();
  }

  // ---- Runs: one at a time, each a few codes for every question

  const run = newest(async take => {
    let {from, count, number} = take();
    try {
      if (doing === 'fill') await rest(REST);
      let grids = from();
      while (number === last) {
        const begun = performance.now();
        const rate = doing === 'play' ? props.rates[state.get(props.speed)] : Infinity;
        const part = Math.min(count, props.most, Math.max(1, Math.round(rate * PACE / 1000)));
        const values = Object.fromEntries(given.map(([name, key]) => [name, state.get(key)]));
        const question = seconds => (number < fresh ? null : ask(props.scene, props.ask, {...grids, ...values, count: part}, seconds));
        const answer = await insist(question, say);
        if (number < fresh) return;
        show(answer);
        grids = present();
        count -= part;
        if (!element.offsetParent) stale = doing === 'fill';  // to be done when somebody looks again
        if (count <= 0 || !gaps(grids) || !element.offsetParent) return;
        await rest(1000 * part / rate - (performance.now() - begun));
      }
    } catch (error) {
      say(explain(error));
    } finally {
      if (number === last) setDoing('');
    }
  }, countAsking);

  function go(what, from, count) {
    last++;
    setDoing(what);
    run({from, count, number: last});
  }

  function goAnew(what, count) {
    fresh = last + 1;
    go(what, beginning, count);
  }

  // Where nothing is left to be filled it begins anew.
  function goOn(what, count) {
    if (!likely) return;
    if (gaps(present())) go(what, present, count);
    else goAnew(what, count);
  }

  function stop() {
    if (likely) goAnew('step', 0);
  }

  // Of another model there is nothing to begin with yet, and what this one still brings is not shown.
  function leave() {
    fresh = ++last;
    setDoing('');
  }

  function toggle() {
    if (doing !== 'play') return goOn('play', Infinity);
    last++;
    setDoing('');
  }

  function change() {
    stale = !element.offsetParent;
    if (!stale) goAnew(doing === 'play' ? 'play' : 'fill', gaps(beginning()) ? Infinity : 0);
  }

  function changeOnwards() {
    if (doing === 'play' || !likely) return;
    if (doing === 'fill' || !gaps(present())) change();
    else go('step', present, 0);
  }

  function force(code) {
    const level = props.levels.find(name => likely[`${name}_next`] >= 0);
    const grids = present();
    const {data, shape} = grids[level];
    const values = data.slice();
    values[state.get(props.which) * shape[1] * shape[2] + likely[`${level}_next`]] = code;
    go('step', () => ({...grids, [level]: {data: values, shape}}), 1);
  }

  // ---- What is seen

  function setDoing(now) {
    doing = now;
    play.textContent = doing === 'play' ? 'Pause' : 'Play';
  }

  function showLikely() {
    if (!likely) return;
    const sample = state.get(props.which);
    const level = props.levels.find(name => likely[`${name}_next`] >= 0);
    const [tiles, numbers] = [props.tiles, props.numbers].map(key => state.get(key.replace('{}', level)));
    const ended = !level || !tiles || !numbers;
    title.textContent = ended ? 'Every code is there' : props.title.replace('{}', sample + 1);
    const count = likely.likeliest.shape[1];
    while (next.children.length < count) next.append(choice());
    Array.from(next.children).forEach((node, place) => {
      const chance = likely.probabilities.data[sample * count + place];
      node.hidden = ended || !(chance > 0);
      if (node.hidden) return;
      const code = likely.likeliest.data[sample * count + place];
      node.dataset.code = code;
      node.setAttribute('aria-label', `code ${code}, ${format(chance, 1)} %`);
      paint(node.firstChild, tiles, numbers.data.indexOf(code));
      node.lastChild.textContent = format(chance, chance < 9.95 ? 1 : 0);
    });
    countPaint(element);
  }

  function choice() {
    const node = button('', () => force(Number(node.dataset.code)));
    node.className = '';
    node.append(make('canvas'), make('span'));
    return node;
  }

  setDoing('');
  const starts = props.levels.map(level => props.start.replace('{}', level));
  state.subscribe(starts, change);
  for (const key of Object.values(props.using)) state.subscribe([key], leave);
  for (const [keys, call] of [[props.anew, change], [props.onwards, changeOnwards]]) {
    for (const key of Object.values(keys)) {
      let before = state.get(key);
      state.subscribe([key], value => {
        if (value !== before && likely && starts.every(start => state.get(start))) call();
        before = value;
      });
    }
  }
  state.subscribe([props.which], showLikely);
  for (const level of props.levels) {
    state.subscribe([props.tiles, props.numbers].map(key => key.replace('{}', level)), showLikely);
  }
  new IntersectionObserver(() => { if (stale) change(); }).observe(element);
}
