// Answers that are kept: bounded, only while somebody wants them, and given in place of the app.

import assert from 'node:assert/strict';
import test from 'node:test';

import {ask, isAtHand} from '../../explorer/widgets/kit.js';
import {isKept, keep, keepAnswers, recall} from '../../explorer/widgets/kept_answers.js';
import {Unanswered, latest} from '../../explorer/widgets/request.js';
import {openPage} from './fake_page.mjs';

const bytes = count => ({x: {data: new Uint8Array(count), shape: [count]}});

test('nothing is kept unless somebody wants it', () => {
  keep('a', bytes(8));
  assert.ok(!isKept('a'));
});

test('of too many the one that was used last is kept', () => {
  keepAnswers(1);
  keep('a', bytes(40), 100);
  keep('b', bytes(40), 100);
  assert.equal(recall('a').x.data.length, 40);
  keep('c', bytes(40), 100);
  keepAnswers(-1);
  assert.deepEqual(['a', 'b', 'c'].map(isKept), [true, false, true]);
});

test('a question that was answered once is answered again when the app is gone', async () => {
  openPage({answer: (_, {z}) => ({x_hat: {data: Float32Array.from(z.map(value => 2 * value)), shape: [2]}})});
  const z = {data: Float32Array.of(1, 2), shape: [2]};
  keepAnswers(1);
  const first = await ask('tab', 'decode', {z}, 1);
  keepAnswers(-1);
  globalThis.fetch = async () => { throw new TypeError('Failed to fetch'); };
  assert.ok(isAtHand('tab', 'decode', {z}));
  assert.deepEqual(await ask('tab', 'decode', {z}, 1), first);
  await assert.rejects(ask('tab', 'decode', {z: [1, 3]}, 1), /does not answer/);
  assert.ok(!isAtHand('tab', 'decode', {z: [1, 3]}));
});

test('an answer at hand is not kept waiting by a question that the app does not answer', async () => {
  const done = [];
  const work = async value => {
    if (value === 'lost') throw new Unanswered('Gone.');
    done.push(value);
  };
  const put = latest(work, () => {}, () => {}, () => new Promise(() => {}), value => value === 'kept');
  put('lost');
  await new Promise(setImmediate);
  put('also lost');
  await new Promise(setImmediate);
  assert.deepEqual(done, []);
  put('kept');
  await new Promise(setImmediate);
  assert.deepEqual(done, ['kept']);
});
