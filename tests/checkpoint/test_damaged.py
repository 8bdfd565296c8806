"""A damaged checkpoint costs itself alone: whatever is asked, the answer is finite or one sentence."""

import inspect
import json
import math
import os
from pathlib import Path

import gradio as gr
import numpy as np
import pytest

import app
from explorer.answers import HANDLERS, lineup
from explorer.models import MODELS
from explorer.page.tab import tab
from explorer.serve.pool import Pool
from explorer.serve.question import Refused
from explorer.tabs import TABS, start
from tests import damaged

KINDS = [(family, kind) for family in MODELS for kind in damaged.OF_FAMILY[family]]
# Questions about models of another kind.
OTHERS = {"td_vae": {"oscillation", "fan"}, "denoising": {"layers", "families"}}
PROCESSES = ("another", "stop")  # UMAPs are made in processes of their own


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    """One sound checkpoint of every family."""
    root = tmp_path_factory.mktemp("sound")
    for family in MODELS:
        damaged.make_sound(root / family / "good")
    return root


def question(handler, pool: Pool, name: str) -> dict | None:
    """What a page would ask about a checkpoint; None where a handler takes any names."""
    known = pool.configs[name]
    shape, size = known.model["picture_shape"], known.model.get("latent_dim", 16)
    pixels = math.prod(shape)
    x = (np.arange(pixels) % 256).tolist()
    cells = {level: [0] * (shape[1] // cell * (shape[2] // cell)) for level, cell in (("top", 8), ("bottom", 4))}
    values = {
        **dict.fromkeys(("checkpoint", "other"), name),
        **dict.fromkeys(("x", "x_end", "x_tilde"), x),
        **dict.fromkeys(("z", "mu", "sigma"), [0.5] * size),
        **dict.fromkeys(("seed", "draw", "n", "index", "times", "speed", "jump", "jumps", "later", "noise_seed"), 1),
        **dict.fromkeys(("unit", "page", "k", "focus", "start", "vertical", "dimension", "code", "label"), 0),
        **dict.fromkeys(("level", "noise", "rho", "frequency", "phase", "amplitude", "pushes", "mean"), 0.3),
        **dict.fromkeys(("dx", "dy", "degrees", "amount", "factor", "temperature", "deviation", "guidance"), 1.0),
        **{"dimensions": [0], "span": "posterior", "hold": "x", "data": known.data, "scale": "own", "t": 2},
        **{"direction": [1.0] + [0.0] * (pixels - 1), "kind": "masking", "order": "use", "codes": cells["bottom"]},
        **{"marks": [0] * 20, "plane": "flat", "colour": "error", "chosen": [0, 1], "a": [0], "b": [1]},
        **{f"other_{level}": grid for level, grid in cells.items()},
        **{"part": "all", "count": 1, "top_k": 2},
    }
    several = {"count", "nearest"} & {*inspect.signature(handler).parameters, handler.__name__}
    values |= {level: [-1] * 4 * len(grid) if several else grid for level, grid in cells.items()}
    names = [each.name for each in list(inspect.signature(handler).parameters.values())[1:]]
    return {each: values[each] for each in names} if set(names) <= values.keys() else None


def ask_everything(stem: str, pool: Pool, name: str) -> dict[str, str]:
    """Asks a tab all that it answers about a checkpoint: refusals by question."""
    refusals = {}
    for key, handler in HANDLERS[stem].items():
        asked = question(handler if not hasattr(handler, "func") else handler.func, pool, name)
        if asked is None or key in PROCESSES:
            continue
        if hasattr(handler, "func"):
            asked.pop("kind", None)
        if key == "pca":
            asked["dimensions"] = 1
        if key == "course":
            asked["kind"] = "dx"
        if key == "steer":
            asked["direction"] = [1.0] * len(asked["z"])
        try:
            answer = handler(pool, **asked)
        except Refused as refusal:
            refusals[key] = str(refusal)
            assert 10 < len(refusals[key]) < 300, refusals[key]
            assert "\n" not in refusals[key]
            continue
        for part, array in answer.items():  # the PSNR of a picture beside itself is infinite
            assert (~np.isnan(array) if "psnr" in part else np.isfinite(array)).all(), f"{key}: {part}"
    return refusals


def tabs_of(family: str) -> list[str]:
    return [family, *["start"] * (family in start.CODES), *["map"] * (family == "autoencoder")]


@pytest.fixture(params=KINDS, ids=lambda kind: f"{kind[0]}: {kind[1]}"[:60].replace("\n", " "))
def case(request, sound, tmp_path, monkeypatch) -> tuple[str, Pool]:
    """A family, and the checkpoints of which its second one is damaged."""
    family, kind = request.param
    monkeypatch.setattr(lineup, "NAMES", (f"{family}/bad", f"{family}/good"))
    return family, Pool(damaged.copy(sound, family, tmp_path, damaged.OF_FAMILY[family][kind]))


def test_a_damaged_checkpoint_costs_itself_alone(case):
    family, pool = case
    for sentence in pool.problems:
        assert f"{family}/bad" in sentence
        assert sentence.endswith(".")
        assert len(sentence) < 300
    if f"{family}/bad" not in pool.configs:  # as if it were not there: what the other one answers is tested below
        assert len(pool.problems) == 1
        assert list(pool.configs) == [f"{family}/good"]
        return
    for stem in tabs_of(family):
        with gr.Blocks(), tab(stem):
            TABS[stem].build(pool)
        ask_everything(stem, pool, f"{family}/bad")
        if stem != "map":  # where no answer but one is about several models, and 10,000 pictures are encoded
            assert ask_everything(stem, pool, f"{family}/good").keys() == OTHERS.get(stem, set())


@pytest.mark.parametrize("family", MODELS)
def test_a_sound_checkpoint_answers_everything(family, sound, monkeypatch):
    monkeypatch.setattr(lineup, "NAMES", (f"{family}/good",))
    pool = Pool(sound)
    assert pool.problems == []
    for stem in tabs_of(family):
        with gr.Blocks(), tab(stem):
            TABS[stem].build(pool)
        assert ask_everything(stem, pool, f"{family}/good").keys() == OTHERS.get(stem, set())


@pytest.mark.parametrize(
    "name", [b"<b>bold<i>", b"\xff\xfe", b"two\nlines", b"x" * 200, "‮txt".encode(), b'a"b', b"a&b"]
)
def test_a_folder_with_an_odd_name_is_named_as_it_is_and_not_shown(sound, tmp_path, name):
    os.makedirs(os.path.join(os.fsencode(tmp_path), b"vae", name))
    (tmp_path / "vae" / "good").symlink_to(sound / "vae" / "good")
    pool = Pool(tmp_path)
    assert list(pool.configs) == ["vae/good"]
    (sentence,) = pool.problems
    assert "is not shown" in sentence
    assert sentence.isprintable()
    page = json.dumps(app.build(pool).get_config_file())
    assert "<b>bold" not in page


def test_what_is_no_folder_of_a_checkpoint_is_named_or_passed_over(sound, tmp_path):
    (tmp_path / "vae").mkdir()
    (tmp_path / "vae" / "good").symlink_to(sound / "vae" / "good")
    (tmp_path / "vae" / "loop").symlink_to("loop")
    (tmp_path / "vae" / "notes.txt").write_text("")
    (tmp_path / "vae" / ".ipynb_checkpoints").mkdir()
    (tmp_path / "vae" / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    pool = Pool(tmp_path)
    assert list(pool.configs) == ["vae/good"]
    assert pool.problems == ["vae/empty/config.json is missing."]


def test_what_may_not_be_read_says_so(sound, tmp_path, monkeypatch):
    damaged.copy(sound, "vae", tmp_path, lambda folder: None)
    opened = os.open

    def closed(path, *rest, **more):
        if str(path).endswith("bad/model.safetensors"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *rest, **more)

    monkeypatch.setattr(os, "open", closed)
    pool = Pool(tmp_path)
    assert list(pool.configs) == ["vae/good"]
    assert pool.problems == ["vae/bad/model.safetensors may not be read: its permissions do not allow it."]
