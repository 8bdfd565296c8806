"""What the page may ask, by tab: each answer is a function of the pool and of what the page sent."""

from explorer.answers import (
    autoencoder,
    beta_vae,
    contractive,
    denoising,
    k_sparse,
    map,
    sparse,
    start,
    strip,
    td_vae,
    training,
    vae,
    vq_vae,
    vq_vae_2,
)
from explorer.answers.common import Handlers

SHARED: Handlers = {"strip": strip.strip, "training": training.training}  # asked under each tab's scenes

HANDLERS: dict[str, Handlers] = {
    "start": start.HANDLERS,
    "autoencoder": autoencoder.HANDLERS,
    "denoising": denoising.HANDLERS,
    "sparse": sparse.HANDLERS,
    "k_sparse": k_sparse.HANDLERS,
    "contractive": contractive.HANDLERS,
    "vae": vae.HANDLERS,
    "beta_vae": beta_vae.HANDLERS,
    "vq_vae": vq_vae.HANDLERS,
    "vq_vae_2": vq_vae_2.HANDLERS,
    "td_vae": td_vae.HANDLERS,
    "map": map.HANDLERS,
}
HANDLERS = {stem: handlers | SHARED for stem, handlers in HANDLERS.items()}
