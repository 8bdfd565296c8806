// The priors of a VQ-VAE-2, place by place: what each place has left behind is kept for those after it.

import {config, run} from '../networks.js';

const NEIGHBOURS = [[1, 1], [1, 0], [1, -1], [1, -2], [0, 1]];  // rows up, columns to the left; the place itself is last

export class Walk {
  #priors;

  // key: of what it is; grid: rows and columns of both levels; samples: pictures side by side; isGuided: whether each is
  // also read as of no class in particular.
  constructor(key, checkpoint, grid, label, samples, isGuided) {
    Object.assign(this, {key, samples});
    this.#priors = ['top', 'bottom'].map(level => new Prior(checkpoint, level, grid[level], label, samples, isGuided));
  }

  // Fills gaps of codes {top, bottom}, in which they are changed, place by place, as far as count reaches. Gives the mean
  // nats of a code so far, the next gap's place, -1 where there is none, and the probabilities of its codes.
  async goOn(codes, count, {draws, temperature, topK, guidance}) {
    const nats = new Float32Array(this.samples);
    let passed = 0;
    let left = count;
    let first = 0;  // number of the level's first place in the order of sampling
    for (const prior of this.#priors) {
      const grid = codes[prior.level];
      await prior.begin(grid, prior.level === 'top' ? null : codes.top);
      for (let place = 0; place < prior.places; place++) {
        const gaps = prior.gaps(grid, place);
        if (gaps.length) {
          const guided = prior.guide(await prior.at(grid, place), guidance);
          const likely = sharpened(guided, this.samples, temperature, topK);
          if (!left) return {nats: mean(nats, passed), probabilities: likely.map(Math.exp), next: first + place};
          left--;
          choose(grid, prior.places, place, gaps, likely, draws(first + place));
        }
        const logProbabilities = await prior.at(grid, place);
        for (let sample = 0; sample < this.samples; sample++) {
          nats[sample] -= logProbabilities[sample * prior.numCodes + grid[sample * prior.places + place]];
        }
        passed++;
      }
      first += prior.places;
    }
    return {nats: mean(nats, passed), probabilities: new Float32Array(this.samples * this.#priors[0].numCodes), next: -1};
  }
}

const mean = (sums, count) => sums.map(sum => sum / Math.max(count, 1));

// One level: what its places have left behind, as far as it has gone along the codes it was last given.
class Prior {
  constructor(checkpoint, level, [rows, columns], label, samples, isGuided) {
    const {model} = config(checkpoint);
    const {num_codes: numCodes, prior_channels: channels, prior_groups: groups, prior_heads: heads} = model;
    const classes = level === 'top' || model.bottom_is_told ? model.num_classes : 0;  // that it is told
    const lines = isGuided && label < classes ? 2 * samples : samples;  // the samples, and after them the same of no class
    this.labels = Int32Array.from({length: lines}, (_, line) => (line < samples ? label : model.num_classes));
    const looks = (level === 'top' ? 6 : 4) * groups;  // two in each gated block: three a group on top, two below
    const attentions = level === 'top' && heads ? groups : 0;
    Object.assign(this, {checkpoint, level, rows, columns, samples, lines, channels, looks, attentions, heads});
    Object.assign(this, {numCodes, places: rows * columns, width: columns + 3});
    this.gone = [];  // log-probabilities of each place that was passed
    this.told = null;
  }

  // Forgets what does not follow from these codes, and from those of the level above, any more.
  async begin(grid, above) {
    const told = String(above);
    if (this.told !== told) {
      const {lines, samples, looks, rows, width, channels, attentions, places} = this;
      const inputs = {labels: {data: this.labels, shape: [lines]}};
      if (above) {
        if (above.some(code => code < 0)) throw new Error('The top is not full yet.');
        const data = Int32Array.from({length: above.length * lines / samples}, (_, i) => above[i % above.length]);
        inputs.top = {data, shape: [lines, rows / 2, this.columns / 2]};
      }
      this.condition = (await run(this.checkpoint, `${this.level}_condition`, inputs)).condition.data;
      [this.told, this.gone] = [told, []];
      this.memory = new Float32Array(lines * looks * (rows + 1) * width * channels);
      this.keys = new Float32Array(lines * attentions * channels * places);
      this.values = new Float32Array(lines * attentions * channels * places);
      this.codes = new Int32Array(samples * places).fill(-1);
    }
    const same = place => !this.gaps(grid, place).length && this.#each(sample => this.codes[sample * this.places + place] === grid[sample * this.places + place]);
    let kept = 0;
    while (kept < this.gone.length && (kept === 0 || same(kept - 1))) kept++;
    this.gone.length = kept;
  }

  #each(holds) {
    for (let sample = 0; sample < this.samples; sample++) if (!holds(sample)) return false;
    return true;
  }

  // Samples that have no code at a place.
  gaps(grid, place) {
    const found = [];
    for (let sample = 0; sample < this.samples; sample++) if (grid[sample * this.places + place] < 0) found.push(sample);
    return found;
  }

  // Log-probabilities (lines, K) of a place's codes, after all those before it; they are kept.
  async at(grid, place) {
    if (this.gone[place]) return this.gone[place];
    const {samples, lines, places, channels} = this;
    const before = new Int32Array(lines);
    const condition = new Float32Array(lines * channels);
    for (let line = 0; line < lines; line++) {
      const last = line % samples * places + place - 1;
      before[line] = place ? grid[last] : this.numCodes;
      if (place) this.codes[last] = before[line];
      const start = (line * places + place) * channels;
      condition.set(this.condition.subarray(start, start + channels), line * channels);
    }
    const inputs = {
      before: {data: before, shape: [lines]},
      condition: {data: condition, shape: [lines, channels]},
      seen: {data: this.#seen(place), shape: [lines, this.looks, NEIGHBOURS.length, channels]},
    };
    if (this.attentions) {
      const shape = [lines, this.attentions, this.heads, places, channels / this.heads];
      Object.assign(inputs, {keys: {data: this.keys, shape}, values: {data: this.values, shape}});
      inputs.index = {data: Int32Array.of(place), shape: []};
    }
    const outputs = await run(this.checkpoint, `${this.level}_step`, inputs);
    this.#keep(place, outputs);
    this.gone[place] = logSoftmax(outputs.logits.data, lines);
    return this.gone[place];
  }

  // Log-probabilities (samples, K), led from those of no class towards those of the samples' class, and beyond.
  guide(logProbabilities, guidance) {
    const {samples, lines, numCodes} = this;
    if (lines === samples) return logProbabilities;
    const [told, untold] = [0, 1].map(half => logProbabilities.subarray(half * samples * numCodes, (half + 1) * samples * numCodes));
    return logSoftmax(told.map((value, i) => untold[i] + guidance * (value - untold[i])), samples);
  }

  #start(line, look, row, column) {
    return (((line * this.looks + look) * (this.rows + 1) + row) * this.width + column) * this.channels;
  }

  // Features of the neighbours of a place; beyond the grid they are 0.
  #seen(place) {
    const {lines, looks, channels} = this;
    const [row, column] = [Math.floor(place / this.columns) + 1, place % this.columns + 1];
    const seen = new Float32Array(lines * looks * NEIGHBOURS.length * channels);
    let at = 0;
    for (let line = 0; line < lines; line++) {
      for (let look = 0; look < looks; look++) {
        for (const [up, left] of NEIGHBOURS) {
          const from = this.#start(line, look, row - up, column - left);
          seen.set(this.memory.subarray(from, from + channels), at);
          at += channels;
        }
      }
    }
    return seen;
  }

