// What can be known of an oscillator of known frequency: the filter of metrics/kalman.py, for one oscillator.
//
// world: {frequency, noise, variance, process, decay}; a state: mean [a, b] and covariance [[p, q], [q, r]] of its two
// numbers, of which the first one is seen.

// The state at the last of some observations.
export function filtered(seen, world) {
  let state = {mean: [0, 0], covariance: [[world.variance, 0], [0, world.variance]]};
  seen.forEach((value, step) => {
    state = corrected(step ? ahead(state, world) : state, value, world);
  });
  return state;
}

// What an observation tells.
function corrected({mean: [a, b], covariance: [[p, q], [, r]]}, value, {noise}) {
  const [ofA, ofB] = [p, q].map(part => part / (p + noise ** 2));
  const error = value - a;
  return {
    mean: [a + ofA * error, b + ofB * error],
    covariance: [[p - ofA * p, q - ofA * q], [q - ofB * p, r - ofB * q]],
  };
}

// A step later: it has turned, shrunk and been pushed.
function ahead({mean: [a, b], covariance: [[p, q], [, r]]}, {frequency, process, decay}) {
  const [cos, sin] = [decay * Math.cos(frequency), decay * Math.sin(frequency)];
  const across = cos * sin * (p - r) + (cos ** 2 - sin ** 2) * q;
  return {
    mean: [cos * a - sin * b, sin * a + cos * b],
    covariance: [
      [cos ** 2 * p - 2 * cos * sin * q + sin ** 2 * r + process ** 2, across],
      [across, sin ** 2 * p + 2 * cos * sin * q + cos ** 2 * r + process ** 2],
    ],
  };
}

// Means and deviations of the signal at so many steps after a state, without the noise that it is seen through.
export function forecast(state, steps, world) {
  const [means, deviations] = [[], []];
  for (let step = 0; step < steps; step++) {
    state = ahead(state, world);
    means.push(state.mean[0]);
    deviations.push(Math.sqrt(state.covariance[0][0]));
  }
  return {means, deviations};
}
