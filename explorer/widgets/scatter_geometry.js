// The geometry of many points on a plane: which part is shown, which point is under the pointer, which are in a lasso.

const MARGIN = 1.06;  // of the part shown at first around the points

// The part of a plane on a canvas of width × height pixels: its centre, and pixels for each of its units.
export class View {
  constructor(width, height) {
    Object.assign(this, {width, height, x: 0, y: 0, scale: 1});
  }

  // All points but the outermost, whose few would squeeze the others together.
  fit({data}) {
    const ends = [0, 1].map(axis => {
      const values = data.filter((_, i) => i % 2 === axis).sort();
      return [values[Math.floor(.001 * values.length)], values[Math.ceil(.999 * values.length) - 1]];
    });
    [this.x, this.y] = ends.map(([low, high]) => (low + high) / 2);
    const [across, down] = ends.map(([low, high]) => Math.max(high - low, 1e-6) * MARGIN);
    this.scale = this.least = Math.min(this.width / across, this.height / down);
  }

  toPixel(x, y) {
    return [(x - this.x) * this.scale + this.width / 2, (this.y - y) * this.scale + this.height / 2];
  }

  toPoint(column, row) {
    return [this.x + (column - this.width / 2) / this.scale, this.y - (row - this.height / 2) / this.scale];
  }

  pan(columns, rows) {
    this.x -= columns / this.scale;
    this.y += rows / this.scale;
  }

  // What lies under a pixel stays there.
  zoom(factor, column = this.width / 2, row = this.height / 2) {
    const [x, y] = this.toPoint(column, row);
    this.scale = Math.min(200 * this.least, Math.max(this.least / 2, this.scale * factor));
    const [newX, newY] = this.toPoint(column, row);
    this.x += x - newX;
    this.y += y - newY;
  }
}

const SIDE = 100;  // cells of the index in a row

// Points sorted into cells, so that only few have to be looked at.
export class Index {
  constructor({data, shape: [count]}) {
    this.data = data;
    this.low = [Infinity, Infinity];
    const high = [-Infinity, -Infinity];
    for (let i = 0; i < 2 * count; i++) {
      this.low[i % 2] = Math.min(this.low[i % 2], data[i]);
      high[i % 2] = Math.max(high[i % 2], data[i]);
    }
    this.cell = Math.max(high[0] - this.low[0], high[1] - this.low[1], 1e-6) / SIDE;
    const cells = Uint32Array.from({length: count}, (_, i) => this.#at(data[2 * i], 0) + SIDE * this.#at(data[2 * i + 1], 1));
    this.starts = new Uint32Array(SIDE * SIDE + 1);
    for (const cell of cells) this.starts[cell + 1]++;
    for (let cell = 0; cell < SIDE * SIDE; cell++) this.starts[cell + 1] += this.starts[cell];
    this.sorted = new Uint32Array(count);
    const next = this.starts.slice();
    cells.forEach((cell, i) => { this.sorted[next[cell]++] = i; });
  }

  #at(value, axis) {
    return Math.min(SIDE - 1, Math.max(0, Math.floor((value - this.low[axis]) / this.cell)));
  }

  // Numbers of the points within a radius.
  *within(x, y, radius) {
    for (let row = this.#at(y - radius, 1); row <= this.#at(y + radius, 1); row++) {
      const first = SIDE * row + this.#at(x - radius, 0);
      const last = SIDE * row + this.#at(x + radius, 0);
      for (let at = this.starts[first]; at < this.starts[last + 1]; at++) {
        const i = this.sorted[at];
        if ((this.data[2 * i] - x) ** 2 + (this.data[2 * i + 1] - y) ** 2 <= radius ** 2) yield i;
      }
    }
  }

  // The number of the nearest point within a radius, -1 where there is none.
  nearest(x, y, radius) {
    let found = -1;
    let least = Infinity;
    for (const i of this.within(x, y, radius)) {
      const squared = (this.data[2 * i] - x) ** 2 + (this.data[2 * i + 1] - y) ** 2;
      if (squared < least) [found, least] = [i, squared];
    }
    return found;
  }
}

// Numbers of the points inside a polygon [[x, y], …], by the even-odd rule.
export function inside(polygon, {data, shape: [count]}) {
  const found = [];
  const corners = Float64Array.from([...polygon, polygon[0]].flat());
  for (let i = 0; i < count; i++) {
    const x = data[2 * i];
    const y = data[2 * i + 1];
    let crossed = false;
    for (let at = 0; at < corners.length - 2; at += 2) {
      const y1 = corners[at + 1];
      const y2 = corners[at + 3];
      if ((y1 > y) === (y2 > y)) continue;
      if (x < (corners[at + 2] - corners[at]) * (y - y1) / (y2 - y1) + corners[at]) crossed = !crossed;
    }
    if (crossed) found.push(i);
  }
  return found;
}

// The number of the nearest point that lies rather in a direction from point number from than in any other, at least so
// many pixels away; -1 where there is none.
export function neighbourTowards(view, {data, shape: [count]}, from, [right, down], least) {
  const [column, row] = view.toPixel(data[2 * from], data[2 * from + 1]);
  let found = -1;
  let nearest = Infinity;
  for (let i = 0; i < count; i++) {
    const [x, y] = view.toPixel(data[2 * i], data[2 * i + 1]);
    const along = (x - column) * right + (y - row) * down;
    const aside = Math.abs((x - column) * down + (y - row) * right);
    const distance = Math.hypot(along, aside);
    if (along > Math.max(aside, least) && distance < nearest) [found, nearest] = [i, distance];
  }
  return found;
}
