// A codebook that learns, in the plane: the arithmetic of nn/quantizer.py, batch by batch, on points that can be watched.

export const BATCH = 32;
const [POINTS, CLUSTERS] = [240, 6];
const EPSILON = 1e-5;  // of Laplace's smoothing
const PULL = .15;  // learning rate of the encoder, for the points that a batch holds
export const DEAD = .02;  // vectors that choose a code in a batch on average, below which nothing moves it any more

// The state after so many batches; the same for the same settings.
// settings: {count: K, method: 'ema' or 'gradient', decay: γ, rate, commitment: β, restart: of a batch's vectors, seed}.
export function learn(settings, batches) {
  const random = randomOf(settings.seed);
  let world = begin(settings.count, random);
  for (let i = 0; i < batches; i++) world = step(world, settings, draw(world.points.length, random), random);
  return world;
}

// Points in clusters on a ring, and all codes in the middle, as a network begins.
function begin(count, random) {
  const points = Array.from({length: POINTS}, (_, i) => {
    const angle = 2 * Math.PI * (i % CLUSTERS) / CLUSTERS + .4;
    return [1.6 * Math.cos(angle) + .28 * normal(random), 1.6 * Math.sin(angle) + .28 * normal(random)];
  });
  const codes = Array.from({length: count}, () => [.4 * normal(random), .4 * normal(random)]);
  return {points, homes: points, codes, counts: codes.map(() => 1), batch: [], before: null};
}

const draw = (size, random) => Array.from({length: BATCH}, () => Math.floor(size * random()));

// What one batch of points (their numbers) makes of a world {points, homes, codes, counts}. batch: what happened,
// [{point, code}]; before: the codes and counts it found; chosen and sums: n and s of each code.
export function step(world, settings, numbers, random = Math.random) {
  const {points, homes, codes, counts} = world;
  const batch = numbers.map(point => ({point, code: nearest(codes, points[point])}));
  const members = codes.map((_, code) => batch.filter(one => one.code === code).map(one => points[one.point]));
  const sums = members.map(vectors => vectors.reduce(([x, y], point) => [x + point[0], y + point[1]], [0, 0]));
  const chosen = members.map(vectors => vectors.length);
  const {decay} = settings;
  let averaged = counts.map((count, k) => decay * count + (1 - decay) * chosen[k]);
  const [of, now] = [smoothed(counts), smoothed(averaged)];
  let moved = settings.method === 'ema'
    ? codes.map((code, k) => code.map((value, axis) => (decay * value * of[k] + (1 - decay) * sums[k][axis]) / now[k]))
    : codes.map((code, k) => code.map((value, axis) => value - settings.rate * 2 / numbers.length * (chosen[k] * value - sums[k][axis])));
  const unused = averaged.map(count => count < settings.restart);
  moved = moved.map((code, k) => (unused[k] ? points[numbers[Math.floor(numbers.length * random())]] : code));
  averaged = averaged.map((count, k) => (unused[k] ? numbers.length / codes.length : count));
  return {
    points: pulled(points, homes, codes, batch, settings.commitment), homes, codes: moved, counts: averaged,
    batch, chosen, sums, restarted: unused, before: {codes, counts},
  };
}

// The encoder's step: the reconstruction holds a point where it began, the commitment draws it to its code.
function pulled(points, homes, codes, batch, commitment) {
  const moved = [...points];
  for (const {point, code} of batch) {
    moved[point] = points[point].map((value, axis) => value - PULL * (value - homes[point][axis] + commitment * (value - codes[code][axis])));
  }
  return moved;
}

export function nearest(codes, [x, y]) {
  let [found, least] = [0, Infinity];
  codes.forEach((code, k) => {
    const far = (code[0] - x) ** 2 + (code[1] - y) ** 2;
    if (far < least) [found, least] = [k, far];
  });
  return found;
}

// Counts that are never 0 and have the same sum.
export function smoothed(counts) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map(count => (count + EPSILON) / (total + counts.length * EPSILON) * total);
}

// Of all points: mean squared distance to their codes, perplexity of the codes, and the codes that are dead.
export function judge({points, codes, counts}) {
  const uses = codes.map(() => 0);
  let distance = 0;
  for (const point of points) {
    const code = nearest(codes, point);
    uses[code] += 1 / points.length;
    distance += ((codes[code][0] - point[0]) ** 2 + (codes[code][1] - point[1]) ** 2) / points.length;
  }
  const entropy = uses.reduce((sum, use) => sum - (use ? use * Math.log(use) : 0), 0);
  return {distance, perplexity: Math.exp(entropy), dead: counts.map((count, k) => count < DEAD && !uses[k])};
}

// Uniform draws in [0, 1): mulberry32 by Tommy Ettinger.
function randomOf(seed) {
  let state = seed * 0x9e3779b9 | 0;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}

const normal = random => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());  // Box & Muller
