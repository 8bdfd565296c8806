// Draws of numpy.random.default_rng, bit for bit: what a link's seed has drawn on the server is drawn here again.
//
// SeedSequence and PCG64 are Melissa O'Neill's (2014, 2015); normal draws come from a ziggurat of 256 layers (Marsaglia &
// Tsang, 2000) as NumPy lays it out, in single precision; wide ones are in double, and differ by some 1e-15.

const MASK32 = 0xffffffff;

// Four 64-bit words out of whole numbers, as numpy.random.SeedSequence mixes them.
function seeded(entropy) {
  let constant = 0x43b0d7e5;
  const hashed = value => {
    value = (value ^ constant) >>> 0;
    constant = Math.imul(constant, 0x931e8875) >>> 0;
    value = Math.imul(value, constant) >>> 0;
    return (value ^ value >>> 16) >>> 0;
  };
  const mixed = (a, b) => {
    const value = (Math.imul(a, 0xca01f9dd) - Math.imul(b, 0x4973f715)) >>> 0;
    return (value ^ value >>> 16) >>> 0;
  };
  const words = entropy.flatMap(number => (number > MASK32 ? [number >>> 0, Math.floor(number / 2 ** 32)] : [number]));
  const pool = Array.from({length: 4}, (_, i) => hashed(words[i] ?? 0));
  for (let from = 0; from < 4; from++) {
    for (let to = 0; to < 4; to++) if (from !== to) pool[to] = mixed(pool[to], hashed(pool[from]));
  }
  for (const word of words.slice(4)) for (let to = 0; to < 4; to++) pool[to] = mixed(pool[to], hashed(word));

  constant = 0x8b51f9dd;
  const state = Array.from({length: 8}, (_, i) => {
    let value = (pool[i % 4] ^ constant) >>> 0;
    constant = Math.imul(constant, 0x58f38ded) >>> 0;
    value = Math.imul(value, constant) >>> 0;
    return BigInt((value ^ value >>> 16) >>> 0);
  });
  return [0, 2, 4, 6].map(i => state[i] | state[i + 1] << 32n);
}

const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;

const R = 3.6541528853610088;  // where the tail begins
const INVERSE_R = Math.fround(1 / R);
const AREA = 0.004928673233974658;  // of each layer
const fround1p = x => Math.fround(Math.log1p(x));
const bell = x => Math.exp(-.5 * x * x);
const EDGE = new Float64Array(256);
EDGE[255] = R;
for (let i = 255; i > 1; i--) EDGE[i - 1] = Math.sqrt(-2 * Math.log(AREA / EDGE[i] + bell(EDGE[i])));
const LENGTH = EDGE.map((x, i) => (i ? x : AREA / bell(R)));  // of each layer, the tail's included
const STEP = Float32Array.from(LENGTH, x => x / 2 ** 23);
const HEIGHT = Float32Array.from(EDGE, bell);
const WIDE_STEP = LENGTH.map(x => x / 2 ** 52);
const WIDE_HEIGHT = EDGE.map(bell);
const WIDE_INSIDE = LENGTH.map((x, i) => Math.floor((i ? EDGE[i - 1] : R) / x * 2 ** 52));
const INSIDE = Int32Array.from(LENGTH, (x, i) => Math.floor((i ? EDGE[i - 1] : R) / x * 2 ** 23));

export class Random {
  #state = 0n;
  #increment;
  #half = null;  // of 64 bits, that which was not taken yet

  // seed: whole numbers from 0 to 2^53, or one.
  constructor(seed) {
    const [high, low, sequenceHigh, sequenceLow] = seeded([seed].flat());
    this.#increment = BigInt.asUintN(128, (sequenceHigh << 64n | sequenceLow) << 1n | 1n);
    this.#step();
    this.#state += high << 64n | low;
    this.#step();
  }

  #step() {
    this.#state = BigInt.asUintN(128, this.#state * MULTIPLIER + this.#increment);
  }

  #next64() {
    this.#step();
    const mixed = BigInt.asUintN(64, this.#state >> 64n ^ this.#state);
    const turn = this.#state >> 122n;
    return BigInt.asUintN(64, mixed >> turn | mixed << (64n - turn));
  }

  #next32() {
    if (this.#half !== null) {
      const half = this.#half;
      this.#half = null;
      return half;
    }
    const both = this.#next64();
    this.#half = Number(both >> 32n);
    return Number(both & 0xffffffffn);
  }

  #nextFloat() {
    return (this.#next32() >>> 8) / 2 ** 24;
  }

  #nextDouble() {
    return Number(this.#next64() >> 11n) / 2 ** 53;
  }

  // random(count, np.float32)
  uniform(count) {
    return Float32Array.from({length: count}, () => this.#nextFloat());
  }

  // gumbel(size=count)
  gumbel(count) {
    return Float64Array.from({length: count}, () => {
      for (;;) {
        const u = 1 - this.#nextDouble();
        if (u < 1) return -Math.log(-Math.log(u));
      }
    });
  }

  // integers(0, 2, count)
  coins(count) {
    return Uint8Array.from({length: count}, () => this.#next32() >>> 31);
  }

  // standard_normal(count)
  wideNormal(count) {
    return Float64Array.from({length: count}, () => this.#nextWideNormal());
  }

  #nextWideNormal() {
    for (;;) {
      const bits = this.#next64();
      const layer = Number(bits & 0xffn);
      const place = Number(bits >> 9n & 0xfffffffffffffn);
      const x = (bits & 0x100n ? -place : place) * WIDE_STEP[layer];
      if (place < WIDE_INSIDE[layer]) return x;
      if (layer === 0) return this.#wideTail(bits & 0x20000n ? -1 : 1);
      if (WIDE_HEIGHT[layer] + (WIDE_HEIGHT[layer - 1] - WIDE_HEIGHT[layer]) * this.#nextDouble() < bell(x)) return x;
    }
  }

  #wideTail(sign) {
    for (;;) {
      const [x, y] = [-Math.log1p(-this.#nextDouble()) / R, -Math.log1p(-this.#nextDouble())];
      if (2 * y > x * x) return sign * (R + x);
    }
  }

  // standard_normal(count, np.float32)
  normal(count) {
    return Float32Array.from({length: count}, () => this.#nextNormal());
  }

  #nextNormal() {
    for (;;) {
      const bits = this.#next32();
      const [layer, place] = [bits & 0xff, bits >>> 9];
      const x = Math.fround((bits & 0x100 ? -place : place) * STEP[layer]);
      if (place < INSIDE[layer]) return x;
      if (layer === 0) return this.#tail(place);
      if (HEIGHT[layer] + (HEIGHT[layer - 1] - HEIGHT[layer]) * this.#nextFloat() < bell(x)) return x;
    }
  }

  #tail(place) {
    for (;;) {
      const [x, y] = [Math.fround(fround1p(-this.#nextFloat()) * -INVERSE_R), -fround1p(-this.#nextFloat())];
      if (2 * y > x * x) return Math.fround(place & 0x100 ? -(Math.fround(R) + x) : Math.fround(R) + x);
    }
  }
}
