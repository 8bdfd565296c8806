"""Sets are read as torchvision lays them out; missing ones are named."""

import shutil
from urllib.error import URLError

import numpy as np
import pytest

from explorer.data import sample_sheets, torchvision_sets


def test_pictures_and_labels_come_out_of_the_four_files(data_root):
    data = torchvision_sets.load("mnist", "test", data_root)
    np.testing.assert_array_equal(data.pictures, sample_sheets.load("mnist").pictures)
    np.testing.assert_array_equal(data.labels, sample_sheets.load("mnist").labels)


@pytest.mark.parametrize("error", [URLError("no network"), RuntimeError("Error downloading")])
def test_without_a_network_the_missing_files_and_their_place_are_named(tmp_path, monkeypatch, error):
    def fail(self):
        raise error

    monkeypatch.setattr(torchvision_sets.datasets.MNIST, "download", fail)
    with pytest.raises(
        FileNotFoundError, match=r"put there train-images-idx3-ubyte, .*t10k-labels-idx1-ubyte"
    ) as refusal:
        torchvision_sets.load("mnist", "train", tmp_path)
    assert str(tmp_path / "MNIST" / "raw") in str(refusal.value)


@pytest.mark.parametrize("length", [0, 3, 1000])
def test_a_damaged_file_is_named_with_its_place(data_root, tmp_path, length):
    raw = tmp_path / "MNIST" / "raw"
    shutil.copytree(data_root / "MNIST" / "raw", raw)
    path = raw / "t10k-images-idx3-ubyte"
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(ValueError, match="are damaged: put them there anew") as refusal:
        torchvision_sets.load("mnist", "test", tmp_path)
    assert str(raw) in str(refusal.value)
