"""How far off models of seven families are, by kind and strength of the noise: curves, and the numbers behind them."""

from typing import Any

import numpy as np

from explorer.answers import Answer
from explorer.corruption import LABELS
from explorer.metrics.noise_table import NAMES
from explorer.pool import Pool
from explorer.question import Refused, one_of
from explorer.tabs.denoising_scenes import SCENE
from explorer.widgets.controls import choice, controls
from explorer.widgets.curves import curves
from explorer.widgets.matrix import matrix
from explorer.widgets.scene import Rule

COLOURS = ("class-0", "class-8", "x-hat", "class-3", "class-2", "class-1", "class-7")  # of the families
LOG_ENDS = {"bottom": 1, "top": 250}  # squared errors: a clean digit well rebuilt, and one of white noise


def find(pool: Pool) -> str | None:
    """The model that was measured beside those of the other families, if there is one."""
    return next((name for name in pool.names("denoising") if measured(pool.configs[name])), None)


def measured(config: dict[str, Any]) -> dict[str, Any]:
    """Levels, and errors by kind of noise and model; empty of a model that was not measured so."""
    return config.get("profile", {}).get("families", {})


def families(pool: Pool, checkpoint: str, kind: str) -> Answer:
    """Squared errors over the test set under one kind of noise.

    Returns:
        levels (L,); errors (M, L), a row for each model in the order of NAMES, and each row as error_0, error_1, ….
    """
    table = measured(pool.config(checkpoint))
    if not table:
        raise Refused(f"{str(checkpoint)[:60]} was not measured beside other families.")
    rows = table["errors"][one_of(kind, LABELS, "The corruption")]
    errors = np.float32(list(rows.values()))
    lines = {f"error_{number}": row for number, row in enumerate(errors)}
    return {"levels": np.float32(table["levels"]), "errors": errors, **lines}


RULE = Rule(
    "families",
    when={"checkpoint": "any_model", "kind": "kind"},
    gives={"levels": "levels", "errors": "errors", **{f"error_{i}": f"error_{i}" for i in range(len(NAMES))}},
)


def families_scene(config: dict[str, Any]) -> None:
    """The curves and the table of a model that was measured so."""
    table = measured(config)
    names = list(next(iter(table["errors"].values())))
    controls(SCENE, [choice("kind", "Noise", LABELS)], elem_id="families-noise")
    curves(
        SCENE,
        "levels",
        {f"error_{i}": f"{colour}: {name}" for i, (colour, name) in enumerate(zip(COLOURS, names, strict=False))},
        x_label="share or σ",
        y_label="squared error, summed over pixels",
        log=True,
        marks={"level": "x-tilde: as strong as now"},
        width=1200,
        height=220,
        elem_id="families-curves",
        **LOG_ENDS,
    )
    matrix(
        SCENE,
        "errors",
        "Squared error of a picture, mean of the test set",
        names,
        [f"{level:g}".replace("0.", ".") for level in table["levels"]],
        row_label="model",
        column_label="share or σ",
        elem_id="families-errors",
    )