  #keep(place, {own, key, value}) {
    const {lines, looks, channels, attentions, heads, places} = this;
    const [row, column] = [Math.floor(place / this.columns) + 1, place % this.columns + 1];
    for (let line = 0; line < lines; line++) {
      for (let look = 0; look < looks; look++) {
        const from = (line * looks + look) * channels;
        this.memory.set(own.data.subarray(from, from + channels), this.#start(line, look, row, column));
      }
    }
    const size = channels / heads;
    for (let head = 0; head < lines * attentions * heads; head++) {
      const to = (head * places + place) * size;
      this.keys.set(key.data.subarray(head * size, (head + 1) * size), to);
      this.values.set(value.data.subarray(head * size, (head + 1) * size), to);
    }
  }
}

function logSoftmax(logits, samples) {
  const size = logits.length / samples;
  const result = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += size) {
    const of = logits.subarray(start, start + size);
    const most = of.reduce((a, b) => Math.max(a, b), -Infinity);
    const total = Math.log(of.reduce((sum, logit) => sum + Math.exp(logit - most), 0)) + most;
    of.forEach((logit, code) => { result[start + code] = logit - total; });
  }
  return result;
}

// Log-probabilities at a temperature, of the likeliest codes alone.
function sharpened(logProbabilities, samples, temperature, topK) {
  const size = logProbabilities.length / samples;
  const kept = new Float32Array(logProbabilities.length);
  for (let start = 0; start < kept.length; start += size) {
    const of = logProbabilities.subarray(start, start + size);
    const least = Float32Array.from(of).sort()[size - topK];
    of.forEach((value, code) => { kept[start + code] = value < least ? -Infinity : value / temperature; });
  }
  return logSoftmax(kept, samples);
}

// The likeliest code with Gumbel noise at each gap of a place.
function choose(grid, places, place, gaps, likely, noise) {
  const size = noise.length / (grid.length / places);
  for (const sample of gaps) {
    let best = 0;
    let most = -Infinity;
    for (let code = 0; code < size; code++) {
      const value = Math.fround(likely[sample * size + code] + Math.fround(noise[sample * size + code]));
      if (value > most) [best, most] = [code, value];
    }
    grid[sample * places + place] = best;
  }
}
