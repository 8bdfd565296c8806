"""A scene as the Python that makes the same pixels without the app."""

import base64
import re
import zlib
from pathlib import Path
from typing import Any, cast

import numpy as np

from explorer.answers import common
from explorer.answers.common import PICTURE_SLACK, Answer
from explorer.checkpoint.config import Config
from explorer.data import sample_sheets
from explorer.page.kinds import gives
from explorer.serve.pool import Pool
from explorer.serve.question import Pointed, number, picture, vector, whole

HOME = Path(__file__).parents[2]  # where the package explorer lies
SHIPPED = HOME / "checkpoints"
HEAD = """
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from explorer.checkpoint import load_model
"""

# What the page sends of a scene, {argument: key}: with the code on it, or where codes are not set by hand.
PICTURE_SCENE = {"checkpoint": "checkpoint", "x": "x"}
CODE_SCENE = {**PICTURE_SCENE, "z": "z"}
SPOILT_SCENE = {name: name for name in ("x", "kind", "level", "seed", "x_tilde")}

SAVE = """
pixels = (x_hat.clamp(0, 1) * 255).round().byte().numpy()  # (B, C, H, W)
image = np.concatenate([*pixels.transpose(0, 2, 3, 1)], axis=1).squeeze()
Image.fromarray(image).save("scene.png")
"""


@gives(bytes="text")
def decoded(pool: Pool, checkpoint: Pointed, x: list, z: list | None = None) -> Answer:
    """The code of a picture, or one set by hand, decoded: text as UTF-8 bytes.

    Arguments:
        pool: The checkpoints.
        checkpoint: A model with codes of floats.
        x: Pixels from 0 to 255.
        z: The code on the page.
    """
    config = pool.config(checkpoint)
    lines = [model_line(pool, checkpoint), *picture_lines(x, config)]
    encoded = cast(np.ndarray, common.encode(pool, checkpoint, x)["z"])
    by_hand = z is not None and not np.array_equal(vector(z, len(encoded), common.LATENT_LIMIT)[0], encoded)
    lines += ["with torch.inference_mode():"]
    lines += [f"    z = {tensor(z)}"] if by_hand else ["    z = model.encode(x)"]
    return text([*lines, "    x_hat = model.decode(z)"])


def spoilt(
    pool: Pool, names: list[str], x: list, kind: str, level: float, seed: int, x_tilde: list, times: int = 1
) -> Answer:
    """A spoilt picture through several models of its set, side by side in their order.

    Arguments:
        pool: The checkpoints.
        names: The models.
        x: The clean picture, pixels from 0 to 255.
        kind: How it is spoilt by chance, as corruption.corrupt takes it.
        level: How much.
        seed: Which chance.
        x_tilde: What the models are given, on the scale of x; another picture where it was spoilt by hand, too.
        times: How often each reconstruction goes through its model.
    """
    level = number(level, 0, 1, "The level")
    seed = whole(seed, 0, common.LARGEST_SEED, "The seed")
    config = pool.configs[names[0]]
    shape = config.model["picture_shape"]
    by_chance = common.corrupt(pool, x, kind, level, seed, config.data)["x_tilde"]
    sent = picture(x_tilde, shape, PICTURE_SLACK)
    if np.array_equal(sent, picture(by_chance.ravel().tolist(), shape, PICTURE_SLACK)):
        lines = [
            *picture_lines(x, config),
            "from explorer.compute.corruption import corrupt",
            f'x_tilde = 255 * corrupt(x.numpy(), "{kind}", {level}, {seed})',  # as the page is sent it, and sends it
            "x = torch.tensor(x_tilde.astype(np.float32) / 255)",
        ]
    else:
        lines = [*array_lines("drawn", sent), "x = torch.tensor(drawn)"]
    return text(
        [
            *lines,
            "x_hats = []",
            *for_each(
                pool,
                f"name in {names}",
                "x_hat = x",
                f"for _ in range({times}):",
                "    x_hat = model.decode(model.encode(x_hat))",
                "x_hats.append(x_hat)",
            ),
            "x_hat = torch.cat(x_hats)",
        ]
    )


def path_of(folder: Path) -> str:
    """Python that names a folder; in quotes any name stays a name."""
    return f"Path({str(folder.resolve())!r})"


def model_line(pool: Pool, checkpoint: str) -> str:
    """Python that loads a checkpoint."""
    return f"model = load_model({path_of(pool.folder(checkpoint))})"


