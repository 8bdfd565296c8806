"""The tabs in their order on screen."""

from explorer.tabs import (
    autoencoder,
    beta_vae,
    contractive,
    denoising,
    k_sparse,
    map,
    sparse,
    start,
    td_vae,
    vae,
    vq_vae,
    vq_vae_2,
)

TABS = {
    "start": start,
    "autoencoder": autoencoder,
    "denoising": denoising,
    "sparse": sparse,
    "k_sparse": k_sparse,
    "contractive": contractive,
    "vae": vae,
    "beta_vae": beta_vae,
    "vq_vae": vq_vae,
    "vq_vae_2": vq_vae_2,
    "td_vae": td_vae,
    "map": map,
}
