// How questions are asked, without a page: every answer a proxy can give in place of the app, and lost ones.

import assert from 'node:assert/strict';
import test from 'node:test';

import {Refused, Unanswered, explain, insist, latest, newest, readArrays, send} from '../../explorer/widgets/request.js';

const HTML = {'Content-Type': 'text/html'};
const PLAIN = {'Content-Type': 'text/plain; charset=utf-8'};
const nothing = () => {};

// What send makes of a response, or of a failure to fetch one.
async function failure(t, response) {
  t.mock.method(globalThis, 'fetch', async () => {
    if (response instanceof Error) throw response;
    return response;
  });
  return send('http://app/ask').then(() => assert.fail('it was taken for an answer'), error => error);
}

for (const [name, response, sentence] of [
  ['a 502 of a proxy', new Response('<html><h1>502 Bad Gateway</h1>', {status: 502, headers: HTML}), /not reached \(error 502\)/],
  ['a web page in place of an answer', new Response('<html>', {status: 200, headers: HTML}), /A web page came/],
  ['an empty 503', new Response('', {status: 503}), /busy or just starting/],
  ['a question that arrived too slowly', new Response('It took too long to arrive.', {status: 408, headers: PLAIN}), /too long/],
  ['a 404 of a proxy', new Response('<h1>Not Found</h1>', {status: 404, headers: HTML}), /error 404/],
  ['a 504 in plain words', new Response('upstream request timeout', {status: 504, headers: PLAIN}), /error 504/],
  ['no connection', new TypeError('Failed to fetch'), /does not answer/],
  ['silence', new DOMException('signal timed out', 'TimeoutError'), /has not answered for 8 seconds/],
]) {
  test(`${name} is said in one sentence and asked again`, async t => {
    const error = await failure(t, response);
    assert.ok(error instanceof Unanswered);
    assert.match(error.message, sentence);
    assert.doesNotMatch(error.message, /[<>\n]/);
  });
}

test('the sentence of the app itself is final', async t => {
  const error = await failure(t, new Response('z must be 2 numbers, but 3 came.', {status: 400, headers: PLAIN}));
  assert.ok(error instanceof Refused && !(error instanceof Unanswered));
  assert.equal(error.message, 'z must be 2 numbers, but 3 came.');
});

test('what is no sentence is not shown, though the app has said it', async t => {
  const error = await failure(t, new Response('Internal Server Error', {status: 500, headers: PLAIN}));
  assert.ok(!(error instanceof Unanswered));
  assert.equal(error.message, 'The app could not answer this (error 500); nothing was changed.');
});

for (const [value, seconds] of [['7', 7], ['0', .5], ['9999', 300], ['soon', undefined], [null, undefined]]) {
  test(`Retry-After ${value} means ${seconds}`, async t => {
    const headers = value === null ? PLAIN : {...PLAIN, 'Retry-After': value};
    const error = await failure(t, new Response('The app is busy.', {status: 503, headers}));
    assert.equal(error.message, 'The app is busy.');
    assert.equal(error.after, seconds);
  });
}

test('Retry-After may be a date', async t => {
  const headers = {'Retry-After': new Date(Date.now() + 20_000).toUTCString()};
  const {after} = await failure(t, new Response('', {status: 503, headers}));
  assert.ok(after > 15 && after <= 20);
});

test('work is tried again after the time that was asked for, and is given longer each time', async () => {
  const [said, waited, given] = [[], [], []];
  const errors = [new Unanswered('Busy.', 7), new Unanswered('Gone.'), null];
  const answer = await insist(async seconds => {
    given.push(seconds);
    const error = errors.shift();
    if (error) throw error;
    return 'there';
  }, sentence => said.push(sentence), Infinity, async seconds => waited.push(seconds));
  assert.equal(answer, 'there');
  assert.deepEqual(given, [8, 16, 32]);
  assert.equal(waited[0], 7);
  assert.ok(waited[1] > .5 && waited[1] < 2);
  assert.deepEqual(said, ['Busy. It is asked again in 7 s.', `Gone. It is asked again in ${Math.ceil(waited[1])} s.`, '']);
});

