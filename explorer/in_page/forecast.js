// How good a forecast is, as metrics/forecast.py has it, and the quantiles of its samples.

// The value that a share of what sorted samples were drawn from lies below; np.quantile(…, method="weibull").
export function quantile(sorted, share) {
  const at = Math.min(Math.max(share * (sorted.length + 1) - 1, 0), sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

// Continuous ranked probability score of a forecast given as sorted samples.
export function sampleCrps(sorted, truth) {
  const count = sorted.length;
  let [off, apart] = [0, 0];
  sorted.forEach((value, i) => {
    off += Math.abs(value - truth);
    apart += value * (2 * i - count + 1);
  });
  return off / count - apart / (count * (count - 1));
}

// The same score of N(mean, deviation²).
export function gaussianCrps(mean, deviation, truth) {
  const z = (truth - mean) / deviation;
  return deviation * (z * erf(z / Math.SQRT2) + 2 * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) - 1 / Math.sqrt(Math.PI));
}

const OF_ERF = [1.061405429, -1.453152027, 1.421413741, -.284496736, .254829592];

// The error function, off by 1.5e-7 at most: Abramowitz & Stegun (1964), equation 7.1.26.
function erf(x) {
  const t = 1 / (1 + .3275911 * Math.abs(x));
  const tail = OF_ERF.reduce((sum, coefficient) => (sum + coefficient) * t, 0) * Math.exp(-x * x);
  return Math.sign(x) * (1 - tail);
}
