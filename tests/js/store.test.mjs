// The state of a tab: what is shown, chosen and computed, and what stands when these meet.

import assert from 'node:assert/strict';
import test from 'node:test';

import {openTab, tabState, watch} from '../../explorer/widgets/store.js';
import {openPage, opened, said, settle, toSafetensors} from './fake_page.mjs';

const vector = (...values) => ({data: Float32Array.from(values), shape: [values.length]});
const picture = source => ({data: Uint8Array.of(0, 255), shape: [1, 1, 2], source});

let count = 0;

// A tab of its own for each test, which nobody has opened yet.
function newTab(page = {}) {
  const stem = `tab_${++count}`;
  openPage({tab: stem, ...page});
  return tabState(stem);
}

// A tab that was opened: its first values, its rules, and names of checkpoints it can show.
function openedTab({values = {}, rules = [], linked = Object.keys(values), checkpoints = [], ...page} = {}) {
  const state = newTab(page);
  for (const rule of rules) state.addRule({using: {}, where: {}, rest: 0, ...rule});
  state.open(values, linked, checkpoints);
  return state;
}

// The values a subscriber was called with, one list a call.
function calls(state, ...keys) {
  const seen = [];
  state.subscribe(keys, (...values) => seen.push(values));
  return seen;
}

// ---- Values and previews

test('a key that nothing was set for has no value', () => {
  assert.equal(newTab().get('z'), undefined);
});

test('a subscriber is called at once where all its keys have values, and not before', () => {
  const state = newTab();
  const seen = calls(state, 'a', 'b');
  state.set('a', 1);
  assert.deepEqual(seen, []);
  state.set('b', 2);
  assert.deepEqual(seen, [[1, 2]]);
  assert.deepEqual(calls(state, 'b', 'a'), [[2, 1]]);
});

test('null and 0 are values', () => {
  const state = newTab();
  state.set('a', null);
  state.set('b', 0);
  assert.deepEqual(calls(state, 'a', 'b'), [[null, 0]]);
});

test('the same value once more tells nobody', () => {
  const state = newTab();
  const seen = calls(state, 'a');
  state.set('a', 1);
  state.set('a', 1);
  assert.deepEqual(seen, [[1]]);
});

test('an equal array that was made anew is another value', () => {
  const state = newTab();
  const seen = calls(state, 'z');
  state.set('z', vector(1));
  state.set('z', vector(1));
  assert.equal(seen.length, 2);
});

test('a preview is shown before what was committed until it is restored', () => {
  const state = newTab();
  state.set('a', 1);
  const seen = calls(state, 'a');
  state.preview('a', 2);
  assert.equal(state.get('a'), 2);
  assert.equal(state.committed.get('a'), 1);
  state.restore('a');
  assert.deepEqual(seen, [[1], [2], [1]]);
});

test('restoring what was not previewed tells nobody', () => {
  const state = newTab();
  state.set('a', 1);
  const seen = calls(state, 'a');
  state.restore('a');
  assert.deepEqual(seen, [[1]]);
});

test('committing what is previewed changes nothing that is seen', () => {
  const state = newTab();
  const seen = calls(state, 'a');
  state.preview('a', 2);
  state.set('a', 2);
  state.restore('a');
  assert.deepEqual(seen, [[2]]);
  assert.equal(state.committed.get('a'), 2);
});

test('committing anything ends the preview', () => {
  const state = newTab();
  state.set('a', 1);
  state.preview('a', 2);
  state.set('a', 1);
  assert.equal(state.get('a'), 1);
});

test('watchers of all tabs hear of what is committed, not of previews', () => {
  const state = newTab();
  const heard = [];
  watch((tab, key) => { if (tab === state) heard.push(key); });
  state.set('a', 1);
  state.set('a', 1);
  state.preview('b', 1);
  state.restore('b');
  state.preview('b', 2);
  state.set('b', 2);
  assert.deepEqual(heard, ['a', 'b']);
});

test('what is forgotten has no value, and its subscribers are not called', () => {
  const state = newTab();
  state.setDefault('a', 1);
  state.preview('a', 2);
  const seen = calls(state, 'a');
  state.forget(['a', 'never set']);
  assert.equal(state.get('a'), undefined);
  assert.deepEqual(seen, [[2]]);
});