test('what a click has asked for is given up after some tries', async () => {
  let tries = 0;
  const work = async () => { tries++; throw new Unanswered('Gone.'); };
  await assert.rejects(insist(work, nothing, 3, nothing), /Gone/);
  assert.equal(tries, 3);
});

test('what was refused is not asked again', async () => {
  let tries = 0;
  const work = async () => { tries++; throw new Refused('No.'); };
  await assert.rejects(insist(work, nothing), /No/);
  assert.equal(tries, 1);
});

test('of the values that come in meanwhile the last one is worked on, and no other', async () => {
  const seen = [];
  let release;
  const put = newest(async take => { seen.push(take()); await new Promise(done => { release = done; }); }, nothing);
  put(1);
  await null;
  await null;
  for (const value of [2, 3, 4]) put(value);
  release();
  await new Promise(setImmediate);
  release();
  assert.deepEqual(seen, [1, 4]);
});

test('work that fails is the end of its value alone', async () => {
  const [seen, counted] = [[], []];
  const put = newest(async take => {
    seen.push(take());
    if (seen.length === 1) throw new Error('a fault');
  }, change => counted.push(change));
  await assert.rejects(put(1), /a fault/);
  await put(2);
  assert.deepEqual(seen, [1, 2]);
  assert.deepEqual(counted, [1, -1, 1, -1]);
});

test('a lost question is asked again with the newest value, and the page counts it as one', async () => {
  const [asked, counted] = [[], []];
  const wait = async () => put(5);  // a hand moves on while it is waited
  const put = latest(async value => {
    asked.push(value);
    if (asked.length === 1) throw new Unanswered('Gone.');
  }, nothing, change => counted.push(change), wait);
  await put(1);
  assert.deepEqual(asked, [1, 5]);
  assert.deepEqual(counted, [1, -1]);
});

test('a question that was the last one is asked again by itself', async () => {
  const asked = [];
  await latest(async value => {
    asked.push(value);
    if (asked.length < 4) throw new Unanswered('Gone.');
  }, nothing, nothing, nothing)(1);
  assert.deepEqual(asked, [1, 1, 1, 1]);
});

test('after a refusal the next value is asked', async () => {
  const said = [];
  const put = latest(async value => { if (value < 0) throw new Refused('No.'); }, sentence => said.push(sentence), nothing);
  await put(-1);
  await put(1);
  assert.deepEqual(said, ['No.', '']);
});

test('a fault of the page is told to the console, not to the visitor', t => {
  const told = t.mock.method(console, 'error', nothing);
  assert.doesNotMatch(explain(new TypeError('x is not a function')), /function/);
  assert.equal(told.mock.callCount(), 1);
});

// ---- Arrays

function safetensors(header, data) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes.buffer;
}

const WHOLE = safetensors({x: {dtype: 'U8', shape: [1, 3], data_offsets: [0, 3]}}, [7, 8, 9]);

test('arrays are read from safetensors', () => {
  assert.deepEqual(readArrays(WHOLE), {x: {data: Uint8Array.of(7, 8, 9), shape: [1, 3]}});
});

test('a number is read as one', () => {
  const one = new Uint8Array(Float32Array.of(2.5).buffer);
  assert.deepEqual(readArrays(safetensors({e: {dtype: 'F32', shape: [], data_offsets: [0, 4]}}, one)), {e: 2.5});
});

for (const [name, buffer] of [
  ['nothing', new ArrayBuffer(0)],
  ['a web page', new TextEncoder().encode('<!doctype html><title>Log in</title>').buffer],
  ['an answer that was cut off', WHOLE.slice(0, -1)],
]) {
  test(`${name} is no answer`, () => assert.throws(() => readArrays(buffer), Unanswered));
}
