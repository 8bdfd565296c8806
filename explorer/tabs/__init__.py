"""The tabs in their order on screen."""

from explorer.tabs import autoencoder, contractive, denoising, k_sparse, sparse, vae

TABS = {
    "autoencoder": autoencoder,
    "denoising": denoising,
    "sparse": sparse,
    "k_sparse": k_sparse,
    "contractive": contractive,
    "vae": vae,
}