test('keys that are subscribed to during some work are told', () => {
  const state = newTab();
  state.subscribe(['before'], () => {});
  assert.deepEqual([...state.keysRead(() => { calls(state, 'a', 'b'); calls(state, 'a'); })], ['a', 'b']);
});

// ---- Choices

test('a choice is what differs from what stands there by itself', () => {
  const state = openedTab({values: {a: 1, b: 2}});
  assert.deepEqual(state.choices(), {});
  state.set('a', 5);
  assert.deepEqual(state.choices(), {a: 5});
  state.set('a', 1);
  assert.deepEqual(state.choices(), {});
});

test('a default is no choice', () => {
  const state = openedTab({values: {a: 1}});
  state.setDefault('a', 7);
  assert.deepEqual(state.choices(), {});
  assert.equal(state.get('a'), 7);
});

test('a preview is no choice', () => {
  const state = openedTab({values: {a: 1}});
  state.preview('a', 5);
  assert.deepEqual(state.choices(), {});
});

test('only keys that a link may hold are choices', () => {
  const state = openedTab({values: {a: 1, tool: 'look'}, linked: ['a']});
  state.set('tool', 'paint');
  state.set('extra', 1);
  assert.deepEqual(state.choices(), {});
});

test('what was chosen before a tab is opened stands when it opens', () => {
  const state = newTab();
  state.choose({a: 5});
  state.choose({b: 6});
  assert.equal(state.get('a'), undefined);
  assert.deepEqual(state.choices(), {a: 5, b: 6});
  state.open({a: 1, b: 2, c: 3}, ['a', 'b', 'c'], []);
  assert.deepEqual(['a', 'b', 'c'].map(key => state.get(key)), [5, 6, 3]);
  assert.deepEqual(state.choices(), {a: 5, b: 6});
});

test('before a tab is opened, choices in place of all others leave only those', () => {
  const state = newTab();
  state.choose({a: 5});
  state.chooseOnly({b: 6});
  assert.deepEqual(state.choices(), {b: 6});
});

test('the checkpoint is chosen first, so that its facts stand below the other choices', () => {
  const state = openedTab({values: {checkpoint: 'vae/one', k: 10}, checkpoints: ['vae/one', 'vae/two']});
  state.subscribe(['checkpoint'], name => state.setDefault('k', name === 'vae/two' ? 20 : 10));
  state.choose({k: 3, checkpoint: 'vae/two'});
  assert.equal(state.get('k'), 3);
  assert.deepEqual(state.choices(), {checkpoint: 'vae/two', k: 3});
});

test('choices in place of all others put the rest back', () => {
  const state = openedTab({values: {a: 1, b: 2, c: 3}});
  state.choose({a: 5, b: 6});
  state.chooseOnly({b: 7});
  assert.deepEqual(['a', 'b', 'c'].map(key => state.get(key)), [1, 7, 3]);
  assert.deepEqual(state.choices(), {b: 7});
});

test('a chosen picture brings its source along, an unchosen one does not', () => {
  const state = openedTab({values: {x: null}});
  const source = {data: 'mnist', index: 3, name: '(seven)'};
  state.choose({x: picture(source)});
  assert.deepEqual(state.get('x source'), source);
  const later = newTab();
  later.choose({x: picture(source)});
  later.open({}, ['x'], []);
  assert.deepEqual(later.get('x source'), source);
});

test('the source is there when the picture is', () => {
  const source = {data: 'mnist', index: 3, name: '(seven)'};
  for (const choose of [state => state.choose({x: picture(source)}), state => state.chooseOnly({x: picture(source)})]) {
    const state = openedTab({values: {x: null}});
    const sources = [];
    state.subscribe(['x'], x => sources.push(x && state.get('x source')));
    choose(state);
    assert.deepEqual(sources, [null, source]);
  }
});

test('the same where it was chosen before the tab was opened', () => {
  const source = {data: 'mnist', index: 3, name: '(seven)'};
  const state = newTab();
  const sources = [];
  state.subscribe(['x'], () => sources.push(state.get('x source')));
  state.choose({x: picture(source)});
  state.open({x: null}, ['x'], []);
  assert.deepEqual(sources, [source]);
});

