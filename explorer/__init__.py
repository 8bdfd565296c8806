"""Latent Explorer: play with every model of "From Autoencoder to Beta-VAE"."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explorer.checkpoint import load_model

__all__ = ["load_model"]


def __getattr__(name: str) -> Any:
    """load_model, for notebooks. It is imported when it is asked for: nothing else of the package waits for it."""
    if name in __all__:
        from explorer import checkpoint

        return getattr(checkpoint, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
