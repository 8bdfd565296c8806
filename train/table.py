"""The figures of every test picture of a checkpoint as a table: its class, its error, its code."""

import csv
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch

from explorer import checkpoint
from explorer.data import sources
from explorer.metrics.reconstruction import BLOCK, pixels
from explorer.models import Autoencoder
from explorer.nn.objectives import squared_error
from train.own_data import SETS_OF_THEIR_OWN


def write(folder: Path, root: Path, path: Path) -> int:
    """Write a table with a row for each test picture; returns how many there are.

    Arguments:
        folder: The checkpoint's.
        root: Where the sets lie.
        path: Ends in .csv, or in .parquet where pyarrow is installed.

    Raises:
        ValueError: If the file is of another kind, or the model is of sequences.
    """
    if path.suffix not in (".csv", ".parquet"):
        raise ValueError(f"{path} must end in .csv or .parquet.")
    if path.suffix == ".parquet" and not find_spec("pyarrow"):
        raise ValueError("Parquet needs the library pyarrow: `pip install pyarrow`, or write a .csv.")
    config, model = checkpoint.read_config(folder), checkpoint.load_model(folder)
    if config["family"] in SETS_OF_THEIR_OWN:
        raise ValueError(f"{folder} is of sequences, whose figures are not of single pictures.")
    columns = columns_of(model, config, root)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        import pandas

        pandas.DataFrame(columns).to_parquet(path)
    else:
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(columns)
            rows.writerows(zip(*columns.values(), strict=True))
    return len(columns["picture"])


@torch.inference_mode()
def columns_of(model: Autoencoder, config: dict[str, Any], root: Path) -> dict[str, list]:
    """Number, class, squared error and code of each picture, column by column; codes of VQ-VAEs by level and cell."""
    test = sources.load(config["recipe"]["data"], "test", root)
    errors, parts = [], []
    for x in pixels(test).split(BLOCK):
        z = model.encode(x)
        grids = z if isinstance(z, tuple) else (z,)
        errors.append(squared_error(model.decode(z), x))
        parts.append([grid.flatten(1) for grid in grids])
    columns: dict[str, list] = {
        "picture": list(range(len(test.labels))),
        "class": [test.class_names[label] for label in test.labels],
        "squared_error": torch.cat(errors).tolist(),
    }
    levels = ("top", "bottom") if len(parts[0]) > 1 else ("z",)
    for level, of_level in zip(levels, zip(*parts, strict=True), strict=True):
        columns |= {f"{level}{i}": column for i, column in enumerate(torch.cat(of_level).T.tolist())}
    return columns
