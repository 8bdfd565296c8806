// What a hand does on a film strip: dragging moves the playhead and paints marks on the columns that it passes.

export function listen(strip) {
  const {grid, props} = strip;
  let held;  // the film that a pointer is on
  let painted;  // the mark that its stroke paints

  function columnUnder(event) {
    const {left, width} = held.getBoundingClientRect();
    return Math.max(0, Math.min(strip.count - 1, Math.floor((event.clientX - left) / width * strip.count)));
  }

  function touch(column) {
    strip.go(column);
    if (painted !== undefined) strip.paintMark(column, painted);
  }

  grid.addEventListener('pointerdown', event => {
    held = event.target.closest('.le-film-strip');
    if (!held || strip.isLarge) return;
    grid.setPointerCapture(event.pointerId);
    const column = columnUnder(event);
    if (props.marks) painted = strip.markToPaint(column);
    touch(column);
  });
  grid.addEventListener('pointermove', event => {
    if (held && grid.hasPointerCapture(event.pointerId)) touch(columnUnder(event));
  });
  grid.addEventListener('lostpointercapture', () => { held = painted = undefined; });
  grid.addEventListener('keydown', event => {
    const action = actionsOfKeys(strip)[event.key];
    if (!action) return;
    action();
    event.preventDefault();
  });
}

function actionsOfKeys(strip) {
  const {column, count, props} = strip;
  return {
    ArrowLeft: () => strip.go(Math.max(0, column - 1)),
    ArrowRight: () => strip.go(Math.min(count - 1, column + 1)),
    Home: () => strip.go(0),
    End: () => strip.go(count - 1),
    ' ': () => props.rate && strip.toggle(),
    ...(props.marks ? {Enter: () => strip.paintMark(column, strip.markToPaint(column))} : {}),
  };
}