test('a tab is opened with choices, by a click on it', () => {
  openPage();
  openTab('another_tab', {k: 3});
  assert.deepEqual(tabState('another_tab').choices(), {k: 3});
  assert.deepEqual(opened(), ['another_tab']);
});

// ---- Choices that do not fit

test('a key that the tab does not have is named, and the rest is shown', () => {
  const state = openedTab({values: {a: 1}});
  state.choose({mood: 'blue', a: 2, taste: 'sour'});
  assert.equal(state.get('a'), 2);
  assert.equal(state.get('mood'), undefined);
  assert.equal(said(), 'The link asks for what is not here: mood, taste. The rest is shown.');
});

test('the sentence goes with the next choices that fit', () => {
  const state = openedTab({values: {a: 1}});
  state.choose({mood: 'blue'});
  assert.notEqual(said(), '');
  state.choose({a: 2});
  assert.equal(said(), '');
});

for (const [name, first, fitting, other] of [
  ['number', 1, 2.5, 'two'],
  ['word', 'look', 'paint', 3],
  ['list', [1, 2], [], 3],
  ['array', vector(1), vector(2, 3), [2, 3]],
  ['switch', false, true, 1],
]) {
  test(`where a ${name} belongs nothing else is taken`, () => {
    const state = openedTab({values: {a: first}});
    state.choose({a: other});
    assert.equal(state.get('a'), first);
    assert.match(said(), /not here: a\./);
    state.choose({a: fitting});
    assert.equal(state.get('a'), fitting);
  });
}

test('where a tab begins with nothing, or a rule gives the first value, every kind is taken', () => {
  const state = openedTab({values: {a: null}, linked: ['a', 'b']});
  state.choose({a: 3, b: 'word'});
  assert.deepEqual([state.get('a'), state.get('b')], [3, 'word']);
  assert.equal(said(), '');
});

test('of a model that is not here neither it nor what is computed is taken', () => {
  const state = openedTab({
    values: {checkpoint: 'vae/one', a: 1},
    linked: ['checkpoint', 'a', 'z'],
    checkpoints: ['vae/one'],
    rules: [{ask: 'encode', when: {checkpoint: 'checkpoint'}, gives: {z: 'z'}}],
  });
  state.choose({checkpoint: 'vae/none', a: 5, z: vector(1)});
  assert.deepEqual([state.get('checkpoint'), state.get('a'), state.get('z')], ['vae/one', 5, undefined]);
  assert.equal(said(), 'The link asks for what is not here: model vae/none. The rest is shown.');
});

test('a tab without a choice of models takes any name', () => {
  const state = openedTab({values: {checkpoint: 'a'}});
  state.choose({checkpoint: 'b'});
  assert.equal(state.get('checkpoint'), 'b');
});

// ---- Rules

const SUM = {ask: 'sum', when: {x: 'a', y: 'b'}, gives: {sum: 'total'}};

// What was asked, in order, by an app that answers with the sum of all numbers it is sent.
function sums(asked) {
  return (question, values) => {
    asked.push([question, values]);
    return {sum: Object.values(values).reduce((sum, value) => sum + value, 0)};
  };
}

test('what a rule gives is asked as soon as somebody looks at it, and again when a cause changes', async () => {
  const asked = [];
  const state = openedTab({values: {a: 1, b: 2}, linked: ['a', 'total'], rules: [SUM], answer: sums(asked)});
  await settle();
  assert.deepEqual(asked, [], 'nobody looks at it');
  const seen = calls(state, 'total');
  await settle();
  state.set('a', 5);
  await settle();
  assert.deepEqual(asked, [['sum', {x: 1, y: 2}], ['sum', {x: 5, y: 2}]]);
  assert.deepEqual(seen, [[3], [7]]);
  assert.deepEqual(state.choices(), {a: 5}, 'an answer is no choice');
});

