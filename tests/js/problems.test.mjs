// What is wrong with one of several models that were asked together is said, and until all of them have answered.

import assert from 'node:assert/strict';
import test from 'node:test';

import {answerInPage, ask} from '../../explorer/widgets/kit.js';
import {openPage, said} from './fake_page.mjs';

const sentence = 'sparse/mine gives what are no finite numbers: its weights are damaged.';
const bytes = text => ({data: new TextEncoder().encode(text), shape: [text.length]});
const errors = {data: Float32Array.of(1, NaN), shape: [2]};

test('the sentence of an answer stands at the foot of its tab, and is no array of it', async () => {
  openPage({tab: 'start', answer: () => ({errors, problems: bytes(sentence)})});
  assert.deepEqual(Object.keys(await ask('start', 'through', {})), ['errors']);
  assert.equal(said(), sentence);
});

for (const [who, inPage] of [['the server', null], ['the page', {answer: () => ({errors}), learn: () => {}}]]) {
  test(`once ${who} has answered wholly it is gone`, async () => {
    let answered = {errors, problems: bytes(sentence)};
    openPage({tab: 'start', answer: () => answered});
    answerInPage(null);
    await ask('start', 'through', {});
    assert.equal(said(), sentence);
    answered = {errors};
    answerInPage(inPage);
    await ask('start', 'through', {});
    assert.equal(said(), '');
  });
}

test('of an answer in which a model failed the page learns nothing', async () => {
  const learnt = [];
  openPage({tab: 'start', answer: () => ({errors, problems: bytes(sentence)})});
  answerInPage({answer: () => null, learn: question => learnt.push(question)});
  await ask('start', 'through', {});
  assert.deepEqual(learnt, []);
  openPage({tab: 'start', answer: () => ({errors})});
  await ask('start', 'through', {});
  assert.deepEqual(learnt, ['start/through']);
});
