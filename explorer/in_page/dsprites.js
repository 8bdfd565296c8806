// Pictures of dSprites, from the formulas of data/dsprites.py.

const SIDE = 64;
const REACH = 15;  // pixels from its centre, beyond which no sprite reaches
const SQUARE = 9.6 - 1e-9;  // half its side, in pixels at scale 1
const ELLIPSE = [12.76, 7.22];

// Corners of the heart in pixels at scale 1, its point downwards.
const CORNERS = Array.from({length: 128}, (_, i) => {
  const t = 2 * Math.PI * i / 128;
  return [
    .6 * 16 * Math.sin(t) ** 3,
    -.662 * (13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t)) - 1.44,
  ];
});

const EDGES = CORNERS.map((corner, i) => [...corner, ...CORNERS[(i + 1) % CORNERS.length]]);

const INSIDE = [
  (u, v) => Math.abs(u) <= SQUARE && Math.abs(v) <= SQUARE,
  (u, v) => (u / ELLIPSE[0]) ** 2 + (v / ELLIPSE[1]) ** 2 <= 1,
  isInHeart,
];

// By the even-odd rule.
function isInHeart(u, v) {
  let isIn = false;
  for (const [x1, y1, x2, y2] of EDGES) {
    if ((y1 > v) !== (y2 > v) && u < (x2 - x1) * (v - y1) / (y2 - y1) + x1) isIn = !isIn;
  }
  return isIn;
}

// How many values each factor has.
export const SIZES = {shape: 3, scale: 6, orientation: 40, posX: 32, posY: 32};

// The picture (1, 64, 64) of 0 and 255 that has the values of these indices of its factors.
export function render({shape, scale, orientation, posX, posY}) {
  const [size, angle] = [.5 + .1 * scale, -2 * Math.PI * (orientation % 39) / 39];
  const [x, y] = [16 + 32 * posX / 31, 16 + 32 * posY / 31];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const data = new Uint8Array(SIDE * SIDE);
  for (let row = Math.floor(y) - REACH; row <= Math.floor(y) + REACH; row++) {
    for (let column = Math.floor(x) - REACH; column <= Math.floor(x) + REACH; column++) {
      const [a, b] = [column + .5 - x, row + .5 - y];
      if (INSIDE[shape]((cos * a + sin * b) / size, (-sin * a + cos * b) / size)) data[row * SIDE + column] = 255;
    }
  }
  return {data, shape: [1, SIDE, SIDE]};
}
