"""Latent Explorer: play with every model of "From Autoencoder to Beta-VAE"."""
