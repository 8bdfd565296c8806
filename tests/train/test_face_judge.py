"""What the judge of sampled faces is worth, on the faces that ship with the app: none of them was it trained on."""

import pytest
import torch

from explorer.data import sample_sheets
from explorer.metrics.reconstruction import pixels
from train import face_judge


@pytest.fixture(scope="module")
def shipped():
    return sample_sheets.load("faces")


def test_faces_are_judged_faces_with_their_hair_sharp_or_soft(shipped):
    for times in (0, 1, 2):
        is_face, hair = face_judge.judge(face_judge.softened(pixels(shipped), times))
        assert is_face.float().mean() >= 0.95
        assert (hair == torch.tensor(shipped.labels)).float().mean() >= 0.95


@pytest.mark.parametrize("spoil", face_judge.SPOILT, ids=lambda spoil: spoil.__name__)
def test_what_faces_are_spoilt_to_are_pictures_and_no_faces(shipped, spoil):
    generator, x = torch.Generator().manual_seed(3), pixels(shipped)
    spoilt = spoil(x, face_judge.unlike(x, generator), generator)
    assert spoilt.shape == x.shape
    assert 0 <= spoilt.min() <= spoilt.max() <= 1
    assert ((spoilt - x).abs().mean((1, 2, 3)) > 0.004).float().mean() > 0.95
    assert (~face_judge.judge(spoilt)[0]).float().mean() >= 0.9


def test_noise_and_a_single_colour_are_no_faces():
    noise = torch.rand(50, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    assert not face_judge.judge(noise)[0].any()
    assert not face_judge.judge(torch.rand(50, 3, 1, 1).expand(50, 3, 64, 64).contiguous())[0].any()


def test_the_file_says_how_often_it_is_right_in_every_way():
    right = face_judge.held_out()
    assert set(right) == {"face", "hair", *(spoil.__name__ for spoil in face_judge.SPOILT)}
    assert all(90 <= share <= 100 for share in right.values())
