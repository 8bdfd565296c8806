"""Frames come back from the file they were written to, and what are no frames is refused."""

import io

import numpy as np
import pytest
from PIL import Image

from explorer.serve.animation import MOST_PIXELS, from_page, to_file
from explorer.serve.question import Refused


@pytest.fixture
def frames():
    return np.random.default_rng(0).integers(0, 256, (5, 3, 28, 28), np.uint8)


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_every_frame_is_in_the_file_enlarged(frames, kind):
    animation = Image.open(io.BytesIO(to_file(frames, kind)))
    assert (animation.format, animation.n_frames, animation.size) == (kind.upper(), 5, (224, 224))


def test_a_webp_holds_the_very_pixels(frames):
    animation = Image.open(io.BytesIO(from_page(frames.tobytes(), "5,3,28,28", "webp")))
    for number, frame in enumerate(frames):
        animation.seek(number)
        shown = np.asarray(animation.convert("RGB"))[::8, ::8]
        np.testing.assert_array_equal(shown, frame.transpose(1, 2, 0))


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ("5,3,28", "gif"),
        ("5,3,28,29", "gif"),
        ("0,3,28,28", "gif"),
        ("5,2,28,42", "gif"),
        ("-5,-3,28,28", "gif"),
        ("a,b,c,d", "gif"),
        ("", "gif"),
        ("5,3,28,28", "mp4"),
        ("300,1,7,5.6", "gif"),
        ("5,3,28," + "9" * 4_400, "gif"),
        ("٥,3,28,28", "gif"),
    ],
)
def test_what_are_no_frames_is_refused(frames, shape, kind):
    with pytest.raises(Refused):
        from_page(frames.tobytes(), shape, kind)


@pytest.mark.parametrize("kind", ["gif", "webp"])
@pytest.mark.parametrize("shape", [(1, 1, 1, 300), (1, 1, 1, 4096), (4, 3, 1, 1024), (200, 1, 1, 4096)])
def test_what_comes_out_is_bounded_whatever_the_form_of_the_frames(kind, shape):
    data = np.zeros(shape, np.uint8).tobytes()
    animation = Image.open(io.BytesIO(from_page(data, ",".join(map(str, shape)), kind)))
    assert max(animation.size) <= 4096
    assert shape[0] * animation.width * animation.height <= MOST_PIXELS


def test_frames_that_are_too_wide_as_they_are_are_refused():
    with pytest.raises(Refused, match="may have at most"):
        from_page(bytes(5000), "1,1,1,5000", "gif")


def test_a_gif_of_few_colours_holds_the_very_pixels():
    frames = np.random.default_rng(0).choice(np.array([0, 90, 255], np.uint8), (4, 3, 8, 8))
    animation = Image.open(io.BytesIO(to_file(frames, "gif")))
    for number, frame in enumerate(frames):
        animation.seek(number)
        shown = np.asarray(animation.convert("RGB"))[::28, ::28]
        np.testing.assert_array_equal(shown, frame.transpose(1, 2, 0))
