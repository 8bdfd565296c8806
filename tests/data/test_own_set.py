"""Pictures of one's own become the same kind of set, wherever they come from; what is wrong is said in one sentence."""

import gzip
import re
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from explorer.data import array_file, own_samples, own_set

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (60, 8, 8), dtype=np.uint8)
COLOUR = RNG.integers(0, 256, (60, 8, 10, 3), dtype=np.uint8)
LABELS = np.arange(60) % 3


def name_of(path, side=None, grey=False) -> str:
    return str(own_set.asked_for(str(path), side, grey))


def all_splits(name: str) -> list:
    return [own_set.load(name, split) for split in ("train", "validation", "test")]


def write_idx(path, array: np.ndarray) -> None:
    header = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4) for size in array.shape)
    content = header + array.astype(np.uint8).tobytes()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


def test_every_picture_of_an_array_is_in_one_split_with_its_label(tmp_path):
    np.savez(tmp_path / "own.npz", x=GREY, y=LABELS + 5)
    splits = all_splits(name_of(tmp_path / "own.npz"))
    assert [len(one.pictures) for one in splits] == [51, 3, 6]
    known = {picture.tobytes(): label for picture, label in zip(GREY, LABELS, strict=True)}
    seen = {}
    for one in splits:
        assert one.class_names == ("5", "6", "7")
        seen |= {picture.tobytes(): label for picture, label in zip(one.pictures, one.labels, strict=True)}
    assert seen == known


@pytest.mark.parametrize("kind", ["npz", "npy", "idx3-ubyte", "idx3-ubyte.gz"])
def test_the_same_pictures_are_read_from_every_kind_of_file(tmp_path, kind):
    if kind == "npz":
        path = tmp_path / "own.npz"
        np.savez(path, images=GREY, labels=LABELS)
    elif kind == "npy":
        path = tmp_path / "own.npy"
        np.save(path, GREY)
        np.save(tmp_path / "own-labels.npy", LABELS)
    else:
        path = tmp_path / f"own-images-{kind}"
        write_idx(path, GREY)
        write_idx(tmp_path / f"own-labels-{kind.replace('idx3', 'idx1')}", LABELS)
    test = own_set.load(name_of(path), "test")
    order = np.argsort(test.pictures[:, 0, 0, 0].astype(int) * 256 + test.pictures[:, 0, 0, 1])
    expected = sorted(((p.tobytes(), int(n)) for p, n in zip(GREY[::10], LABELS[::10], strict=True)))
    assert sorted((test.pictures[i].tobytes(), int(test.labels[i])) for i in order) == expected
    assert own_set.asked_for(str(path), None, False).title.startswith("own")


def test_test_pictures_that_are_set_apart_stay_so(tmp_path):
    np.savez(tmp_path / "own.npz", x_train=GREY[:50], y_train=LABELS[:50], x_test=GREY[50:], y_test=LABELS[50:])
    test = own_set.load(name_of(tmp_path / "own.npz"), "test")
    assert {picture.tobytes() for picture in test.pictures} == {picture.tobytes() for picture in GREY[50:]}
    assert sum(len(one.pictures) for one in all_splits(name_of(tmp_path / "own.npz"))) == 60


@pytest.mark.parametrize("scale", [1, 1 / 255])
def test_floats_from_0_to_1_and_to_255_are_the_same_pictures(tmp_path, scale):
    np.save(tmp_path / "own.npy", (GREY * scale).astype(np.float32))
    np.save(tmp_path / "bytes.npy", GREY)
    own, same = (own_set.load(name_of(tmp_path / name), "test") for name in ("own.npy", "bytes.npy"))
    np.testing.assert_array_equal(own.pictures, same.pictures)


@pytest.mark.parametrize("first", [True, False])
def test_channels_may_come_first_or_last(tmp_path, first):
    square = COLOUR[:, :, :8]
    np.save(tmp_path / "own.npy", square.transpose(0, 3, 1, 2) if first else square)
    test = own_set.load(name_of(tmp_path / "own.npy"), "test")
    assert {one.tobytes() for one in test.pictures} == {one.transpose(2, 0, 1).tobytes() for one in square[::10]}


def test_pictures_are_cut_to_the_side_and_made_grey_as_asked(tmp_path):
    np.save(tmp_path / "own.npy", COLOUR)
    assert own_set.load(name_of(tmp_path / "own.npy", 6), "test").pictures.shape == (6, 3, 6, 6)
    grey = own_set.load(name_of(tmp_path / "own.npy", 8, grey=True), "test").pictures
    assert grey.shape == (6, 1, 8, 8)
    middle = COLOUR[::10, :, 1:9]
    expected = middle @ np.array([0.299, 0.587, 0.114])
    order = np.argsort(grey.mean((1, 2, 3)))
    np.testing.assert_allclose(grey[order, 0].mean((1, 2)), np.sort(expected.mean((1, 2))), atol=1)


def test_folders_in_a_folder_are_classes_in_every_split(tmp_path):
    for number in range(60):
        path = tmp_path / "pets" / ("rare" if number == 0 else "cats" if number % 2 else "dogs") / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(COLOUR[number]).save(path)
    splits = all_splits(name_of(f"folder:{tmp_path / 'pets'}", 8))
    assert {one.class_names for one in splits} == {("cats", "dogs", "rare")}
    assert sum(int((one.labels == 2).sum()) for one in splits) == 1


