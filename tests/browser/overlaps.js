// Pairs of texts, pictures and controls on the page that lie over each other, and what is wider than the screen; as words.
() => {
  const OVERLAYS = `.le-notice, .katex, .le-film-veil, script, style${innerWidth > 640 ? '' : ', .le-corner'}`;  // a phone's floats
  const LAYERS = '.le-over, .le-map-over, .le-range, .le-take';  // lie over their picture by intent
  const LEAST = 4;  // pixels of an overlap that counts: descenders may touch

  // The part of a box that is seen, within those around it that cut off what is larger.
  function seen(box, node) {
    let {left, top, right, bottom} = box;
    for (let around = node; around; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (around !== document.documentElement && style.overflow !== 'visible') {
        const frame = around.getBoundingClientRect();
        left = Math.max(left, frame.left);
        top = Math.max(top, frame.top);
        right = Math.min(right, frame.right);
        bottom = Math.min(bottom, frame.bottom);
      }
      if (style.position === 'fixed') break;
    }
    return {left, top, right, bottom};
  }

  function boxes(node) {
    if (node.nodeType === Node.ELEMENT_NODE) return [node.getBoundingClientRect()];
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()];
  }

  const things = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const isText = node.nodeType === Node.TEXT_NODE;
    const element = isText ? node.parentElement : node;
    if (isText ? !node.data.trim() : !node.matches('canvas, select, input, button') || node.matches(LAYERS)) continue;
    if (element.closest(OVERLAYS) || !element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
    const name = isText ? node.data.trim().slice(0, 30) : `${node.tagName} ${node.ariaLabel ?? node.className}`;
    for (const box of boxes(node)) {
      const part = seen(box, element);
      if (part.right - part.left > LEAST && part.bottom - part.top > LEAST) things.push({...part, element, name});
    }
  }
  const found = [];
  things.forEach((one, i) => things.slice(i + 1).forEach(other => {
    if (one.element.contains(other.element) || other.element.contains(one.element)) return;
    const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    if (width > LEAST && height > LEAST) found.push(`${one.name} over ${other.name}`);
  }));
  const {scrollWidth} = document.documentElement;
  if (scrollWidth > innerWidth + 1) found.push(`The page is ${scrollWidth} pixels wide.`);
  return found.slice(0, 10);
}