test('it does not matter whether the rule or the look at it comes first', async () => {
  const asked = [];
  const state = newTab({answer: sums(asked)});
  const seen = calls(state, 'total');
  state.addRule({using: {}, where: {}, rest: 0, ...SUM});
  state.open({a: 1, b: 2}, ['a', 'b'], []);
  await settle();
  assert.deepEqual(seen, [[3]]);
  assert.equal(asked.length, 1);
});

test('causes that change together ask once, and previews ask too', async () => {
  const asked = [];
  const state = openedTab({values: {a: 1, b: 2}, rules: [SUM], answer: sums(asked)});
  const seen = calls(state, 'total');
  state.set('a', 10);
  state.preview('b', 20);
  await settle();
  assert.deepEqual(seen, [[30]]);
  state.restore('b');
  await settle();
  assert.deepEqual(seen, [[30], [12]]);
  assert.equal(asked.length, 2);
});

test('arrays are sent as lists', async () => {
  const asked = [];
  const answer = (question, values) => { asked.push(values); return {x_hat: 0}; };
  const state = openedTab({values: {z: vector(1, 2)}, rules: [{ask: 'decode', when: {z: 'z'}, gives: {x_hat: 'x_hat'}}], answer});
  calls(state, 'x_hat');
  await settle();
  assert.deepEqual(asked, [{z: [1, 2]}]);
});

test('a key that is only sent along asks nothing by itself', async () => {
  const asked = [];
  const rule = {...SUM, when: {x: 'a'}, using: {y: 'b'}};
  const state = openedTab({values: {a: 1, b: 2}, rules: [rule], answer: sums(asked)});
  const seen = calls(state, 'total');
  await settle();
  state.set('b', 50);
  await settle();
  assert.deepEqual(seen, [[3]]);
  state.set('a', 2);
  await settle();
  assert.deepEqual(seen, [[3], [52]]);
});

test('a key that is only sent along, and came late, is waited for', async () => {
  const rule = {...SUM, when: {x: 'a'}, using: {y: 'b'}};
  const state = openedTab({values: {a: 1}, rules: [rule], answer: sums([])});
  const seen = calls(state, 'total');
  await settle();
  assert.deepEqual(seen, []);
  state.set('b', 2);
  await settle();
  assert.deepEqual(seen, [[3]]);
});

test('a rule for some values of a key asks only while it has them', async () => {
  const asked = [];
  const rule = {...SUM, where: {kind: 'sum'}};
  const state = openedTab({values: {a: 1, b: 2, kind: 'none'}, rules: [rule], answer: sums(asked)});
  calls(state, 'total');
  state.set('a', 2);
  await settle();
  assert.equal(asked.length, 0);
  state.set('kind', 'sum');
  await settle();
  assert.deepEqual(asked, [['sum', {x: 2, y: 2}]]);
});

test('what is dear is asked once nothing has changed for a while', async t => {
  t.mock.timers.enable({apis: ['setTimeout']});
  const asked = [];
  const state = openedTab({values: {a: 1, b: 2}, rules: [{...SUM, rest: 20}], answer: sums(asked)});
  calls(state, 'total');
  for (const value of [2, 3, 4]) {
    state.set('a', value);
    t.mock.timers.tick(19);
  }
  assert.equal(window.latentExplorer.asking, 1, 'tests of the page wait for it');
  assert.equal(asked.length, 0);
  t.mock.timers.tick(1);
  await settle();
  assert.deepEqual(asked, [['sum', {x: 4, y: 2}]]);
});

test('an answer for a model that is not shown any more is dropped', async () => {
  const state = openedTab({
    values: {checkpoint: 'one', z: 1},
    rules: [{ask: 'decode', when: {z: 'z'}, using: {checkpoint: 'checkpoint'}, gives: {x_hat: 'x_hat'}}],
    answer: (question, {checkpoint}) => {
      if (checkpoint === 'one') state.set('checkpoint', 'two');  // while it is answered
      return {x_hat: checkpoint === 'one' ? 1 : 2};
    },
  });
  const seen = calls(state, 'x_hat');
  await settle();
  assert.deepEqual(seen, []);
  state.set('z', 2);
  await settle();
  assert.deepEqual(seen, [[2]]);
});

