// Strokes over a grid of codes: what each tool does, and how strokes are taken back.

import assert from 'node:assert/strict';
import test from 'node:test';

import {Strokes} from '../../explorer/widgets/code_strokes.js';
import {newTab} from './fake_tab.mjs';

const grid = (...codes) => ({data: Float32Array.from(codes), shape: [1, codes.length]});
const TOOLS = ['look', 'paint', 'swap', 'copy', 'restore'];

// A grid of codes 1, 2, 1, another of 7, 8, 9, and code 5 in hand, with a tool.
function strokesWith(tool, tools = TOOLS) {
  const state = newTab();
  const strokes = new Strokes(state, {codes: 'codes', code: 'code', other: 'other'}, tools);
  state.subscribe(['codes'], value => strokes.note(value));
  state.set('codes', grid(1, 2, 1));
  state.set('other', grid(7, 8, 9));
  state.set('code', 5);
  if (tool) state.set(strokes.tool, tool);
  return {state, strokes, codes: () => [...state.get('codes').data]};
}

// A stroke over some cells.
function draw(strokes, first, ...others) {
  strokes.begin(first);
  others.forEach(cell => strokes.goOn(cell));
  strokes.end();
}

test('a look chooses the code and changes nothing', () => {
  const {state, strokes, codes} = strokesWith('look');
  draw(strokes, 1, 2);
  assert.equal(state.get('code'), 2);
  assert.deepEqual(codes(), [1, 2, 1]);
});

for (const [tool, cells, expected] of [
  ['paint', [0, 1], [5, 5, 1]],
  ['copy', [2, 1], [1, 8, 9]],
  ['swap', [0], [5, 2, 5]],
]) {
  test(`${tool} changes the cells of a stroke`, () => {
    const {strokes, codes} = strokesWith(tool);
    draw(strokes, ...cells);
    assert.deepEqual(codes(), expected);
  });
}

test('swap does what it does once a stroke', () => {
  const {strokes, codes} = strokesWith('swap');
  draw(strokes, 0, 2, 0);
  assert.deepEqual(codes(), [5, 2, 5]);
});

test('a mask takes codes away, or brings them back where the stroke begins in a gap', () => {
  const {strokes, codes} = strokesWith(null, ['mask']);
  draw(strokes, 0, 1);
  assert.deepEqual(codes(), [-1, -1, 1]);
  draw(strokes, 1, 2);
  assert.deepEqual(codes(), [-1, 8, 9]);
});

test('what is not computed yet is not copied', () => {
  const {state, strokes, codes} = strokesWith('copy');
  state.forget(['other']);
  draw(strokes, 0);
  assert.deepEqual(codes(), [1, 2, 1]);
});

test('restore brings back what was computed', () => {
  const {state, strokes, codes} = strokesWith('paint');
  draw(strokes, 0, 1, 2);
  state.set(strokes.tool, 'restore');
  draw(strokes, 1);
  assert.deepEqual(codes(), [5, 2, 5]);
});

test('nothing is drawn where no stroke has begun, or it has ended', () => {
  const {strokes, codes} = strokesWith('paint');
  strokes.goOn(1);
  draw(strokes, 0);
  strokes.goOn(1);
  assert.deepEqual(codes(), [5, 2, 1]);
});

test('undo takes back whole strokes, one by one, and then does nothing', () => {
  const {strokes, codes} = strokesWith('paint');
  draw(strokes, 0, 1);
  draw(strokes, 2);
  const seen = [1, 2, 3].map(() => { strokes.undo(); return codes(); });
  assert.deepEqual(seen, [[5, 5, 1], [1, 2, 1], [1, 2, 1]]);
});

test('undo all is a step of its own', () => {
  const {strokes, codes} = strokesWith('paint');
  draw(strokes, 0);
  draw(strokes, 1);
  strokes.undoAll();
  assert.deepEqual(codes(), [1, 2, 1]);
  strokes.undo();
  assert.deepEqual(codes(), [5, 5, 1]);
});

test('another picture ends what can be undone', () => {
  const {state, strokes, codes} = strokesWith('paint');
  draw(strokes, 0);
  state.set('codes', grid(3, 3, 3));
  strokes.undo();
  assert.deepEqual(codes(), [3, 3, 3]);
});

test('a second map of the grid undoes the strokes of the first', () => {
  const {state, strokes, codes} = strokesWith('paint');
  const second = new Strokes(state, {codes: 'codes', code: 'code', other: 'other'}, ['paint']);
  state.subscribe(['codes'], value => second.note(value));
  draw(strokes, 0);
  second.undo();
  assert.deepEqual(codes(), [1, 2, 1]);
});

test('values are replaced, never edited in place', () => {
  const {state, strokes} = strokesWith('paint');
  const before = state.get('codes');
  draw(strokes, 0);
  assert.deepEqual([...before.data], [1, 2, 1]);
  assert.notEqual(state.get('codes'), before);
});

test('a map without tools, or with several, is looked at first', () => {
  assert.deepEqual([[], TOOLS, ['mask']].map(tools => {
    const {state, strokes} = strokesWith(null, tools);
    return state.get(strokes.tool);
  }), ['look', 'look', 'mask']);
});
