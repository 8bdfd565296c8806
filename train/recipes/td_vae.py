"""TD-VAE on digits that wander, and on noisy oscillators."""

from train.recipe import Recipe

RECIPES = (
    Recipe(
        family="td_vae",
        variant="moving-mnist",
        purpose="A digit wanders; after a few frames the model knows which one, where it is and where it goes.",
        data="mnist",
        model={"latent_dim": 24, "units": 128, "longest_jump": 6, "chained": True},
        steps=45_000,
        batch_size=128,
        learning_rate=1e-3,
        max_grad_norm=5.0,
        frames=20,
        bf16=True,
    ),
)
FIGURES = {}
