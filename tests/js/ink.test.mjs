// Writing on sheets, ruled pages and desks, drawn here: what is found is compared with what was drawn.

import assert from 'node:assert/strict';
import test from 'node:test';

import {findInk} from '../../explorer/widgets/ink.js';

const [WIDTH, HEIGHT] = [160, 120];

// A picture of the tones that paint gives for each place, with grain of up to three levels that is the same every time.
function picture(paint) {
  let state = 1;
  const grain = () => { state = state * 16807 % 2147483647; return 6 * state / 2147483647 - 3; };
  const data = Float32Array.from({length: WIDTH * HEIGHT}, (_, i) => Math.max(0, Math.min(255, paint(i % WIDTH, Math.floor(i / WIDTH)) + grain())));
  return {data, width: WIDTH, height: HEIGHT};
}

// Whether a place lies on a 7 of 16 × 24 pixels, with strokes of 4, whose corner is at 80, 50.
function isSeven(x, y) {
  const [column, row] = [x - 80, y - 50];
  if (column < 0 || column >= 16 || row < 0 || row >= 24) return false;
  return row < 4 || Math.abs(column - (14 - 10 * (row - 4) / 20)) < 2.2;
}

// A place of the picture as one of what was turned by some degrees around its middle.
function turnedBack(x, y, degrees) {
  const [sine, cosine] = [Math.sin(degrees * Math.PI / 180), Math.cos(degrees * Math.PI / 180)];
  const [right, down] = [x - WIDTH / 2, y - HEIGHT / 2];
  return [WIDTH / 2 + cosine * right + sine * down, HEIGHT / 2 + cosine * down - sine * right];
}

// Whether a place lies on a sheet of so many pixels around the middle, turned by some degrees.
function isSheet(x, y, degrees, width = 80, height = 100) {
  const [right, down] = turnedBack(x, y, degrees);
  return Math.abs(right - WIDTH / 2) < width / 2 && Math.abs(down - HEIGHT / 2) < height / 2;
}

// The ink's share of fullness in a column by row list, cut to the smallest box around it.
function box({data, width}) {
  const inked = [...data.keys()].filter(i => data[i] > 127);
  const [xs, ys] = [inked.map(i => i % width), inked.map(i => Math.floor(i / width))];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return {across: Math.max(...xs) - left + 1, down: Math.max(...ys) - top + 1, at: (x, y) => data[(top + y) * width + left + x] > 127};
}

function assertSeven(ink) {
  const {across, down, at} = box(ink);
  assert.ok(Math.abs(across - 16) <= 2 && Math.abs(down - 24) <= 2, `${across} × ${down}`);
  assert.ok(at(1, 1) && at(Math.floor(across / 2), 1) && at(across - 3, 1), 'the bar');
  assert.ok(at(4, down - 3) && !at(across - 3, down - 3) && !at(1, Math.floor(down / 2)), 'the stroke');
}

for (const degrees of [0, 6, -11, 20, -30]) {
  const isOnSheet = (x, y) => isSheet(x, y, degrees, 72, 90);

  for (const [name, desk, sheet, writing] of [['a white sheet on a dark desk', 40, 240, 30], ['a slate on a light desk', 200, 35, 235]]) {
    test(`of ${name}, turned by ${degrees}°, the writing is the digit`, () => {
      assertSeven(findInk(picture((x, y) => (!isOnSheet(x, y) ? desk : isSeven(...turnedBack(x, y, degrees)) ? writing : sheet))));
    });

    test(`of ${name}, turned by ${degrees}°, with nothing on it, a sentence says so`, () => {
      assert.throws(() => findInk(picture((x, y) => (isOnSheet(x, y) ? sheet : desk))), /No digit was found on the sheet/);
    });
  }
}

test('of a sheet that is seen aslant the writing is the digit, as from above', () => {
  const far = y => .7 + .4 * y / HEIGHT;  // what is further away is smaller
  const above = (x, y) => [WIDTH / 2 + (x - WIDTH / 2) / far(y), y];
  const {across, down, at} = box(findInk(picture((x, y) => (!isSheet(...above(x, y), 0) ? 40 : isSeven(...above(x, y)) ? 30 : 240))));
  assert.ok(Math.abs(across - 16) <= 3 && Math.abs(down - 24) <= 4, `${across} × ${down}`);
  assert.ok(at(1, 1) && at(across - 3, 1) && at(4, down - 3) && !at(across - 3, down - 3));
});

test('a round digit before a dark ground is no sheet', () => {
  const isNought = (x, y) => ((x - 80) / 30) ** 2 + ((y - 60) / 40) ** 2 < 1 && ((x - 80) / 8) ** 2 + ((y - 60) / 12) ** 2 > 1;
  const {across, down, at} = box(findInk(picture((x, y) => (isNought(x, y) ? 230 : 20))));
  assert.ok(Math.abs(across - 60) <= 3 && Math.abs(down - 80) <= 3);
  assert.ok(!at(Math.floor(across / 2), Math.floor(down / 2)), 'its hole');
});

test('a broad 1 is no sheet', () => {
  const {across, down} = box(findInk(picture((x, y) => (Math.abs(x - 80) < 12 && Math.abs(y - 60) < 48 ? 230 : 20))));
  assert.ok(Math.abs(across - 23) <= 2 && Math.abs(down - 95) <= 2);
});

const RULED = {lines: (x, y) => y % 9 === 4, squares: (x, y) => y % 9 === 4 || x % 9 === 4};

for (const [kind, isRuled] of Object.entries(RULED)) {
  for (const light of [() => 1, x => 1 - .4 * x / WIDTH]) {
    const page = (x, y) => light(x) * (isRuled(x, y) ? 215 : 245);

    test(`nothing is found on an empty page of ${kind}${light(WIDTH) < 1 ? ', lit from one side' : ''}`, () => {
      assert.equal(findInk(picture(page)), null);
    });

    test(`a digit on a page of ${kind} is found${light(WIDTH) < 1 ? ', lit from one side' : ''}`, () => {
      assertSeven(findInk(picture((x, y) => (isSeven(x, y) ? 30 * light(x) : page(x, y)))));
    });
  }

  test(`an empty sheet of ${kind} on a desk has no digit`, () => {
    assert.throws(() => findInk(picture((x, y) => (isSheet(x, y, 4) ? (isRuled(x, y) ? 215 : 245) : 40))), /No digit was found/);
  });
}
