"""Sets are read as torchvision lays them out; missing ones are named."""

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
