// As answers/td_vae_oscillator.py.

import {join, range, slice} from '../arrays.js';
import {gaussianCrps, quantile, sampleCrps} from '../forecast.js';
import {filtered, forecast} from '../kalman.js';
import {config, runApart} from '../networks.js';
import {AHEAD, DECAY, positions, STEPS, VARIANCE} from '../oscillator.js';
import {number, whole} from '../question.js';
import {drawn} from './common.js';
import {believe, jumpOn, LARGEST_SEED, modelOf, noise as noiseOf, predict, repeated, watch} from './td_vae_states.js';

const [DRAWS, COURSES, LEAST_NOISE] = [99, 13, .01];
const HORIZON = AHEAD.at(-1);
const TIMES = STEPS + HORIZON;
const EDGES = [.025, .975];
const NORMAL_EDGE = 1.95996;

export async function oscillation({checkpoint, ...asked}) {
  const {t, paths, seen, coming, world} = listen(checkpoint, asked);
  const predicted = (await predict(checkpoint, await watch(checkpoint, frames(seen)), HORIZON)).data;
  const {means, deviations} = forecast(filtered(seen, world), HORIZON, world);
  const band = [-1, 1].map(side => means.map((mean, i) => mean + side * NORMAL_EDGE * deviations[i]));
  const [came] = coming;
  return {
    axis: {data: Float32Array.from({length: TIMES}, (_, i) => i), shape: [TIMES]},
    context: placed(seen, 0),
    signal: placed(paths[0].slice(0, t + HORIZON), 0),
    others: rows(coming.slice(1), t),
    predicted: placed(predicted, t),
    predicted_score: average(came.map((value, i) => Math.abs(predicted[i] - value))),
    kalman_band: rows(band, t),
    kalman_inside: inside(band, coming),
    kalman_score: average(came.map((value, i) => gaussianCrps(means[i], Math.max(deviations[i], 1e-6), value))),
  };
}

export async function fan({checkpoint, jump, draw, ...asked}) {
  const {t, seen, coming} = listen(checkpoint, asked);
  const {latent_dim: dims, longest_jump: longest} = modelOf(checkpoint, true);
  whole(jump, 1, longest);
  whole(draw, 0, LARGEST_SEED);
  const {belief} = await watch(checkpoint, frames(seen));
  const noises = noiseOf(draw, DRAWS, 2 + Math.floor(HORIZON / jump), dims);
  const {x_hat} = await runApart(checkpoint, 'decode', {z: await foreseeSteps(checkpoint, belief, noises, jump)});
  const sorted = Array.from({length: HORIZON}, (_, step) => x_hat.data.slice(step * DRAWS, (step + 1) * DRAWS).sort());
  const band = EDGES.map(share => sorted.map(values => quantile(values, share)));
  const calls = Math.ceil(HORIZON / jump);
  return {
    band: rows(band, t),
    inside: inside(band, coming),
    score: average(sorted.map((values, step) => sampleCrps(values, coming[0][step]))),
    calls,
    milliseconds: duration(checkpoint, calls),
  };
}

// States (HORIZON · DRAWS, latent_dim) at every step after now: jumps of one length, and then a shorter one.
async function foreseeSteps(checkpoint, belief, noises, length) {
  const first = await believe(checkpoint, belief, noises[0]);
  const lengths = Array(Math.floor(HORIZON / length)).fill(length);
  const reached = [first, ...await jumpOn(checkpoint, first, lengths, noises.slice(1), runApart)];
  const steps = Array.from({length: HORIZON}, (_, i) => ({jumps: Math.floor((i + 1) / length), rest: (i + 1) % length}));
  const short = steps.filter(({rest}) => rest);
  if (!short.length) return join(reached.slice(1));
  const {later} = await runApart(checkpoint, 'jump', {
    z: join(short.map(({jumps}) => reached[jumps])),
    lengths: join(short.map(({rest}) => repeated(rest, DRAWS))),
    noise: join(short.map(({jumps}) => noises[jumps + 1])),
  });
  let at = 0;
  return join(steps.map(({jumps, rest}) => (rest ? slice(later, at, at += DRAWS) : reached[jumps])));
}

// Milliseconds that so many jumps took when the model was measured: those between AHEAD grow evenly.
function duration(checkpoint, calls) {
  const measured = config(checkpoint).profile.many_milliseconds;
  if (!measured) return NaN;
  const next = AHEAD.findIndex(steps => calls <= steps);
  if (next === 0) return measured[0];
  const share = (calls - AHEAD[next - 1]) / (AHEAD[next] - AHEAD[next - 1]);
  return measured[next - 1] + share * (measured[next] - measured[next - 1]);
}

// The oscillator that was asked for, pushed and seen by chance: paths (COURSES, TIMES), of which the first one is and
// the others could have been from step t on; what is seen of it; what comes; and what the filter knows of its world.
function listen(checkpoint, {frequency, amplitude, phase, pushes, noise, noise_seed: seed, t}) {
  modelOf(checkpoint, true);
  whole(t, 1, STEPS);
  whole(seed, 0, LARGEST_SEED);
  frequency = number(frequency, .01, .4);
  amplitude = number(amplitude, 0, 3);
  phase = number(phase, 0, 2 * Math.PI);
  pushes = number(pushes, 0, 1);
  noise = number(noise, 0, 2);
  const chance = drawn(seed, 'wideNormal', TIMES * (1 + 2 * COURSES));
  const lines = range(0, 1 + 2 * COURSES).map(i => chance.subarray(TIMES * i, TIMES * (i + 1)));
  const [real, imaginary] = [1, 1 + COURSES].map(first => pushed(lines.slice(first, first + COURSES), t, pushes));
  const paths = real.map((part, i) => positions(frequency, amplitude, phase, {real: part, imaginary: imaginary[i]}));
  return {
    t,
    paths,
    seen: Float32Array.from(paths[0].slice(0, t), (value, step) => value + noise * lines[0][step]),
    coming: paths.map(path => path.slice(t, t + HORIZON)),
    world: {frequency, noise: Math.max(noise, LEAST_NOISE), variance: VARIANCE, process: pushes, decay: DECAY},
  };
}

// What pushes one number of each course's state (COURSES, TIMES): before step t all of them are pushed alike.
function pushed(lines, t, pushes) {
  return lines.map(line => line.map((value, step) => pushes * (step < t ? lines[0][step] : value)));
}

// What is seen as the model takes it.
const frames = seen => ({data: seen, shape: [seen.length, 1, 1, 1]});

const average = values => values.reduce((sum, value) => sum + value, 0) / values.length;

// Share of positions between the lines of a band, in %.
function inside([low, high], coming) {
  return 100 * average(coming.map(path => average(path.map((value, i) => (low[i] <= value && value <= high[i] ? 1 : 0)))));
}

// Values on the axis of all times from a first one on; NaN elsewhere.
function placed(values, first) {
  const data = new Float32Array(TIMES).fill(NaN);
  data.set(values, first);
  return {data, shape: [TIMES]};
}

function rows(lines, first) {
  return {data: join(lines.map(line => placed(line, first))).data, shape: [lines.length, TIMES]};
}
