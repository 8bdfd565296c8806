// What tabs began with when links of a former version were written: such a link names only what a visitor had changed
// there.

const FORMER = {
  1: {
    start: 'level=0.4',
    contractive: 'dx=2&noise=0&kind=dx',
    beta_vae: 'checkpoint=beta_vae/dsprites-staged25&dimension=0',
    vq_vae: 'code=90',
    vq_vae_2: 'checkpoint=vq_vae_2/emoji-64',
    td_vae: 'noise_seed=1',
  },
  2: {beta_vae: 'checkpoint=beta_vae/shapes3d-beta24&dimension=0'},
};

export const VERSIONS = Object.keys(FORMER);
const END = {mnist: 120, fashion: 120, faces: 120};  // pictures that the VAE's path ended at in version 1
const PATH = 'between-two-pictures';

// The texts of a link's keys, {key: text}, with those that its version left out.
export function completed(version, tab, part, texts) {
  const since = VERSIONS.slice(VERSIONS.indexOf(version)).find(each => tab in FORMER[each]);
  const former = Object.fromEntries(new URLSearchParams(FORMER[since]?.[tab] ?? ''));
  if (version === '1' && tab === 'vae' && part === PATH) {
    const [, set = 'mnist'] = /\/([a-z]+)-/.exec(texts.checkpoint ?? '') ?? [];
    if (set in END) former.x_end = `*${set}.${END[set]}`;
  }
  return {...former, ...texts};
}