test('an answer for a cause that has moved on is shown all the same', async () => {
  const asked = [];
  const state = openedTab({
    values: {z: 1},
    rules: [{ask: 'decode', when: {z: 'z'}, gives: {x_hat: 'x_hat'}}],
    answer: (question, {z}) => {
      asked.push(z);
      if (z === 1) state.set('z', 2);
      return {x_hat: 10 * z};
    },
  });
  const seen = calls(state, 'x_hat');
  await settle();
  assert.deepEqual(seen, [[10], [20]]);
  assert.deepEqual(asked, [1, 2]);
});

test('an answer may give several keys', async () => {
  const rule = {ask: 'stats', when: {x: 'a'}, gives: {low: 'low', high: 'top'}};
  const state = openedTab({values: {a: 5}, rules: [rule], answer: (question, {x}) => ({low: x - 1, high: x + 1})});
  const seen = calls(state, 'low', 'top');
  await settle();
  assert.deepEqual(seen.at(-1), [4, 6]);
});

test('what is refused is said, and the old value stays', async () => {
  const state = openedTab({values: {a: 1, b: 2}, rules: [SUM], answer: sums([])});
  calls(state, 'total');
  await settle();
  globalThis.fetch = async () => new Response('x must be at most 9.', {status: 400, headers: {'Content-Type': 'text/plain'}});
  state.set('a', 10);
  await settle();
  assert.equal(state.get('total'), 3);
  assert.equal(said(), 'x must be at most 9.');
});

// ---- Where a choice meets the answer of a rule

const CODE = {ask: 'encode', when: {x: 'x', checkpoint: 'checkpoint'}, gives: {z: 'z'}};
const OUTPUT = {ask: 'decode', when: {z: 'z'}, gives: {x_hat: 'x_hat'}};

// A tab with x → z → x_hat, on which somebody looks at all of them. z is 100 x, and x_hat is −z.
async function chain(choices = {}) {
  const state = newTab({
    answer: (question, {x, z, checkpoint}) => (question === 'encode' ? {z: 100 * x + (checkpoint === 'two' ? 1 : 0)} : {x_hat: -z}),
  });
  state.choose(choices);
  for (const rule of [CODE, OUTPUT]) state.addRule({using: {}, where: {}, rest: 0, ...rule});
  state.open({x: 1, checkpoint: 'one'}, ['x', 'checkpoint', 'z'], ['one', 'two']);
  state.subscribe(['z'], () => {});
  state.subscribe(['x_hat'], () => {});
  await settle();
  return state;
}

test('what a hand has set is replaced when its causes change', async () => {
  const state = await chain();
  state.set('z', 7);
  await settle();
  assert.deepEqual([state.get('z'), state.get('x_hat')], [7, -7]);
  assert.deepEqual(state.choices(), {z: 7});
  state.set('x', 2);
  await settle();
  assert.deepEqual([state.get('z'), state.get('x_hat')], [200, -200]);
  assert.deepEqual(state.choices(), {x: 2});
});

test('of choices made together none is replaced by the answer to another', async () => {
  const state = await chain();
  state.choose({x: 2, z: 7});
  await settle();
  assert.deepEqual([state.get('z'), state.get('x_hat')], [7, -7]);
  assert.deepEqual(state.choices(), {x: 2, z: 7});
});

test('the same where they were made before the tab was opened', async () => {
  const state = await chain({x: 2, z: 7});
  assert.deepEqual([state.get('z'), state.get('x_hat')], [7, -7]);
  assert.deepEqual(state.choices(), {x: 2, z: 7});
});

test('the same where the model was chosen with them', async () => {
  const state = await chain();
  state.choose({z: 7, checkpoint: 'two'});
  await settle();
  assert.equal(state.get('z'), 7);
});

test('they stand until what they were made beside changes', async () => {
  const state = await chain({x: 2, z: 7});
  state.set('x', 3);
  await settle();
  assert.deepEqual([state.get('z'), state.get('x_hat')], [300, -300]);
  assert.deepEqual(state.choices(), {x: 3});
});

test('and do not come back with it', async () => {
  const state = await chain({x: 2, z: 7});
  state.set('x', 3);
  await settle();
  state.set('x', 2);
  await settle();
  assert.equal(state.get('z'), 200);
});

