"""How far off models of seven families are, by kind and strength of the noise: curves, and the numbers behind them."""

from explorer.answers.denoising import measured
from explorer.checkpoint.config import Config
from explorer.compute.corruption import LABELS
from explorer.metrics.noise_table import NAMES
from explorer.page.rule import Rule
from explorer.serve.pool import Pool
from explorer.widgets.controls import choice, controls
from explorer.widgets.cue import cue
from explorer.widgets.curves import curves
from explorer.widgets.matrix import matrix

COLOURS = ("class-0", "class-8", "x-hat", "class-3", "class-2", "class-1", "class-7")  # of the families
BOTTOM, TOP = 1, 250  # squared errors: a clean digit well rebuilt, and one of white noise


def find(pool: Pool) -> str | None:
    """The model that was measured beside those of the other families, if there is one."""
    return next((name for name in pool.names("denoising") if measured(pool.configs[name])), None)


RULE = Rule(
    "families",
    when={"checkpoint": "any_model", "kind": "kind"},
    gives={"levels": "levels", "errors": "errors", **{f"error_{i}": f"error_{i}" for i in range(len(NAMES))}},
)


def families_scene(config: Config) -> None:
    """The curves and the table of a model that was measured so."""
    table = measured(config)
    names = list(next(iter(table["errors"].values())))
    cue("Choose another noise: only the model that was trained on all of them stays low.", ["kind"])
    controls([choice("kind", "Noise", LABELS)], elem_id="families-noise")
    curves(
        "levels",
        {f"error_{i}": f"{colour}: {name}" for i, (colour, name) in enumerate(zip(COLOURS, names, strict=False))},
        x_label="noise level (share, or standard deviation)",
        y_label="squared error, summed over pixels",
        top=TOP,
        bottom=BOTTOM,
        log=True,
        marks={"level": "x-tilde: as strong as now"},
        width=1200,
        height=128,
        elem_id="families-curves",
    )
    matrix(
        "errors",
        "Squared error of a picture, mean of the test set",
        names,
        [f"{level:g}".replace("0.", ".") for level in table["levels"]],
        row_label="model",
        column_label="noise level",
        elem_id="families-errors",
    )
