// What a symbol means, where a pointer rests on a word in its colour. One colour is one symbol everywhere (style/theme.py).

const MEANINGS = {
  x: 'x: the input picture',
  'x-tilde': 'x̃: the corrupted input',
  'x-hat': 'x̂: the reconstruction; the article writes x′',
  z: 'z: the code, a point of the latent space',
  mu: 'μ: the mean of q(z|x), the codes that are likely for x',
  sigma: 'σ: the standard deviation of q(z|x)',
  epsilon: 'ε: noise drawn from a standard Gaussian; z = μ + σ ε',
  rho: 'ρ: the share of pictures a unit should be active for; ρ̂ is what it is active for',
  pca: 'PCA: principal component analysis, the best linear code of as many numbers',
  belief: 'p_B: what the model believes of the state, given all frames so far',
  smoothing: 'q_S: what it believes of the earlier state once it knows the later one',
  transition: 'p_T: the jump, from the earlier state to the later one',
  decoder: 'p_D: the frame that a state looks like',
};

document.addEventListener('pointerover', event => {
  const node = event.target.closest?.('[class*="le-symbol-"]');
  if (!node || node.title || node.closest('.le-lines')) return;  // lines of a chart borrow colours for what is no symbol
  const name = /le-symbol-([\w-]+)/.exec(node.className)?.[1];  // widgets without a symbol have an empty one
  if (MEANINGS[name]) node.title = MEANINGS[name];
});
