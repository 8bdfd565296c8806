// A cue goes once a visitor has done what it says, and for nothing else.

import assert from 'node:assert/strict';
import {test} from 'node:test';

import {watch} from '../../explorer/widgets/store.js';
import {newTab, openedTab, vector} from './fake_tab.mjs';

const hands = [];
watch((state, key) => { if (state.isByHand(key)) hands.push(`${state.name} ${key}`); });

test('a first value, a fact and an answer are not by a visitor’s hand', () => {
  const state = openedTab({values: {level: .3}});
  state.setDefault('level', .5);
  state.setAnswer('z', vector(1), []);
  assert.deepEqual(hands, []);
});

test('what a visitor changes is by hand, and what is put back is not', () => {
  const state = openedTab({values: {level: .3}});
  state.set('level', .4);
  state.set('level', .3);
  assert.deepEqual(hands.splice(0), [`${state.name} level`]);
});

test('a link, an undone step and another tab’s choice are not by hand, before the tab is opened and after', () => {
  const state = newTab();
  state.choose({level: .4});
  state.open({level: .3}, ['level'], []);
  state.chooseOnly({level: .5});
  state.choose({level: .6});
  assert.deepEqual(hands.splice(0), []);
  state.set('level', .7);
  assert.deepEqual(hands.splice(0), [`${state.name} level`]);
});
