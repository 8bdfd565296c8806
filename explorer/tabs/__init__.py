"""The tabs in their order on screen."""

from explorer.tabs import autoencoder, vae

TABS = {"autoencoder": autoencoder, "vae": vae}
