"""The models side by side on the contractive tab: what they are called, their figures beside published ones."""

from explorer.answers.contractive import DENOISING, contraction, every_model
from explorer.answers.several import called, is_shipped
from explorer.checkpoint.config import Config
from explorer.serve.pool import Pool

# Rifai et al. (2011), table 1, DAE there as DAE-b: mean norm of the Jacobian, 10⁻⁴, on validation pictures; saturated
# units, %; test error, %, of a classifier that starts from the encoder.
PUBLISHED: dict[str, tuple[float | None, ...]] = {
    "AE": (17.5, 49.90, 1.78),
    "DAE": (7.87, 68.19, 1.57),
    "CAE": (0.73, 86.36, 1.14),
}

PUBLISHED_CONTRACTION = 0.3  # ours that saturates as many units as the published one


def label(name: str, config: Config) -> str:
    """What a model is called on the page."""
    if name == DENOISING:
        return "DAE 25 %"
    weight = contraction(config)
    return called(config, f"CAE λ = {weight:g}".replace(" 0.", " .") if weight else "AE (λ = 0)")


def table(pool: Pool) -> str:
    """Published figures beside those of the checkpoints, as Markdown."""
    lines = [
        "| model | Jacobian’s norm, 10⁻⁴, published | ours, ‖J‖² | saturated units, %, published | ours "
        "| test error, %, published | ours |",
        "|:--|--:|--:|--:|--:|--:|--:|",
    ]
    for name in every_model(pool):
        config = pool.config(name)
        weight = None if name == DENOISING else contraction(config)
        key = {None: "DAE", 0: "AE", PUBLISHED_CONTRACTION: "CAE"}.get(weight, "") if is_shipped(name) else ""
        measured = [config.test.get(figure) for figure in ("jacobian", "saturation", "fine_tuned_error")]
        cells = [cell for pair in zip(PUBLISHED.get(key, (None,) * 3), measured, strict=True) for cell in pair]
        lines.append(
            "| "
            + label(name, config).replace("\n", ", ")
            + " | "
            + " | ".join("—" if c is None else f"{c:.2f}" for c in cells)
            + " |"
        )
    return "\n".join(lines)
