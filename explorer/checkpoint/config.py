"""What config.json says of a checkpoint: read once, checked once, with a sentence for each fault, and never changed."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from explorer.checkpoint import expected, keywords
from explorer.checkpoint.regular_file import CheckpointError, printable, read
from explorer.data import oscillator, own_samples, own_set, sample_sheets
from explorer.data.picture_set import MOST_CLASSES

CONFIG = "config.json"
LARGEST_CONFIG = 4_000_000  # bytes; the largest shipped one has 40,000
LONGEST_NAME = 80
REQUIRED = ("family", "variant", "data", "model", "weights_sha256")
OBJECTS = ("figures", "profile", "recipe", "training", "seeds")  # which may be left out
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Config(Mapping[str, Any]):
    """A checked config. As a mapping it holds what the file says, with all the keywords of the model.

    Arguments:
        family: A key of MODELS.
        variant: Name of the folder.
        data: Name of a picture set, or of one's own (see own_samples); own_set.OwnSet where no pictures come with it.
        model: Keywords of the family's class: those that the file leaves out have the class's own defaults.
        weights_sha256: Of model.safetensors.
        figures: What was measured on the "test" pictures and on the "shipped" ones, by name.
        profile: Curves and numbers over the test set that the app draws from.
        fits: Whether the file bears the mark that these weights were seen to fit this model.
        said: The file, key by key.
    """

    family: str
    variant: str
    data: str
    model: Mapping[str, Any]
    weights_sha256: str
    figures: Mapping[str, Mapping[str, float]]
    profile: Mapping[str, Any]
    fits: bool
    said: Mapping[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        return f"{self.family}/{self.variant}"

    @property
    def test(self) -> Mapping[str, float]:
        """Figures on the test pictures; none where they were not measured."""
        return self.figures.get("test", NOTHING)

    @property
    def history(self) -> list[dict[str, float]]:
        """What the training noted on its way; nothing where it is no list of numbers by step."""
        entries = self.said.get("training", NOTHING).get("history", [])
        sound = isinstance(entries, list) and all(isinstance(one, dict) and "step" in one for one in entries)
        return entries if sound and all(keywords.is_number(each) for one in entries for each in one.values()) else []

    def __getitem__(self, key: str) -> Any:
        return self.model if key == "model" else self.said[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.said)

    def __len__(self) -> int:
        return len(self.said)


def load(folder: Path) -> Config:
    """The config of a checkpoint's folder.

    Raises:
        CheckpointError: If the file or anything in it that the app reads is not what it has to be.
    """
    name = printable("/".join(folder.parts[-2:]))
    return check(parse(read(folder / CONFIG, f"{name}/{CONFIG}", LARGEST_CONFIG), f"{name}/{CONFIG}"), name)


def check_name(variant: str, name: str | None = None) -> None:
    """Refuse a name that tables, menus and links cannot hold as it stands.

    Arguments:
        variant: The name of a checkpoint's folder.
        name: What a sentence calls it, if something else.
    """
    if not re.fullmatch(rf"[\w .,+=()-]{{1,{LONGEST_NAME}}}", variant) or variant.startswith("."):
        allowed = "letters, digits, spaces and - _ . , + = ( )"
        shown = printable(name or variant)[:200]
        raise CheckpointError(f"{shown} is not shown: a name is of at most {LONGEST_NAME} {allowed}.")


def parse(data: bytes, where: str) -> Any:
    """What JSON says, if it is UTF-8, without numbers that are none, and not nested deeper than Python reads it."""
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=no_number)
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{where} is not valid JSON.") from error


def no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number.")


def check(said: Any, name: str) -> Config:
    """The config of a file that says this, in the folder of that name."""
    where = f"{name}/{CONFIG}"
    missing = [key for key in REQUIRED if not isinstance(said, dict) or key not in said]
    if missing:
        raise CheckpointError(f"{where} lacks {', '.join(missing)}.")
    family, variant = (text(said, key, where) for key in ("family", "variant"))
    if unicodedata.normalize("NFC", f"{family}/{variant}") != unicodedata.normalize("NFC", name):
        raise CheckpointError(f"{where} names another model, {printable(f'{family}/{variant}')[:100]}.")
    if family not in keywords.families():
        raise CheckpointError(f"{name} is of a family this version does not know.")
    if not re.fullmatch("[0-9a-f]{64}", text(said, "weights_sha256", where)):
        raise CheckpointError(f"{where}: weights_sha256 must be 64 hexadecimal digits.")
    for key in OBJECTS:
        if key in said and not isinstance(said[key], dict):
            raise CheckpointError(f"{where}: {key} must be a JSON object, or be left out.")
    model = keywords.complete(family, said["model"], where)
    data = text(said, "data", where)
    if "pictures" in said:
        check_own(family, data, said["pictures"], model["picture_shape"], where)
    else:
        check_pictures(family, data, model["picture_shape"], where)
    expected.check_profile(said.get("profile", {}), family, data, model, where)
    return Config(
        family,
        name.split("/", 1)[1],
        data,
        MappingProxyType(model),
        said["weights_sha256"],
        figures(said.get("figures", {}), where),
        MappingProxyType(said.get("profile", {})),
        said.get("fits_sha256") == fits_sha256(said),
        MappingProxyType(said),
    )


def text(said: dict[str, Any], key: str, where: str) -> str:
    if not isinstance(said[key], str):
        raise CheckpointError(f"{where}: {key} must be a text.")
    return said[key]


def check_pictures(family: str, data: str, shape: tuple[int, ...], where: str) -> None:
    """Refuse a picture set that there is not, and a model of other pictures than its set has."""
    if own_set.is_own(data):
        return
    known = oscillator.SHAPE if data == oscillator.NAME else sample_sheets.shape(data)
    if known is None or (data == oscillator.NAME and family != "td_vae"):
        raise CheckpointError(
            f"{where} names a picture set that its family has no models of here, {printable(data)[:40]!r}."
        )
    if shape != known:
        sizes = [" × ".join(map(str, sides)) for sides in (known, shape)]
        raise CheckpointError(f"{where}: pictures of {data} are {sizes[0]}, not {sizes[1]} as picture_shape says.")


def check_own(family: str, data: str, said: Any, shape: tuple[int, ...], where: str) -> None:
    """Refuse what is wrong with the description of the pictures that a model of somebody's own brings with it."""
    given = said if isinstance(said, dict) else {}
    title, names, digest = (given.get(key) for key in ("title", "class_names", "sha256"))
    texts = [title, *names] if isinstance(names, list) and 0 < len(names) <= MOST_CLASSES else [None]
    if not all(isinstance(one, str) and 0 < len(one) <= LONGEST_NAME and one.isprintable() for one in texts):
        raise CheckpointError(
            f"{where}: pictures must have a title, and class_names of at most {LONGEST_NAME} letters."
        )
    if not isinstance(digest, str) or not re.fullmatch("[0-9a-f]{64}", digest):
        raise CheckpointError(f"{where}: sha256 of pictures must be 64 hexadecimal digits.")
    if data != own_samples.name_of(str(title), digest):
        raise CheckpointError(
            f"{where}: the set of these pictures is {own_samples.name_of(str(title), digest)}, not another."
        )
    if family == "td_vae":
        raise CheckpointError(f"{where}: td_vae has no models of pictures of one’s own.")
    channels, height, width = shape
    if channels not in (1, 3) or height != width:
        raise CheckpointError(f"{where}: pictures of one’s own must be squares of 1 or 3 channels.")


def figures(said: dict[str, Any], where: str) -> Mapping[str, Mapping[str, float]]:
    """Figures by set and name, if all are finite numbers."""
    for key, of_set in said.items():
        if not isinstance(of_set, dict) or not all(map(keywords.is_number, of_set.values())):
            raise CheckpointError(f"{where}: the figures named {key[:40]} must be a JSON object of finite numbers.")
    return MappingProxyType({key: MappingProxyType(of_set) for key, of_set in said.items()})


def fits_sha256(said: Mapping[str, Any]) -> str:
    """The mark of a config whose weights were seen to fit its model, SHA-256 of what both of them depend on.

    To see it again means to import torch and make the model, which the app has no time for when it starts.
    """
    depends = [said["family"], said["model"], said["weights_sha256"]]
    return hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()
