"""Pictures of any folder, and CIFAR-10 as folders of PNG files."""

import numpy as np
import pytest
from PIL import Image

from explorer.data import cifar10, sources


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    for number in range(60):
        path = tmp_path / ("cats" if number % 2 else "dogs") / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (20, 30, 3), dtype=np.uint8)).save(path)
    return tmp_path


def test_splits_share_no_picture_and_leave_none_out(folder):
    splits = [sources.load(f"folder:{folder}", split, folder, side=16) for split in ("train", "validation", "test")]
    assert sum(len(one.pictures) for one in splits) == 60
    assert len({picture.tobytes() for one in splits for picture in one.pictures}) == 60


def test_pictures_are_cut_to_squares_and_labelled_by_their_folder(folder):
    train = sources.load(f"folder:{folder}", "train", folder, side=16)
    assert train.pictures.shape[1:] == (3, 16, 16)
    assert train.pictures.dtype == np.uint8
    assert train.class_names == ("cats", "dogs")


def test_what_is_transparent_becomes_white(folder):
    for path in folder.rglob("*.png"):
        Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(path)
    assert (sources.load(f"folder:{folder}", "train", folder, side=8).pictures == 255).all()


def test_a_folder_without_pictures_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=str(tmp_path)):
        sources.load(f"folder:{tmp_path}", "train", tmp_path)


def test_cifar_is_read_from_folders_of_png_files(tmp_path):
    tile = np.arange(32 * 32 * 3, dtype=np.uint8).reshape(32, 32, 3)
    for name in ("airplane", "truck"):
        (tmp_path / "cifar10" / "test" / name).mkdir(parents=True)
        Image.fromarray(tile).save(tmp_path / "cifar10" / "test" / name / "0001.png")
    data = cifar10.load("test", tmp_path)
    np.testing.assert_array_equal(data.pictures[0], tile.transpose(2, 0, 1))
    assert data.labels.tolist() == [0, 1]
