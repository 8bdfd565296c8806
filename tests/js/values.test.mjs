// Values of a tab's keys, their previews, and who is told of a change.

import assert from 'node:assert/strict';
import test from 'node:test';

import {watch} from '../../explorer/widgets/store.js';
import {calls, newTab, vector} from './fake_tab.mjs';

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

test('what is subscribed to later is not among them', () => {
  const state = newTab();
  const keys = state.keysRead(() => calls(state, 'a'));
  calls(state, 'b');
  assert.deepEqual([...keys], ['a']);
});

test('a default is committed, and stays beneath what is set over it', () => {
  const state = newTab();
  const seen = calls(state, 'a');
  state.setDefault('a', 1);
  state.set('a', 2);
  assert.deepEqual(seen, [[1], [2]]);
  assert.equal(state.defaults.get('a'), 1);
});

test('a key counts as subscribed to before it has a value', () => {
  const state = newTab();
  assert.equal(state.isSubscribed('a'), false);
  calls(state, 'a');
  assert.equal(state.isSubscribed('a'), true);
});
