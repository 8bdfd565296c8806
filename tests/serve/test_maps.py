"""What is made for a map is made once, lies in a file, and is made again where that file is damaged."""

import os
import threading

import numpy as np
import pytest

from explorer.serve import maps

ARRAY = np.arange(6, dtype=np.float32).reshape(3, 2)


def refuse():
    pytest.fail("it was made before")


def test_what_was_made_is_read_from_its_file(tmp_path):
    path = tmp_path / "codes.npy"
    np.testing.assert_array_equal(maps.made_once(path, lambda: ARRAY), ARRAY)
    again = maps.made_once(path, refuse)
    assert isinstance(again, np.memmap)
    np.testing.assert_array_equal(again, ARRAY)
    assert [file.name for file in tmp_path.iterdir()] == ["codes.npy"]


@pytest.mark.parametrize("damage", [b"", b"\x93NUMPY", b"anything else"])
def test_a_damaged_file_is_made_again(tmp_path, damage):
    path = tmp_path / "codes.npy"
    path.write_bytes(damage)
    np.testing.assert_array_equal(maps.made_once(path, lambda: ARRAY), ARRAY)
    np.testing.assert_array_equal(maps.made_once(path, refuse), ARRAY)


def test_a_folder_that_cannot_be_written_to_costs_only_time(tmp_path):
    path = tmp_path / "no such folder" / "codes.npy"
    np.testing.assert_array_equal(maps.made_once(path, lambda: ARRAY), ARRAY)


def test_of_more_than_the_cache_may_hold_what_was_made_first_is_forgotten(tmp_path, monkeypatch):
    size = 128 + ARRAY.nbytes  # of a file
    monkeypatch.setattr(maps, "MOST_KEPT", 3 * size)
    for second, name in enumerate("dacbe"):
        maps.made_once(tmp_path / f"{name}.npy", lambda: ARRAY)
        os.utime(tmp_path / f"{name}.npy", (second, second))
    assert sorted(file.stem for file in tmp_path.iterdir()) == ["b", "c", "e"]
    np.testing.assert_array_equal(maps.made_once(tmp_path / "a.npy", lambda: 2 * ARRAY), 2 * ARRAY)


def test_who_asks_for_something_else_does_not_wait_for_what_is_being_made(tmp_path):
    begun, end = threading.Event(), threading.Event()

    def slow():
        begun.set()
        end.wait(20)
        return ARRAY

    thread = threading.Thread(target=maps.made_once, args=(tmp_path / "one.npy", slow))
    thread.start()
    begun.wait(20)
    np.testing.assert_array_equal(maps.made_once(tmp_path / "two.npy", lambda: ARRAY), ARRAY)
    end.set()
    thread.join()
