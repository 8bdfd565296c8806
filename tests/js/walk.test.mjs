// The format of a walk: what was written is read again, and of a damaged file what can be shown.

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';

import {LONGEST, MOST, parse, queryOf, serialise} from '../../explorer/stage/walk.js';

const STOP = {link: 'v=1&tab=vae', sentence: 'A picture “is” a {cloud}, \\ and not a point.', do: 'Draw ε.', ring: 'vae-pad', show: ['vae-pad', 'vae-output'], note: 'Line one\nline two'};
const WALK = {title: 'Mine', stops: [STOP, {link: 'v=1&tab=start', sentence: ''}, {link: 'v=1&tab=sparse&rho=0.3', sentence: 'Being active costs.'}]};

test('what was written is read again, without a fault', () => {
  assert.deepEqual(parse(serialise(WALK)), {walk: WALK, faults: []});
});

test('the walk that ships has no fault', () => {
  const {walk, faults} = parse(readFileSync(new URL('../../explorer/stage/article.json', import.meta.url), 'utf8'));
  assert.deepEqual(faults, []);
  assert.equal(walk.stops.length, 14);
});

test('one damaged byte costs at most its own stop', () => {
  const text = serialise(WALK);
  const links = new Set(WALK.stops.map(({link}) => link));
  for (let at = 0; at < text.length; at++) {
    for (const byte of ['\u0000', '"', '}', 'x']) {
      const {walk, faults} = parse(text.slice(0, at) + byte + text.slice(at + 1));
      const whole = walk.stops.filter(({link}) => links.has(link));
      assert.ok(whole.length >= WALK.stops.length - 1, `${byte} at ${at}: ${faults}`);
      assert.ok(faults.every(sentence => /^[A-Z][^\n]*\.$/.test(sentence)), faults.join());
    }
  }
});

test('a file that was cut off keeps the stops before the cut', () => {
  const text = serialise(WALK);
  const {walk, faults} = parse(text.slice(0, text.lastIndexOf('Being')));
  assert.deepEqual(walk.stops, WALK.stops.slice(0, 2));
  assert.match(faults[0], /damaged; the 2 stops/);
});

for (const [name, text, said] of [
  ['nothing', '', /nothing of it/],
  ['a picture', '\u0089PNG\r\n{{{{}}}}', /nothing of it/],
  ['a list', '[1, 2]', /no list of stops/],
  ['another kind of file', '{"cells": []}', /no list of stops/],
  ['null', 'null', /no list of stops/],
]) {
  test(`${name} in place of a walk is said and gives no stops`, () => {
    const {walk, faults} = parse(text);
    assert.deepEqual(walk.stops, []);
    assert.match(faults.join(' '), said);
  });
}

test('a text full of braces ends soon', () => {
  assert.deepEqual(parse('{'.repeat(1e6)).walk.stops, []);
  assert.deepEqual(parse('{}'.repeat(1e6)).walk.stops, []);
  assert.match(parse(' '.repeat(MOST.characters + 1)).faults[0], /too large/);
});

for (const [part, value, said] of [
  ['link', 7, 'Stop 1: it has no link to a scene, and is left out.'],
  ['link', 'https://elsewhere.example/', 'Stop 1: it has no link to a scene, and is left out.'],
  ['link', `v=1&tab=vae&z=${'A'.repeat(LONGEST.link)}`, 'Stop 1: its link is too long, and it is left out.'],
  ['sentence', {html: '<b>'}, 'Stop 1: its “sentence” is no text, and is left out.'],
  ['sentence', 'x'.repeat(LONGEST.sentence + 1), `Stop 1: its “sentence” is cut after ${LONGEST.sentence} characters.`],
  ['ring', '#x, body', 'Stop 1: its “ring” names no part of a page, and is left out.'],
  ['show', ['vae-pad', '*'], 'Stop 1: its “show” is no list of parts of a page, and is left out.'],
]) {
  test(`a stop whose ${part} is ${JSON.stringify(value).slice(0, 30)} gets one sentence`, () => {
    const {walk, faults} = parse(JSON.stringify({...WALK, stops: [{...STOP, [part]: value}, STOP]}));
    assert.deepEqual(faults, [said]);
    assert.deepEqual(walk.stops.at(-1), STOP);
    if (part !== 'link' && typeof value !== 'string') assert.equal(walk.stops[0][part], undefined);
  });
}

test('what else a stop holds is not read', () => {
  const text = '{"stops": [{"link": "v=1&tab=vae", "onclick": "alert(1)", "__proto__": {"sentence": "x"}, "show": []}]}';
  assert.deepEqual(parse(text).walk.stops, [{link: 'v=1&tab=vae', show: []}]);
});

test('of too many stops the first are shown', () => {
  const {walk, faults} = parse(JSON.stringify({stops: Array.from({length: MOST.stops + 1}, () => STOP)}));
  assert.equal(walk.stops.length, MOST.stops);
  assert.match(faults[0], /201 stops/);
});

test('an address is cut to its query', () => {
  assert.equal(queryOf(' http://127.0.0.1:7860/lab?v=1&tab=vae#talk\n'), 'v=1&tab=vae');
  assert.equal(queryOf('v=1&tab=vae'), 'v=1&tab=vae');
});
