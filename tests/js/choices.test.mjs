// What a visitor chooses on a tab, before and after it is opened.

import assert from 'node:assert/strict';
import test from 'node:test';

import {openTab, tabState} from '../../explorer/widgets/store.js';
import {openPage, opened, said, settle} from './fake_page.mjs';
import {newTab, openedTab, picture, vector} from './fake_tab.mjs';

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

test('a code that was chosen is not put back into another model', async () => {
  const asked = [];
  const rules = [
    {ask: 'encode', when: {checkpoint: 'checkpoint'}, gives: {z: 'z'}},
    {ask: 'decode', when: {z: 'z'}, using: {checkpoint: 'checkpoint'}, gives: {x_hat: 'x_hat'}},
  ];
  const sizes = {'ae/2d': 2, 'ae/30d': 30};
  const answer = (question, {checkpoint, z}) => {
    if (question === 'encode') return {z: vector(...Array(sizes[checkpoint]).fill(1))};
    asked.push([checkpoint, z.length]);
    return {x_hat: vector(0)};
  };
  const values = {checkpoint: 'ae/2d'};
  const state = openedTab({values, rules, linked: ['checkpoint', 'z'], checkpoints: Object.keys(sizes), answer});
  state.subscribe(['checkpoint'], () => state.forget(['z', 'x_hat']));
  state.subscribe(['x_hat'], () => {});
  await settle();
  state.choose({z: vector(5, 6)});
  await settle();
  state.chooseOnly({checkpoint: 'ae/30d'});
  await settle();
  assert.ok(asked.every(([checkpoint, count]) => sizes[checkpoint] === count), JSON.stringify(asked));
  assert.equal(state.get('z').data.length, 30);
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

test('undoing over a change of the picture set leaves the input to the set, whose first picture it is', async () => {
  const state = openedTab({values: {data: 'mnist', level: 1}, linked: ['data', 'level', 'x']});
  const firsts = {mnist: picture({data: 'mnist'}), pets: picture({data: 'pets'})};
  state.subscribe(['data'], data => {  // as an input does
    if (state.get('x')?.source.data === data) return;
    state.forget(['x']);
    const begin = () => { if (!state.committed.has('x')) state.setDefault('x', firsts[data]); };
    setImmediate(begin);  // once the sheet has come
  });
  await settle();
  state.set('data', 'pets');
  await settle();
  state.set('x', picture({data: 'pets'}));
  state.chooseOnly({});
  await settle();
  assert.equal(state.get('data'), 'mnist');
  assert.equal(state.get('x'), firsts.mnist);
});
