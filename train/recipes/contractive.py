"""Contractive autoencoders of Rifai et al. (2011) at four weights of the penalty."""

from explorer.data.picture_set import PictureSet
from explorer.metrics.fine_tuning import FineTuning, fine_tuned_error
from explorer.metrics.reconstruction import encode_all, pixels
from explorer.metrics.sensitivity import mean_distance, mean_jacobian, saturation
from explorer.models.contractive import ContractiveAutoencoder
from explorer.nn.objectives import bernoulli_nll
from train.recipe import Figure, Recipe

TABLE = "Rifai et al. (2011), table 1"


def recipe(variant: str, contraction: float, purpose: str, published: str = "") -> Recipe:
    """What the variants share."""
    return Recipe(
        family="contractive",
        variant=variant,
        purpose=purpose,
        data="mnist",
        model={"latent_dim": 1000, "contraction": contraction},
        steps=20_000,  # 43 epochs
        batch_size=128,
        learning_rate=1e-3,
        published=published,
    )


RECIPES = (
    recipe(
        "mnist-lambda0",
        0.0,
        "No penalty: the plain autoencoder the others are compared with.",
        f"AE: Jacobian norm 17.5 · 10⁻⁴, saturation 49.90 %, test error 1.78 %: {TABLE}",
    ),
    recipe("mnist-lambda01", 0.1, "A weak penalty."),
    recipe(
        "mnist-lambda03",
        0.3,
        "A penalty under which as many units saturate as in the published one.",
        f"CAE: Jacobian norm 0.73 · 10⁻⁴, saturation 86.36 %, test error 1.14 %: {TABLE}",
    ),
    recipe("mnist-lambda1", 1.0, "A penalty so strong that the reconstruction suffers."),
)

FIGURES = {
    "cross_entropy": Figure("cross-entropy per picture, nats", tolerance=1.0),
    "jacobian": Figure("‖J‖² of the encoder, divided by units × pixels, in 10⁻⁴", tolerance=0.2),
    "saturation": Figure("units below 0.05 or above 0.95, %", tolerance=4, digits=1),
    "fine_tuned_error": Figure("test error after fine-tuning, %", tolerance=0.15),
}


def measure(model: ContractiveAutoencoder, data: PictureSet, recipe: Recipe, samples: int) -> dict[str, float]:
    """The figures that need the pictures alone."""
    x = pixels(data)
    codes = encode_all(model, x)
    return {
        "cross_entropy": bernoulli_nll(model.layer.down(codes), x.flatten(1)).mean().item(),
        "jacobian": 1e4 * mean_jacobian(codes, model.filters),
        "saturation": 100 * saturation(codes),
    }


def probe(model: ContractiveAutoencoder, train: PictureSet, test: PictureSet, recipe: Recipe) -> dict[str, float]:
    """The test error of a classifier that starts from the encoder."""
    layers = [(model.layer.weight, model.layer.bias)]
    return {"fine_tuned_error": fine_tuned_error(layers, train, test, FineTuning())}


def profile(model: ContractiveAutoencoder, data: PictureSet, recipe: Recipe) -> dict[str, float]:
    """Mean distance between the codes of two pictures."""
    return {"code_distance": round(mean_distance(encode_all(model, pixels(data))), 4)}
