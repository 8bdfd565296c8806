"""The only registry of models: a family's name and its class."""

from explorer.models.autoencoder import DeepAutoencoder
from explorer.models.base import Autoencoder
from explorer.models.vae import VAE

MODELS: dict[str, type[Autoencoder]] = {"autoencoder": DeepAutoencoder, "vae": VAE}
