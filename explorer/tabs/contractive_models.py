"""The models side by side on the contractive tab: what they are called, their figures beside published ones."""

from typing import Any

from explorer.config import Config
from explorer.pool import Pool
from explorer.question import Refused, one_of

DENOISING = "denoising/mnist-mask25"  # the article's other rival
DATA = "mnist"
MOST_MODELS = 8

# ‖J‖² in 10⁻⁴; saturated units, %; test error, %, of a classifier that starts from the encoder.
PUBLISHED = {"AE": (17.5, 49.90, 1.78), "DAE": (7.87, 68.19, 1.57), "CAE": (0.73, 86.36, 1.14)}
PUBLISHED_CONTRACTION = 0.3  # ours that saturates as many units as the published one


def compared(pool: Pool) -> list[str]:
    """The models side by side: contractive ones by rising penalty, then the denoising one.

    Raises:
        Refused: If there is none.
    """
    names = [name for name in pool.names("contractive") if pool.configs[name].data == DATA]
    names = sorted(names, key=lambda name: contraction(pool.configs[name]))[: MOST_MODELS - 1]
    if not names:
        raise Refused("There is no contractive checkpoint.")
    return names + [DENOISING] * is_rival(pool)


def is_rival(pool: Pool) -> bool:
    """Whether the denoising model is there, and one that has a Jacobian of this kind: of one layer, of digits."""
    config = pool.configs.get(DENOISING)
    if config is None or config.data != DATA:
        return False
    return not config.model["channels"] and len(config.model["hidden"]) == 1


def chosen(pool: Pool, checkpoint: Any) -> str:
    """A checkpoint's name, refused if it is not one of the models side by side."""
    pool.config(checkpoint)
    return one_of(checkpoint, compared(pool), "The model")


def contraction(config: Config) -> float:
    return config.model["contraction"]


def label(name: str, config: Config) -> str:
    """What a model is called on the page."""
    if name == DENOISING:
        return "DAE 25 %"
    weight = contraction(config)
    return f"CAE λ = {weight:g}".replace("0.", ".") if weight else "AE (λ = 0)"


def table(pool: Pool) -> str:
    """Published figures beside those of the checkpoints, as Markdown."""
    lines = [
        "| model | ‖J‖², 10⁻⁴, published | ours | saturated units, %, published | ours "
        "| test error, %, published | ours |",
        "|:--|--:|--:|--:|--:|--:|--:|",
    ]
    for name in compared(pool):
        config = pool.config(name)
        weight = None if name == DENOISING else contraction(config)
        key = {None: "DAE", 0: "AE", PUBLISHED_CONTRACTION: "CAE"}.get(weight)
        measured = [config.test.get(figure) for figure in ("jacobian", "saturation", "fine_tuned_error")]
        cells = [cell for pair in zip(PUBLISHED.get(key, (None,) * 3), measured, strict=True) for cell in pair]
        lines.append(f"| {label(name, config)} | " + " | ".join("—" if c is None else f"{c:.2f}" for c in cells) + " |")
    return "\n".join(lines)
