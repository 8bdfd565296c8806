// Questions that the page answers itself, with the networks it has, in place of the server: the same arrays.

import * as autoencoder from './answers/autoencoder.js';
import * as beta_vae from './answers/beta_vae.js';
import * as common from './answers/common.js';
import * as contractive from './answers/contractive.js';
import * as denoising from './answers/denoising.js';
import * as k_sparse from './answers/k_sparse.js';
import * as map from './answers/map.js';
import * as sparse from './answers/sparse.js';
import * as start from './answers/start.js';
import * as td_vae_digits from './answers/td_vae_digits.js';
import * as td_vae_oscillator from './answers/td_vae_oscillator.js';
import * as vae from './answers/vae.js';
import * as vq_vae from './answers/vq_vae.js';
import * as vq_vae_2 from './answers/vq_vae_2.js';
import {Missing} from './networks.js';

export const ANSWERS = {
  'start/corrupt': common.corrupt,
  'start/through': start.through,
  'autoencoder/encode': common.encode,
  'autoencoder/decode': common.decode,
  'autoencoder/pca': autoencoder.pca,
  'autoencoder/losses': autoencoder.losses,
  'autoencoder/traversals': common.traversals,
  'denoising/corrupt': common.corrupt,
  'denoising/denoise': denoising.denoise,
  'denoising/dropout': denoising.dropout,
  'denoising/layers': denoising.layers,
  'sparse/respond': sparse.respond,
  'k_sparse/compare': k_sparse.compare,
  'k_sparse/atoms': k_sparse.atoms,
  'contractive/sensitivity': contractive.sensitivity,
  'contractive/push': contractive.push,
  'contractive/moved': contractive.moved,
  'vae/encode': vae.encode,
  'vae/decode': common.decode,
  'vae/epsilon': vae.epsilon,
  'vae/interpolate': vae.interpolate,
  'vae/traversals': common.traversals,
  'vae/autoencode': vae.autoencode,
  'vae/autodecode': vae.autodecode,
  'beta_vae/place_dsprites': beta_vae.placeDsprites,
  'beta_vae/encode': beta_vae.encode,
  'beta_vae/decode': common.decode,
  'beta_vae/traversals': beta_vae.traversals,
  'beta_vae/through': beta_vae.through,
  'vq_vae/encode': vq_vae.encode,
  'vq_vae/decode': vq_vae.decode,
  'vq_vae_2/encode': vq_vae_2.encode,
  'vq_vae_2/decode': vq_vae_2.decode,
  'vq_vae_2/exchange': vq_vae_2.exchange,
  'vq_vae_2/start': vq_vae_2.start,
  'vq_vae_2/advance': vq_vae_2.advance,
  'td_vae/frames': td_vae_digits.frames,
  'td_vae/futures': td_vae_digits.futures,
  'td_vae/ways': td_vae_digits.ways,
  'td_vae/blind': td_vae_digits.blind,
  'td_vae/oscillation': td_vae_oscillator.oscillation,
  'td_vae/fan': td_vae_oscillator.fan,
  'map/point': map.point,
  'map/steer': map.steer,
};

// What an answer in the page needs of the server's own.
const LEARN = {
  'start/through': start.learnThrough,
  'autoencoder/traversals': common.learnTraversals,
  'vae/traversals': common.learnTraversals,
  'beta_vae/traversals': beta_vae.learnTraversals,
  'vq_vae_2/means': vq_vae_2.learnMeans,
};

// Arrays by name, or null where the server has to be asked: the page cannot answer this, or not yet.
export async function answer(question, values) {
  try {
    return await ANSWERS[question]?.(values) ?? null;
  } catch (error) {
    if (!(error instanceof Missing)) warn(question, error);
    return null;
  }
}

const warned = new Set();  // questions that the page has failed to answer

function warn(question, {message}) {
  if (!warned.has(question)) console.warn(`${question} is left to the server: ${message}`);
  warned.add(question);
}

export function learn(question, values, given) {
  LEARN[question]?.(values, given);
}
