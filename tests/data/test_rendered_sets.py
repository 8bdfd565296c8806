"""Rendered sets are whole, shuffled once, and kept on disk only when complete."""

from types import SimpleNamespace

import numpy as np
import pytest

from explorer.data import dsprites, rendered_sets
from explorer.data.factors import FactorSet


@pytest.fixture
def world(monkeypatch):
    """24 pictures of two factors, each filled with its own number; render counts what it is asked for."""
    asked = []

    def render(indices):
        asked.extend(indices.tolist())
        return np.broadcast_to(indices.astype(np.uint8)[:, None, None, None], (len(indices), 1, 4, 4)).copy()

    factors = FactorSet(("size", "shape"), ((0.0,) * 8, (0.0, 1.0, 2.0)))
    tiny = SimpleNamespace(FACTORS=factors, NAMED={"shape": ("a", "b", "c")}, render=render, asked=asked)
    monkeypatch.setitem(rendered_sets.WORLDS, "tiny", tiny)
    return tiny


def test_the_training_set_is_every_picture_once_and_is_rendered_once(world, tmp_path):
    data = rendered_sets.load("tiny", "train", tmp_path)
    numbers = np.array(data.pictures)[:, 0, 0, 0]
    assert sorted(numbers) == list(range(24))
    assert numbers.tolist() != sorted(numbers)
    np.testing.assert_array_equal(data.labels, numbers % 3)
    world.asked.clear()
    np.testing.assert_array_equal(rendered_sets.load("tiny", "train", tmp_path).pictures, data.pictures)
    assert world.asked == []


def test_a_set_that_could_not_be_rendered_whole_is_not_taken_for_whole(world, tmp_path, monkeypatch):
    monkeypatch.setattr(rendered_sets, "BLOCK", 8)
    render = world.render

    def fail(indices):
        if len(world.asked) > 10:
            raise MemoryError
        return render(indices)

    world.render = fail
    with pytest.raises(MemoryError):
        rendered_sets.load("tiny", "train", tmp_path)
    assert not (tmp_path / "tiny.npy").exists()
    world.render = render
    assert len(rendered_sets.load("tiny", "train", tmp_path).pictures) == 24


def test_a_damaged_file_is_named(world, tmp_path):
    rendered_sets.load("tiny", "train", tmp_path)
    path = tmp_path / "tiny.npy"
    for content in (path.read_bytes()[:-100], b"no array", b""):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"tiny\.npy is damaged: delete it"):
            rendered_sets.load("tiny", "train", tmp_path)


def test_a_set_that_has_no_room_is_refused_before_it_is_rendered(world, tmp_path, monkeypatch):
    monkeypatch.setattr(rendered_sets.shutil, "disk_usage", lambda _: SimpleNamespace(free=100))
    with pytest.raises(ValueError, match="its disk has not so much room"):
        rendered_sets.load("tiny", "train", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_test_pictures_of_dsprites_are_white_on_black_and_labelled_by_shape(tmp_path):
    data = rendered_sets.load("dsprites", "test", tmp_path)
    numbers = rendered_sets.order("dsprites")[-10_000:]
    assert data.pictures.shape == (10_000, 1, 64, 64)
    np.testing.assert_array_equal(data.pictures[:50], 255 * dsprites.render(numbers[:50]))
    np.testing.assert_array_equal(data.labels, numbers // (737_280 // 3))
    assert list(tmp_path.iterdir()) == []
