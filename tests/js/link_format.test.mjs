// Links, letter by letter: what is written today, and what was written once, opens as the same scene.

import assert from 'node:assert/strict';
import {Buffer} from 'node:buffer';
import test from 'node:test';
import {deflateRawSync, inflateRawSync} from 'node:zlib';

import {read, write} from '../../explorer/widgets/link_format.js';
import {openPage} from './fake_page.mjs';

// A contact sheet of two grey pictures of 2 × 2 pixels: the first all 10, the second all 20.
const NOTES = {side: 2, channels: 1, labels: [0, 1], class_names: ['zero', 'one - a stroke']};

openPage({files: {
  'samples/mnist.json': () => Response.json(NOTES),
  'samples/mnist.png': () => new Response('a picture'),
  'samples/nowhere.json': () => new Response('There is no such file.', {status: 404, headers: {'Content-Type': 'text/plain'}}),
}});
globalThis.createImageBitmap = async () => ({width: 50, height: 2});
globalThis.document.createElement = () => ({
  getContext: () => ({
    drawImage: () => {},
    getImageData: (left, top, width, height) => ({data: new Uint8Array(4 * width * height).fill(left / 2 * 10 + 10)}),
  }),
});

const array = (data, shape = [data.length]) => ({data, shape});
const ramp = (length, value) => Uint8Array.from({length}, (_, i) => value(i));

// The text of one value, and the value of one text.
const textOf = async value => new URLSearchParams(await write({tab: 't', part: null, choices: {value}})).get('value');
const valueOf = async text => {
  const {choices, problems} = await read(new URLSearchParams({v: '1', tab: 't', value: text}).toString());
  assert.deepEqual(problems, []);
  return choices.value;
};

test('a scene is its version, its tab, its part and its choices, in this order', async () => {
  assert.equal(await write({tab: 'vae', part: 'sample-the-prior', choices: {z: 3, a: 'b'}}), 'v=3&tab=vae&part=sample-the-prior&z=3&a=b');
  assert.equal(await write({tab: 'vae', part: null, choices: {}}), 'v=3&tab=vae');
});

test('what a query means otherwise is escaped, a slash and a space stay readable', async () => {
  const choices = {checkpoint: 'vae/mnist-50d', 'dsprites posX': 3, text: 'a&b=c d+e %?#é'};
  const query = await write({tab: 'vae', part: null, choices});
  assert.equal(query, 'v=3&tab=vae&checkpoint=vae/mnist-50d&dsprites+posX=3&text=a%26b%3Dc+d%2Be+%25%3F%23%C3%A9');
  assert.deepEqual((await read(query)).choices, choices);
  assert.deepEqual((await read(`?${query}`)).choices, choices);
});

test('keys that are words of the link or of Gradio have a dot before them', async () => {
  const choices = {v: 1, tab: 2, part: 3, page: 4, view: 5, deep_link: 6, other: 7};
  const query = await write({tab: 't', part: 'p', choices});
  assert.equal(query, 'v=3&tab=t&part=p&.v=1&.tab=2&.part=3&.page=4&.view=5&.deep_link=6&other=7');
  assert.deepEqual(await read(query), {tab: 't', part: 'p', choices, problems: []});
});

// ---- Values

for (const [value, text] of [
  [3, '3'],
  [-3, '-3'],
  [.35, '0.35'],
  [1e-7, '1e-7'],
  [2e21, '2e+21'],
  ['salt_and_pepper', 'salt_and_pepper'],
  ['', ''],
  ['1.', '1.'],
  ['12', '*J"12"'],
  ['-1e5', '*J"-1e5"'],
  ['*star', '*J"*star"'],
  [null, '*Jnull'],
  [true, '*Jtrue'],
  [[0, 0, 3], '*J[0,0,3]'],
  [{a: [1, 'b']}, '*J{"a":[1,"b"]}'],
  [array(Uint8Array.of()), '*u0.'],
  [array(Uint8Array.of(1, 2, 255)), '*u3.AQL_'],
  [array(Uint8Array.of(251, 240), [2, 1]), '*u2x1.-_A'],
  [array(Float32Array.of(.5, -2)), '*f2.AAAAPwAAAMA'],
  [array(Float32Array.of(7), []), '*d.BwA'],
  [array(Float32Array.of(3, 1, 511), [1, 3]), '*w1x3.AwABAP8B'],
  [array(Float32Array.of(3, 5, 511)), '*d3.AwACAPoB'],
  [array(Float32Array.of(-1, 2)), '*f2.AACAvwAAAEA'],
  [array(Float32Array.of(65536)), '*f1.AACARw'],
]) {
  test(`${JSON.stringify(value)} is written as ${text}, and comes back`, async () => {
    assert.equal(await textOf(value), text);
    assert.deepEqual(await valueOf(text), value);
  });
}