def folder_of_name(pool: Pool) -> str:
    """Python for the folder of the checkpoint of a name, in whichever folder it lies; of two the last one counts."""
    if len(pool.roots) == 1:
        return f"{path_of(pool.root)} / name"
    roots = ", ".join(map(path_of, reversed(pool.roots)))
    return f"next(root / name for root in [{roots}] if (root / name).is_dir())"


def for_each(pool: Pool, loop: str, *work: str) -> list[str]:
    """Python that does something with one model after the other.

    Arguments:
        pool: The checkpoints.
        loop: What stands behind "for"; it sets a name.
        work: Lines that read the model.
    """
    load = [f"    model = load_model({folder_of_name(pool)})", "    with torch.inference_mode():"]
    return [f"for {loop}:", *load, *(f"        {line}" for line in work)]


def stand_alone(pool: Pool, program: str) -> str:
    """A program that is written for the project's own folder, as one that runs from any.

    Arguments:
        pool: The checkpoints. Where one that the program names is not among them, it takes the shipped ones.
        program: Python; Path("checkpoints…") stands for the folder of the checkpoints.
    """
    families = re.findall(r'Path\("checkpoints/(\w+)', program)
    named = {f"{family}/{variant}" for family in families for variant in re.findall(r'["/](\w+-[\w-]+)"', program)}
    here = named <= pool.configs.keys()
    roots = {pool.folder(name).parents[1] for name in named} or {pool.root} if here else {SHIPPED}
    root = (roots.pop() if len(roots) == 1 else SHIPPED).resolve()

    def path(match: re.Match[str]) -> str:
        return f"Path({str(root / (match[1] or ''))!r})"

    return import_lines() + re.sub(r'Path\("checkpoints(?:/([^"]*))?"\)', path, program)


def import_lines() -> str:
    """Python that lets a program import explorer from where this one lies; nothing where it is installed."""
    if HOME.name in ("site-packages", "dist-packages"):
        return ""
    return (
        f"import sys\n\nsys.path.insert(0, {str(HOME)!r})  # not needed where explorer is installed: pip install .\n\n"
    )


def picture_lines(x: Any, config: Config) -> list[str]:
    """Python that makes x, float32 (1, C, H, W) in [0, 1]: of a shipped picture its number, of another its bytes."""
    shape = tuple(config.model["picture_shape"])
    pixels = np.rint(255 * picture(x, shape)).astype(np.uint8)
    own = "pictures" in config.said  # which lie with their model, and not with the app
    shipped = sample_sheets.load(config.data).pictures
    alike = shipped.shape[1:] == pixels.shape[1:] and not own
    if alike and len(found := np.flatnonzero((shipped == pixels).all(axis=(1, 2, 3)))):
        start = int(found[0])
        which = f'sample_sheets.load("{config.data}").pictures[{start}:{start + 1}]'
        return ["from explorer.data import sample_sheets", f"x = torch.tensor({which}) / 255"]
    return [*array_lines("drawn", pixels), "x = torch.tensor(drawn) / 255"]


def array_lines(name: str, values: np.ndarray) -> list[str]:
    """Python that makes an array out of its bytes."""
    packed = base64.b85encode(zlib.compress(values.tobytes(), 9)).decode()
    return [
        "from base64 import b85decode",
        "from zlib import decompress",
        f'{name} = decompress(b85decode("{packed}"))',
        f"{name} = np.frombuffer({name}, np.{values.dtype}).reshape{values.shape}.copy()",
    ]


def tensor(values: Any) -> str:
    """A code as the text of a tensor (1, D) that holds exactly these float32."""
    numbers = ", ".join(str(value) for value in np.asarray(values, np.float32))
    return f"torch.tensor([[{numbers}]])"


def text(lines: list[str]) -> Answer:
    """The whole program; imports that lines bring along stand on top."""
    imports = sorted({line for line in lines if line.startswith("from ")})
    top, path = HEAD.strip().split("\n\nimport numpy", 1)
    standard = [line for line in imports if "explorer" not in line]
    ours = [line for line in imports if "explorer" in line]
    head = "\n".join(sorted([*standard, top])) + "\n\nimport numpy" + "\n".join([path, *ours])
    body = "\n".join(line for line in lines if line not in imports)
    program = f"{import_lines()}{head}\n\n{body}\n{SAVE.strip()}\n"
    return {"text": np.frombuffer(program.encode(), np.uint8)}
