"""The only registry of models: a family's name and its class."""

from explorer.models.autoencoder import DeepAutoencoder
from explorer.models.base import Autoencoder
from explorer.models.beta_vae import BetaVAE
from explorer.models.contractive import ContractiveAutoencoder
from explorer.models.denoising import DenoisingAutoencoder
from explorer.models.k_sparse import KSparseAutoencoder
from explorer.models.sparse import SparseAutoencoder
from explorer.models.td_vae import TDVAE
from explorer.models.vae import VAE
from explorer.models.vq_vae import VQVAE
from explorer.models.vq_vae_2 import VQVAE2

MODELS: dict[str, type[Autoencoder]] = {
    "autoencoder": DeepAutoencoder,
    "denoising": DenoisingAutoencoder,
    "sparse": SparseAutoencoder,
    "k_sparse": KSparseAutoencoder,
    "contractive": ContractiveAutoencoder,
    "vae": VAE,
    "beta_vae": BetaVAE,
    "vq_vae": VQVAE,
    "vq_vae_2": VQVAE2,
    "td_vae": TDVAE,
}
