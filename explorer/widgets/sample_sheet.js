// The pictures that ship with the app, one contact sheet for each set.

import {countAsking, loadJson, loadPicture, make} from './kit.js';

export const COLUMNS = 25;
export const ATLAS = {side: 28, columns: 100};  // of a tile, and tiles in a row

const kept = new Map();

// What was loaded once for the whole page; until it is there, the page is not at rest.
function once(name, work) {
  if (!kept.has(name)) {
    countAsking(1);
    kept.set(name, work().finally(() => countAsking(-1)));
  }
  return kept.get(name);
}

// Of a set: {labels, class_names, …}.
export function loadNotes(set) {
  return once(`${set} notes`, () => loadJson(`samples/${set}.json`));
}

// All tiles of a set's contact sheet, with its notes.
export function loadSheet(set) {
  return once(`${set} sheet`, async () => {
    const notes = await loadNotes(set);
    const picture = await loadPicture(`samples/${set}.png`);
    const canvas = make('canvas');
    Object.assign(canvas, {width: picture.width, height: picture.height});
    const context = canvas.getContext('2d', {willReadFrequently: true});
    context.drawImage(picture, 0, 0);
    return {name: set, notes, canvas, context};
  });
}

// The small pictures of a set's whole test set, in one.
export function loadAtlas(set) {
  return once(`${set} atlas`, () => loadPicture(`samples/${set}-atlas.webp`));
}

// One picture of a sheet; its source says which: the set, the number in it, and what it shows.
export function tile({name, context, notes: {side, channels, class_names: classes, labels}}, index) {
  const rgba = context.getImageData((index % COLUMNS) * side, Math.floor(index / COLUMNS) * side, side, side).data;
  const size = side * side;
  const data = Uint8Array.from({length: channels * size}, (_, i) => rgba[4 * (i % size) + Math.floor(i / size)]);
  return {data, shape: [channels, side, side], source: {data: name, index, name: `(${classes[labels[index]].split(' - ')[0]})`}};
}
