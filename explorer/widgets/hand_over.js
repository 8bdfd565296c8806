// Texts and files for the visitor; where the browser keeps the page from copying or saving, a box to take them from.

import {button, make} from './kit.js';

// Pages that show this one in a frame and let it save files.
const HOSTS = /^https:\/\/(huggingface\.co|[\w.-]+\.hf\.space)$/;

// Copies a text; whether that was allowed. It is not without https, nor in a frame without the permission.
export async function copy(text, name) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    offer(`This page may not write to the clipboard. ${name} is selected here: press Ctrl-C, or ⌘-C on a Mac.`, written(text));
    return false;
  }
}

const TYPES = {png: 'image/png', gif: 'image/gif', webp: 'image/webp', csv: 'text/csv'};

// Hands the browser a file to keep.
export function save(content, filename) {
  const blob = new Blob([content], {type: TYPES[filename.split('.').at(-1)] ?? 'application/octet-stream'});
  if (maySave()) return download(blob, filename);
  offerFile(blob, filename);
}

function download(blob, filename) {
  const link = make('a');
  Object.assign(link, {href: URL.createObjectURL(blob), download: filename});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// A frame may forbid it; nobody says so when it does.
function maySave() {
  if (window === window.top) return true;
  const sandbox = window.frameElement?.sandbox;  // of a frame of the same address
  if (sandbox) return !sandbox.length || sandbox.contains('allow-downloads');
  return [...location.ancestorOrigins ?? []].every(origin => HOSTS.test(origin));
}

async function offerFile(blob, filename) {
  const cannot = `The page around this one may not let it save ${filename}.`;
  if (blob.type.startsWith('image/')) {
    const picture = make('img');
    Object.assign(picture, {src: URL.createObjectURL(blob), alt: filename});
    offer(`${cannot} Here it is: save it from the picture's own menu.`, picture);
  } else if (blob.type.startsWith('text/')) {
    offer(`${cannot} Its text is selected here: press Ctrl-C, or ⌘-C on a Mac.`, written(await blob.text()));
  } else {
    offer(`${cannot} Open this address in a tab of its own, and take it from there.`, written(location.href));
  }
}

function written(text) {
  const area = make('textarea');
  Object.assign(area, {value: text, readOnly: true, rows: Math.min(8, Math.ceil(text.length / 60))});
  return area;
}

let box;

function offer(sentence, content) {
  box?.remove();
  box = make('dialog', 'le-offer');
  const close = button('Close', () => box.remove());
  box.append(make('p', '', sentence), content, close);
  box.addEventListener('keydown', event => { if (event.key === 'Escape') box.remove(); });
  document.body.append(box);
  box.show();
  if (content.select) content.select();
  (content.select ? content : close).focus();
}