def test_the_name_of_a_set_says_how_its_pictures_are_made():
    own = own_set.OwnSet(own_set.FOLDER, "/a b@c/pets@3", 32, True)
    assert own_set.parse(str(own)) == own
    assert own_set.parse("folder:/a/pets") == own_set.OwnSet(own_set.FOLDER, "/a/pets", 64, False)  # of an older recipe


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"x": GREY[:3]}, "holds 3 pictures; at least 20 are needed"),
        ({"x": GREY, "y": LABELS[:59]}, "has 60 pictures and 59 labels"),
        ({"x": GREY.reshape(60, 64)}, "holds an array of 60 × 64; pictures are N × height × width"),
        ({"x": np.zeros((60, 8, 8, 2))}, "holds an array of 60 × 8 × 8 × 2"),
        ({"x": np.array([{}] * 60)}, "holds pickled objects"),
        ({"x": GREY - 100.0}, "are from -100 to 155; they have to be from 0 to 1, or to 255"),
        ({"x": np.full((60, 8, 8), np.nan)}, "are from nan to nan"),
        ({"x": COLOUR}, "are 8 × 10: give the --side"),
        ({"x": GREY.astype(str)}, "in place of numbers"),
        ({"one": GREY, "two": GREY}, "No array is named as pictures are"),
        ({"x": GREY, "y": np.arange(60), "class_names": ["a", "b"]}, "names 2 classes"),
        ({"x_train": GREY, "x_test": COLOUR}, "hold pictures of two sizes"),
    ],
)
def test_what_is_no_set_of_pictures_is_refused_in_one_sentence(tmp_path, arrays, sentence):
    np.savez(tmp_path / "own.npz", **arrays)
    with pytest.raises(ValueError, match=r"own.npz|No array") as refused:
        own_set.load(name_of(tmp_path / "own.npz"), "test")
    assert sentence in str(refused.value)


@pytest.mark.parametrize("name", ["own.npz", "own.npy", "own-images-idx3-ubyte", "own-images-idx3-ubyte.gz"])
@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04hello", b"\x1f\x8bhello", b"\0\0\x08\x03\0\0"])
def test_a_damaged_file_is_refused_in_one_sentence(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=name):
        own_set.load(name_of(tmp_path / name), "test")


def test_a_pickled_npy_is_never_run(tmp_path):
    np.save(tmp_path / "own.npy", np.array([{"a": 1}] * 30), allow_pickle=True)
    with pytest.raises(ValueError, match="holds pickled objects, which could run any code and are not read"):
        own_set.load(name_of(tmp_path / "own.npy"), "train")


def test_more_than_the_memory_takes_is_refused_before_it_is_read(tmp_path):
    file = np.lib.format.open_memmap(tmp_path / "own.npy", "w+", np.uint8, (40_000, 256, 256, 3))  # a sparse file
    del file
    with pytest.raises(ValueError, match=r"40,000 pictures, 7.9 GB at 256 × 256: more than the 4 GB that are read"):
        own_set.load(name_of(tmp_path / "own.npy"), "train")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"own.npz is not there"):
        own_set.load(name_of(tmp_path / "own.npz"), "train")


@pytest.fixture
def hub(monkeypatch):
    """A stand-in for the library datasets, which holds one set."""
    pictures = [Image.fromarray(one) for one in COLOUR]

    class Split:
        def __init__(self, chosen):
            self.chosen = chosen
            image, label = type("Image", (), {})(), type("ClassLabel", (), {"names": ["a", "b", "c"]})()
            self.features = {"id": object(), "picture": image, "label": label}

        def __len__(self):
            return len(self.chosen)

        def __getitem__(self, column):
            return [int(LABELS[i]) for i in self.chosen]

        def select_columns(self, columns):
            return [{"picture": pictures[i]} for i in self.chosen]

    library = SimpleNamespace(load_dataset=lambda name: {"train": Split(range(50)), "test": Split(range(50, 60))})
    monkeypatch.setitem(sys.modules, "datasets", library)


def test_a_set_of_the_hub_is_read_with_its_own_test_pictures(hub):
    train, _, test = all_splits(name_of("hf:somebody/own", 8))
    assert (len(train.pictures), len(test.pictures)) == (47, 10)
    assert test.class_names == ("a", "b", "c")
    assert {one.tobytes() for one in test.pictures} == {c[:, 1:9].transpose(2, 0, 1).tobytes() for c in COLOUR[50:]}


def test_without_the_library_of_the_hub_a_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(ValueError, match="pip install datasets"):
        own_set.load("hf:somebody/other@64", "train")


def test_no_file_of_arrays_is_read_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(array_file, "MOST_BYTES", 100)
    np.save(tmp_path / "own.npy", GREY)
    with pytest.raises(ValueError, match="at most"):
        own_set.load(name_of(tmp_path / "own.npy"), "train")


@pytest.mark.parametrize("title", ["pets", "My pets (2)", "2024", "Хвост", "", "-", "a" * 200])
def test_the_name_under_which_the_app_knows_a_set_fits_into_links(title):
    name = own_samples.name_of(title, "0123456789")
    assert re.fullmatch(r"[a-z]\w{1,80}", name, re.ASCII)
    assert name.endswith("_01234567")
