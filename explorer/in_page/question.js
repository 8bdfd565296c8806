// Checks of what is asked, as serve/question.py makes them: what it would refuse is left to it, and it says why.

import {clamp, size} from './arrays.js';
import {Missing} from './networks.js';

export function whole(value, low, high) {
  if (!Number.isInteger(value) || value < low || value > high) throw new Missing(`${value} is not from ${low} to ${high}.`);
  return value;
}

// Clipped.
export function number(value, low, high) {
  if (!Number.isFinite(value)) throw new Missing(`${value} is no number.`);
  return clamp(value, low, high);
}

export function list(values, length) {
  const found = Array.from(values.data ?? values);
  if (found.length !== length || !found.every(Number.isFinite)) throw new Missing(`These are not ${length} numbers.`);
  return found;
}

export const pixels = (values, shape) => list(values, size(shape));