for (const [name, value, letter, packed] of [
  ['bytes', array(ramp(784, i => i % 7), [1, 28, 28]), 'U', Buffer.from(ramp(784, i => i % 7))],
  ['floats', array(Float32Array.from({length: 100}, (_, i) => (i % 3) - .5)), 'F', Buffer.from(Float32Array.from({length: 100}, (_, i) => (i % 3) - .5).buffer)],
  ['codes', array(Float32Array.from({length: 64}, (_, i) => 500 + i % 2), [8, 8]), 'W', Buffer.from(Uint16Array.from({length: 64}, (_, i) => 500 + i % 2).buffer)],
  ['rising numbers', array(Float32Array.from({length: 50}, (_, i) => 1000 + 3 * i)), 'D', Buffer.from(Uint16Array.from({length: 50}, (_, i) => (i ? 3 : 1000)).buffer)],
]) {
  test(`many ${name} are deflated`, async () => {
    const [head, body] = (await textOf(value)).split('.');
    assert.equal(head, `*${letter}${value.shape.join('x')}`);
    assert.deepEqual(inflateRawSync(Buffer.from(body, 'base64url')), packed);
    assert.deepEqual(await valueOf(`${head}.${body}`), value);
    assert.deepEqual(await valueOf(`${head}.${deflateRawSync(packed).toString('base64url')}`), value, 'as another browser deflates');
  });
}

test('a picture of a set is written as its set and its number', async () => {
  const sample = {...array(ramp(4, () => 20), [1, 2, 2]), source: {data: 'mnist', index: 1, name: '(one)'}};
  assert.equal(await textOf(sample), '*mnist.1');
  assert.deepEqual(await valueOf('*mnist.1'), sample);
  assert.equal((await valueOf('*mnist.0')).data[0], 10);
});

test('a picture of one’s own keeps its set', async () => {
  const own = {...array(ramp(4, i => i), [1, 2, 2]), source: {data: 'mnist', name: '(your drawing)'}};
  assert.equal(await textOf(own), '*u1x2x2.AAECAw.mnist');
  assert.deepEqual(await valueOf('*u1x2x2.AAECAw.mnist'), {...own, source: {data: 'mnist', name: '(from a link)'}});
});

// ---- Reading

test('an address without a version is no scene', async () => {
  for (const query of ['', '?tab=vae', '?__theme=dark', '?utm_source=mail&z=3']) {
    const {tab, problems} = await read(query);
    assert.deepEqual([tab, problems], [null, []], query);
  }
});

test('Gradio’s own words are passed over', async () => {
  assert.deepEqual((await read('?__theme=dark&v=1&tab=t&a=3')).choices, {a: 3});
});

test('a scene may have no tab, which is the first', async () => {
  assert.deepEqual(await read('v=1&a=3'), {tab: null, part: null, choices: {a: 3}, problems: []});
});

test('of a newer format is read what can be, and that is said', async () => {
  const {tab, choices, problems} = await read(`v=${'9'.repeat(50)}&tab=vae&z=3`);
  assert.deepEqual([tab, choices], ['vae', {z: 3}]);
  assert.deepEqual(problems, [`This link has the format ${'9'.repeat(20)}, which is unknown here; what could be read is shown.`]);
});

for (const [name, text] of [
  ['no kind', '*'],
  ['an unknown kind', '*x2.AAAA'],
  ['JSON that is cut off', '*J[1,'],
  ['letters that are no base64url', '*u1.a b'],
  ['too few values', '*u3.AQI'],
  ['too many values', '*u1.AQI'],
  ['half a number', '*f1.AAA'],
  ['bytes that cannot be inflated', '*U2.____'],
  ['a shape of too many values', '*U100000x100000.AAAA'],
  ['a shape that is none', '*u2x.AQI'],
  ['a picture that the set does not have', '*mnist.2'],
  ['a set that is not here', '*nowhere.0'],
]) {
  test(`${name}: the value is left out, the rest is read, and that is said`, async () => {
    const {choices, problems} = await read(new URLSearchParams({v: '1', tab: 't', before: '1', bad: text, after: '2'}).toString());
    assert.deepEqual(choices, {before: 1, after: 2});
    assert.deepEqual(problems, ['“bad” in this link is damaged; the rest is shown.']);
  });
}

test('a long key is named in part', async () => {
  const {problems} = await read(`v=1&tab=t&${'k'.repeat(100)}=*`);
  assert.deepEqual(problems, [`“${'k'.repeat(40)}” in this link is damaged; the rest is shown.`]);
});

test('what the page itself reads of an address is none of the scene', async () => {
  const {choices, problems} = await read('__theme=dark&embed=1&net=server&v=1&tab=vae&z=3');
  assert.deepEqual([choices, problems], [{z: 3}, []]);
  assert.equal(await write({tab: 'vae', part: null, choices: {net: 4}}), 'v=3&tab=vae&.net=4');
});

test('a link of a former version opens on what its tab began with then, and on what it names', async () => {
  assert.deepEqual((await read('v=1&tab=contractive&noise=0.5')).choices, {dx: 2, noise: .5, kind: 'dx'});
  assert.deepEqual((await read('v=2&tab=contractive&noise=0.5')).choices, {noise: .5});
  assert.deepEqual((await read('v=1&tab=sparse')).choices, {});
  const models = await Promise.all([1, 2, 3].map(async version => (await read(`v=${version}&tab=beta_vae`)).choices.checkpoint));
  assert.deepEqual(models, ['beta_vae/dsprites-staged25', 'beta_vae/shapes3d-beta24', undefined]);
  assert.equal((await read('v=2&tab=beta_vae&checkpoint=beta_vae/dsprites-beta4')).choices.checkpoint, 'beta_vae/dsprites-beta4');
});