test('beneath a choice the answer of the rule is known, and comes back when the choice is taken back', async () => {
  const state = await chain();
  state.choose({x: 2, z: 7});
  await settle();
  state.chooseOnly({x: 2});
  await settle();
  assert.equal(state.get('z'), 200);
  assert.deepEqual(state.choices(), {x: 2});
});

test('all choices taken back leave the tab as it was', async () => {
  const state = await chain();
  state.choose({x: 2, z: 7, checkpoint: 'two'});
  await settle();
  state.chooseOnly({});
  await settle();
  assert.deepEqual(['x', 'checkpoint', 'z', 'x_hat'].map(key => state.get(key)), [1, 'one', 100, -100]);
  assert.deepEqual(state.choices(), {});
});

test('a choice beside a value that is still being computed stands when that comes', async () => {
  const first = {ask: 'first', when: {x: 'x'}, gives: {y: 'y'}};
  const second = {ask: 'second', when: {y: 'y'}, gives: {z: 'z'}};
  const state = newTab({answer: (question, {x, y}) => (question === 'first' ? {y: 10 * x} : {z: 10 * y})});
  state.choose({x: 2, z: 7});
  for (const rule of [first, second]) state.addRule({using: {}, where: {}, rest: 0, ...rule});
  state.open({x: 1}, ['x', 'z'], []);
  const seen = calls(state, 'z');
  await settle();
  assert.equal(state.get('y'), 20, 'which is not chosen, and not known when z is');
  assert.deepEqual(seen, [[7]]);
  state.set('x', 3);
  await settle();
  assert.equal(state.get('z'), 300);
});

test('the same where an older value of it is there already', async () => {
  const first = {ask: 'first', when: {x: 'x'}, gives: {y: 'y'}};
  const second = {ask: 'second', when: {y: 'y'}, gives: {z: 'z'}};
  const state = openedTab({
    values: {x: 1},
    linked: ['x', 'z'],
    rules: [first, second],
    answer: (question, {x, y}) => (question === 'first' ? {y: 10 * x} : {z: 10 * y}),
  });
  state.subscribe(['y'], () => {});
  calls(state, 'z');
  await settle();
  state.choose({x: 2, z: 7});
  await settle();
  assert.deepEqual([state.get('y'), state.get('z')], [20, 7]);
});

test('a choice on a key stands against a second rule that gives it', async () => {
  const rules = [
    {ask: 'one', when: {x: 'a'}, gives: {z: 'z'}},
    {ask: 'two', when: {x: 'b'}, gives: {z: 'z'}},
  ];
  const state = openedTab({values: {a: 1, b: 2}, linked: ['a', 'b', 'z'], rules, answer: (question, {x}) => ({z: x})});
  calls(state, 'z');
  await settle();
  state.choose({a: 5, z: 7});
  await settle();
  assert.equal(state.get('z'), 7);
  state.set('b', 9);
  await settle();
  assert.equal(state.get('z'), 9);
});

test('choices taken back hold nothing any more, also where they are what the rule gives', async () => {
  const state = await chain();
  state.choose({z: state.get('z')});
  assert.deepEqual(state.choices(), {});
  state.chooseOnly({});
  globalThis.fetch = async () => new Response(toSafetensors({z: 5}));
  state.preview('x', 2);
  state.restore('x');
  await settle();
  assert.equal(state.get('z'), 5);
});

test('every tab asks the app in its own name', async () => {
  const stems = [];
  const state = openedTab({values: {a: 1, b: 2}, rules: [SUM], answer: (question, values, stem) => { stems.push(stem); return {sum: 0}; }});
  calls(state, 'total');
  await settle();
  assert.deepEqual(stems, [`tab_${count}`]);
});

test('a look at a key asks for it unless something stands there already', async () => {
  const asked = [];
  const state = openedTab({values: {a: 1, b: 2, total: 9}, rules: [SUM], answer: sums(asked)});
  assert.deepEqual(calls(state, 'total'), [[9]]);
  await settle();
  assert.deepEqual(asked, []);
});
