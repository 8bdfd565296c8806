// Noisy oscillators, as data/oscillator.py has them: their state turns, shrinks and is pushed by chance at every step.

export const NAME = 'oscillator';
export const [STEPS, DECAY] = [200, .997];
const PROCESS = .06;
export const VARIANCE = PROCESS ** 2 / (1 - DECAY ** 2);
export const AHEAD = [1, 20, 60, 120];

// Positions at each step of an oscillator that begins at an amplitude and phase. pushes: what is added to the real and
// to the imaginary part of its state at each step; those of the first step are not used.
export function positions(frequency, amplitude, phase, pushes) {
  const [cos, sin] = [DECAY * Math.cos(frequency), DECAY * Math.sin(frequency)];
  let [real, imaginary] = [amplitude * Math.cos(phase), amplitude * Math.sin(phase)];
  return pushes.real.map((push, step) => {
    if (!step) return real;
    [real, imaginary] = [cos * real - sin * imaginary, sin * real + cos * imaginary + pushes.imaginary[step]];
    real += push;
    return real;
  });
}
