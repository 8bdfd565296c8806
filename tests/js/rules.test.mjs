// Keys that questions to the app compute from others.

import assert from 'node:assert/strict';
import test from 'node:test';

import {said, settle} from './fake_page.mjs';
import {addRules, calls, newTab, openedTab, vector} from './fake_tab.mjs';

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
  addRules(state, [SUM]);
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

test('an unfinished answer is seen, and asked for again until it is whole', async () => {
  const asked = [];
  const answer = (question, {x, y}) => {
    asked.push([x, y]);
    const unfinished = asked.length < 3;
    return {sum: asked.length, ...(unfinished && {unfinished: 1})};
  };
  const state = openedTab({values: {a: 1, b: 2}, rules: [SUM], answer});
  const seen = calls(state, 'total');
  await settle();
  assert.deepEqual(asked, [[1, 2], [1, 2], [1, 2]]);
  assert.deepEqual(seen, [[1], [2], [3]]);
});

test('what is unfinished is left for a newer value', async () => {
  const asked = [];
  const answer = (question, {x, y}) => {
    asked.push(x);
    if (asked.length === 2) state.set('a', 5);
    return {sum: x + y, ...(x === 1 && {unfinished: 1})};
  };
  const state = openedTab({values: {a: 1, b: 2}, rules: [SUM], answer});
  const seen = calls(state, 'total');
  await settle();
  assert.deepEqual(asked, [1, 1, 5]);
  assert.deepEqual(seen.at(-1), [7]);
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

test('every tab asks the app in its own name', async () => {
  const stems = [];
  const state = openedTab({values: {a: 1, b: 2}, rules: [SUM], answer: (question, values, stem) => { stems.push(stem); return {sum: 0}; }});
  calls(state, 'total');
  await settle();
  assert.deepEqual(stems, [state.name]);
});

test('a look at a key asks for it unless something stands there already', async () => {
  const asked = [];
  const state = openedTab({values: {a: 1, b: 2, total: 9}, rules: [SUM], answer: sums(asked)});
  assert.deepEqual(calls(state, 'total'), [[9]]);
  await settle();
  assert.deepEqual(asked, []);
});

test('of several rules for one key the one that applies is asked when somebody looks at it', async () => {
  const asked = [];
  const rules = ['one', 'two'].map(kind => ({ask: kind, when: {x: 'a'}, where: {kind}, gives: {y: 'y'}}));
  const answer = question => { asked.push(question); return {y: 1}; };
  const state = openedTab({values: {a: 1, kind: 'one'}, rules, answer});
  await settle();
  assert.deepEqual(asked, []);
  calls(state, 'y');
  await settle();
  assert.deepEqual(asked, ['one']);
  state.set('kind', 'two');
  await settle();
  assert.deepEqual(asked, ['one', 'two']);
});

test('an answer asks those that follow from it', async () => {
  const rules = [
    {ask: 'last', when: {y: 'y'}, gives: {z: 'z'}},
    {ask: 'first', when: {x: 'x'}, gives: {y: 'y'}},
  ];
  const answer = (question, {x, y}) => (question === 'first' ? {y: 10 * x} : {z: -y});
  const state = openedTab({values: {x: 1}, rules, answer});
  const seen = calls(state, 'z');
  await settle();
  state.set('x', 2);
  await settle();
  assert.deepEqual(seen, [[-10], [-20]]);
});

test('a value that is not there is not asked about', async () => {
  const asked = [];
  const state = openedTab({values: {a: 1}, rules: [SUM], answer: sums(asked)});
  calls(state, 'total');
  await settle();
  assert.deepEqual(asked, []);
});

test('null is a value to ask about', async () => {
  const asked = [];
  const rule = {ask: 'code', when: {x: 'x'}, gives: {z: 'z'}};
  const state = openedTab({values: {x: null}, rules: [rule], answer: (question, {x}) => { asked.push(x); return {z: 0}; }});
  calls(state, 'z');
  await settle();
  assert.deepEqual(asked, [null]);
});

test('all that follows from a key is found, in whatever order the rules stand', () => {
  const rules = [
    {ask: 'c', when: {b: 'b'}, gives: {c: 'c', d: 'd'}},
    {ask: 'b', when: {a: 'a'}, using: {e: 'e'}, gives: {b: 'b'}},
  ];
  const {rules: all} = openedTab({rules});
  assert.deepEqual([...all.following(['a'])].sort(), ['a', 'b', 'c', 'd']);
  assert.deepEqual([...all.following(['b'])].sort(), ['b', 'c', 'd']);
  assert.deepEqual([...all.following(['e'])], ['e'], 'it is only sent along');
  assert.deepEqual([...all.following([])], []);
});

test('keys that follow from each other are found once', () => {
  const rules = [
    {ask: 'there', when: {a: 'a'}, gives: {b: 'b'}},
    {ask: 'back', when: {b: 'b'}, gives: {a: 'a'}},
  ];
  assert.deepEqual([...openedTab({rules}).rules.following(['a'])], ['a', 'b']);
});

test('only what a rule gives is known as computed', () => {
  const {rules} = openedTab({rules: [SUM]});
  assert.deepEqual(['total', 'a', 'sum', 'none'].map(key => rules.has(key)), [true, false, false, false]);
});
