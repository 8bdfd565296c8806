"""Linear autoencoders."""

from explorer.data.picture_set import PictureSet
from explorer.metrics.reconstruction import mean_squared_error, pixels
from explorer.models.linear import LinearAutoencoder
from train.recipe import Figure, Recipe

RECIPES = (
    Recipe(
        family="linear",
        variant="discs-8d",
        purpose="Discs in 8 numbers, by two matrices.",
        data="discs",
        model={"latent_dim": 8},
        steps=300,
        batch_size=100,
        learning_rate=3e-3,
        warmup_steps=50,
        ema_decay=0.9,
    ),
)

FIGURES = {"squared_error": Figure("squared error per picture, summed over its pixels", tolerance=1.0)}


def measure(model: LinearAutoencoder, data: PictureSet, recipe: Recipe, samples: int) -> dict[str, float]:
    return {"squared_error": mean_squared_error(lambda block: model.decode(model.encode(block)), pixels(data))}


def profile(model: LinearAutoencoder, data: PictureSet, recipe: Recipe) -> dict[str, list[float]]:
    return {}
