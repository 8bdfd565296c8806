// The pictures that ship with the app, one contact sheet for each set.

import {file, make} from './kit.js';

export const COLUMNS = 25;

const sheets = new Map();

// All tiles of a set's contact sheet, with its notes.
export function loadSheet(name) {
  if (!sheets.has(name)) {
    sheets.set(name, (async () => {
      const notes = await (await fetch(file(`samples/${name}.json`))).json();
      const picture = new Image();
      picture.src = file(`samples/${name}.png`);
      await picture.decode();
      const canvas = make('canvas');
      Object.assign(canvas, {width: picture.width, height: picture.height});
      const context = canvas.getContext('2d', {willReadFrequently: true});
      context.drawImage(picture, 0, 0);
      return {name, notes, canvas, context};
    })());
  }
  return sheets.get(name);
}

// One picture of a sheet; its source says which: the set, the number in it, and what it shows.
export function tile({name, context, notes: {side, channels, class_names: classes, labels}}, index) {
  const rgba = context.getImageData((index % COLUMNS) * side, Math.floor(index / COLUMNS) * side, side, side).data;
  const size = side * side;
  const data = Uint8Array.from({length: channels * size}, (_, i) => rgba[4 * (i % size) + Math.floor(i / size)]);
  return {data, shape: [channels, side, side], source: {data: name, index, name: `(${classes[labels[index]].split(' - ')[0]})`}};
}
