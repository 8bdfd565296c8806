"""A checkpoint is a folder: config.json, model.safetensors, the card made from the config, and what the app draws.

That is codes.safetensors, codes of training and test pictures, and map.safetensors, planes of all test codes. A card
may show a picture, samples.webp. A model of somebody's own pictures brings some of them, pictures.safetensors.
"""

from explorer.checkpoint.config import CONFIG
from explorer.checkpoint.files import (
    CARD,
    CODES,
    LARGEST_FILE,
    LARGEST_GRAPHS,
    MAP,
    NETWORKS,
    PICTURES,
    SHEET,
    WEIGHTS,
    read_arrays,
    replace,
    sha256,
)
from explorer.checkpoint.loaded import (
    load_codes,
    load_map,
    load_model,
    load_pictures,
    load_weights,
    make_model,
    read_config,
    read_graphs,
)
from explorer.checkpoint.regular_file import CheckpointError
from explorer.checkpoint.written import (
    mark,
    save,
    save_codes,
    save_map,
    save_networks,
    save_pictures,
    save_sheet,
    write_config,
)

__all__ = [
    "CARD",
    "CODES",
    "CONFIG",
    "LARGEST_FILE",
    "LARGEST_GRAPHS",
    "MAP",
    "NETWORKS",
    "PICTURES",
    "SHEET",
    "WEIGHTS",
    "CheckpointError",
    "load_codes",
    "load_map",
    "load_model",
    "load_pictures",
    "load_weights",
    "make_model",
    "mark",
    "read_arrays",
    "read_config",
    "read_graphs",
    "replace",
    "save",
    "save_codes",
    "save_map",
    "save_networks",
    "save_pictures",
    "save_sheet",
    "sha256",
    "write_config",
]
