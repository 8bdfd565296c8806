// What the benchmark of latency does in a page: moves a control as a hand would, and looks when pictures are painted.

const pointer = (name, place) => new PointerEvent(name, {...place, pointerType: 'mouse', bubbles: true});

// A place within a node, as shares of its sides.
function at(node, across, down) {
  const box = node.getBoundingClientRect();
  return {clientX: box.left + box.width * across, clientY: box.top + box.height * down};
}

// The first of a control's moves presses the pointer; pointers that are made up cannot be captured.
function press(control, place) {
  control.setPointerCapture = () => {};
  if (!control.dataset.down) control.dispatchEvent(pointer('pointerdown', place));
  control.dataset.down = 1;
  control.dispatchEvent(pointer('pointermove', place));
}

// Each moves a control to a share of its way.
const MOVES = {
  pad: (control, share) => control.dispatchEvent(pointer('pointermove', at(control, .1 + .8 * share, .3 + .4 * share))),
  brush: (control, share) => press(control, at(control, .1 + .8 * share, .5 + .4 * Math.sin(40 * share))),
  cells(control) {  // one after the other, row by row; for each round another code is chosen
    const move = Number(control.dataset.moves ?? 0);
    control.dataset.moves = move + 1;
    const [cell, round] = [move % 64, Math.floor(move / 64)];
    const atlas = document.querySelector(control.dataset.atlas);
    if (cell === 0) atlas.dispatchEvent(new MouseEvent('click', {...at(atlas, (round % 20 + .5) / 25, .05), bubbles: true}));
    press(control, at(control, (cell % 8 + .5) / 8, (Math.floor(cell / 8) + .5) / 8));
  },
  hover(control, share) {  // in strides, so that every move reaches another point
    const stride = Math.round(share * 100) * 37 % 100 / 100;
    control.dispatchEvent(pointer('pointermove', at(control, .25 + .5 * stride, .3 + .4 * share)));
  },
  film(control, share) {  // every move has to reach another one of the frames: they are gone through in strides
    control.closest('.le-film-grid').setPointerCapture = () => {};
    const place = at(control, (Math.round(share * 300) * 7 % 20 + .5) / 20, 0);
    control.dispatchEvent(pointer('pointerdown', {...place, clientY: place.clientY + 9}));
  },
  slider(control, share) {
    const [low, high] = [Number(control.min), Number(control.max)];
    control.value = low + (high - low) * (.1 + .8 * share);
    control.dispatchEvent(new Event('input', {bubbles: true}));
  },
};

const rest = milliseconds => new Promise(done => setTimeout(done, milliseconds));

// Moves a control to each of its places, and waits until the picture is painted; milliseconds for each.
async function latency(target, canvas, kind, moves) {
  const [control, picture] = [target, canvas].map(selector => document.querySelector(selector));
  const times = [];
  for (let i = 0; i < moves; i++) {
    const painted = new Promise(done => {
      const observer = new MutationObserver(() => { observer.disconnect(); done(performance.now()); });
      observer.observe(picture, {attributes: true, attributeFilter: ['data-painted']});
    });
    const start = performance.now();
    MOVES[kind](control, i / moves);
    times.push(await painted - start);
    await rest(5);
  }
  return times;
}

// Moves at every frame for some seconds, as a dragging hand does: paints and frames in a second.
async function drag(target, canvas, kind, seconds) {
  const [control, picture] = [target, canvas].map(selector => document.querySelector(selector));
  const before = Number(picture.dataset.painted);
  const start = performance.now();
  let frame = 0;
  while (performance.now() - start < 1000 * seconds) {
    await new Promise(requestAnimationFrame);
    MOVES[kind](control, (frame++ % 100) / 100);
  }
  return [(Number(picture.dataset.painted) - before) / seconds, frame / seconds];
}

// Until what the page needs for these moves is there; with networks of the server's own at once.
async function warm(target, kind) {
  const {networks} = window.latentExplorer;
  for (let i = 0, quiet = 0; networks && quiet < 10 && i < 300; i++) {
    MOVES[kind](document.querySelector(target), (i % 100) / 100);
    await rest(100);
    quiet = networks.pending() ? 0 : quiet + 1;
  }
}

// Once over all 64 cells: from then on each move changes a code.
function overAllCells(target) {
  for (let i = 0; i < 64; i++) MOVES.cells(document.querySelector(target));
}

// When the page's first pictures were painted.
const firstPaint = new Promise(done => {
  const observer = new MutationObserver(() => {
    if (!document.querySelector('#start-rows canvas[data-painted]')) return;
    observer.disconnect();
    done(performance.now());
  });
  observer.observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ['data-painted']});
});

window.bench = {drag, firstPaint, latency, overAllCells, warm};
