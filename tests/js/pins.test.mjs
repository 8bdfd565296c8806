// What stands where a visitor's choice meets the answer of a rule.

import assert from 'node:assert/strict';
import test from 'node:test';

import {Pins} from '../../explorer/widgets/pins.js';
import {settle, toSafetensors} from './fake_page.mjs';
import {addRules, calls, newTab, openedTab, vector} from './fake_tab.mjs';

// ---- Pins alone

test('what was never pinned is not held', () => {
  assert.equal(new Pins().hold('z', []), false);
});

test('a pin holds beside the very values it was put beside', () => {
  const [pins, x] = [new Pins(), vector(1)];
  pins.put('z', [['x', x], ['seed', 1]]);
  assert.equal(pins.hold('z', [['x', x]]), true);
  assert.equal(pins.hold('z', [['x', x], ['seed', 1]]), true);
  assert.equal(pins.hold('z', [['x', vector(1)]]), false, 'another array is another picture');
  assert.equal(pins.hold('z', [['x', x], ['seed', 2]]), false);
  assert.equal(pins.hold('y', [['x', x]]), false);
});

test('a value that was not known then is the one that comes first', () => {
  const pins = new Pins();
  pins.put('z', []);
  assert.equal(pins.hold('z', [['y', 10]]), true);
  assert.equal(pins.hold('z', [['y', 10]]), true);
  assert.equal(pins.hold('z', [['y', 20]]), false);
});

test('a pin put again holds beside the new values alone', () => {
  const pins = new Pins();
  pins.put('z', [['x', 1]]);
  pins.put('z', [['x', 2]]);
  assert.deepEqual([1, 2].map(x => pins.hold('z', [['x', x]])), [false, true]);
});

test('each pin knows its own values', () => {
  const [pins, values] = [new Pins(), new Map()];
  pins.put('y', values);
  pins.put('z', values);
  pins.hold('y', [['x', 1]]);
  assert.equal(pins.hold('z', [['x', 2]]), true);
});

test('a pin that was removed holds nothing, and others stay', () => {
  const pins = new Pins();
  pins.put('y', []);
  pins.put('z', []);
  pins.remove('y');
  assert.deepEqual([pins.hold('y', []), pins.hold('z', [])], [false, true]);
  pins.clear();
  assert.equal(pins.hold('z', []), false);
});

// ---- Pins of a tab

const CODE = {ask: 'encode', when: {x: 'x', checkpoint: 'checkpoint'}, gives: {z: 'z'}};
const OUTPUT = {ask: 'decode', when: {z: 'z'}, gives: {x_hat: 'x_hat'}};

// A tab with x → z → x_hat, on which somebody looks at all of them. z is 100 x, and x_hat is −z.
async function chain(choices = {}) {
  const state = newTab({
    answer: (question, {x, z, checkpoint}) => (question === 'encode' ? {z: 100 * x + (checkpoint === 'two' ? 1 : 0)} : {x_hat: -z}),
  });
  state.choose(choices);
  addRules(state, [CODE, OUTPUT]);
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
  addRules(state, [first, second]);
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

test('another choice of the same key is pinned beside what stands now', async () => {
  const state = await chain({x: 2, z: 7});
  state.choose({x: 3, z: 8});
  await settle();
  assert.deepEqual([state.get('z'), state.get('x_hat')], [8, -8]);
  state.set('x', 2);
  await settle();
  assert.equal(state.get('z'), 200);
});

test('a choice falls with another model, unless it is chosen with it', async () => {
  const state = await chain({z: 7});
  state.set('checkpoint', 'two');
  await settle();
  assert.equal(state.get('z'), 101);
});

test('rules may stand in any order for a choice to stand beside what is being computed', async () => {
  const first = {ask: 'first', when: {x: 'x'}, gives: {y: 'y'}};
  const second = {ask: 'second', when: {y: 'y'}, gives: {u: 'u'}};
  const third = {ask: 'third', when: {u: 'u'}, gives: {z: 'z'}};
  const answers = {first: ({x}) => ({y: 10 * x}), second: ({y}) => ({u: y + 1}), third: ({u}) => ({z: -u})};
  const state = openedTab({
    values: {x: 1}, linked: ['x', 'z'], rules: [third, second, first], answer: (question, values) => answers[question](values),
  });
  calls(state, 'z');
  await settle();
  assert.equal(state.get('z'), -11);
  state.choose({x: 2, z: 7});
  await settle();
  assert.deepEqual([state.get('u'), state.get('z')], [21, 7]);
});
