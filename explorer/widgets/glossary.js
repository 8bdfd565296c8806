// What a symbol means, where a pointer rests on a word in its colour. One colour is one symbol everywhere (style/theme.py).

const MEANINGS = JSON.parse(document.querySelector('#le-meanings').textContent);

document.addEventListener('pointerover', event => {
  const node = event.target.closest?.('[class*="le-symbol-"]');
  if (!node || node.title || node.closest('.le-lines')) return;  // lines of a chart borrow colours for what is no symbol
  const name = /le-symbol-([\w-]+)/.exec(node.className)?.[1];  // widgets without a symbol have an empty one
  if (MEANINGS[name]) node.title = MEANINGS[name];
});
