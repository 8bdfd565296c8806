"""Judges whether a picture is a whole face, and which hair it has: a small network that knows real and spoilt faces.

python -m train.face_judge --data data trains it, says how often it is right, and writes its weights beside this file.
"""

import argparse
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Generator, Tensor, nn
from torch.nn import functional

from explorer.data import faces, rendered_sets
from explorer.data.picture_set import PictureSet

FILE = Path(__file__).with_suffix(".safetensors")
STEPS, BATCH, LEARNING_RATE = 1500, 64, 2e-3  # each batch has as many spoilt faces as real ones
SOFTEST = 3  # times that a picture is softened at most: whether it is sharp must not tell a face
BLOCK = 500  # pictures judged at a time


class FaceJudge(nn.Module):
    """Logits of "a face" (B,) and of each hair (B, 6), of pictures (B, 3, 64, 64) in [0, 1]."""

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 16, 32, 64, 64)
        layers = []
        for before, after in pairwise(widths):
            layers += [nn.Conv2d(before, after, 5, stride=2, padding=2), nn.ReLU()]
        self.features = nn.Sequential(*layers, nn.Flatten())
        self.answer = nn.Linear(widths[-1] * 16, 1 + len(faces.HAIRS))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        answer = self.answer(self.features(x - 0.5))
        return answer[:, 0], answer[:, 1:]


@torch.inference_mode()
def judge(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Whether pictures (N, 3, 64, 64) in [0, 1] are faces, bool (N,), and the index of the hair of each, (N,)."""
    parts = [load()(block) for block in pictures.split(BLOCK)]
    face, hair = (torch.cat(part) for part in zip(*parts, strict=True))
    return face > 0, hair.argmax(1)


@cache
def load() -> FaceJudge:
    network = FaceJudge()
    network.load_state_dict({name: tensor.float() for name, tensor in load_file(FILE).items()})
    return network.eval()


def held_out() -> dict[str, float]:
    """What accuracy found when the judge was trained."""
    with safe_open(FILE, "numpy") as file:
        return {name: float(value) for name, value in file.metadata().items()}


# ---- What is no face: each takes faces (N, 3, 64, 64), and others that look quite different ----------------------


def shuffled(x: Tensor, other: Tensor, generator: Generator) -> Tensor:
    """The squares of a face in another order, 4 × 4 or 8 × 8 of them."""
    side = 16 if torch.rand((), generator=generator) < 0.5 else 8
    squares = functional.unfold(x, side, stride=side)
    order = torch.rand(len(x), 1, squares.shape[2], generator=generator).argsort(2)
    return functional.fold(squares.gather(2, order.expand_as(squares)), x.shape[2:], side, stride=side)


def blended(x: Tensor, other: Tensor, generator: Generator) -> Tensor:
    """Two faces laid over each other."""
    return torch.lerp(x, other, uniform(x, 0.35, 0.65, generator))


def mixed(x: Tensor, other: Tensor, generator: Generator) -> Tensor:
    """Squares of one face and of another, each at its place."""
    side = (4, 8, 16)[int(torch.randint(3, (), generator=generator))]
    cells = torch.rand(len(x), 1, 64 // side, 64 // side, generator=generator) < uniform(x, 0.3, 0.7, generator)
    return torch.where(functional.interpolate(cells.float(), scale_factor=float(side)) > 0, x, other)


def halved(x: Tensor, other: Tensor, generator: Generator) -> Tensor:
    """One half of a face and the other half of another, the cut across the head."""
    rows, columns = torch.arange(64)[:, None].expand(64, 64), torch.arange(64).expand(64, 64)
    along = rows if torch.rand((), generator=generator) < 0.5 else columns
    return torch.where(along < uniform(x, 24, 40, generator), x, other)


def holed(x: Tensor, other: Tensor, generator: Generator) -> Tensor:
    """A face of which a square in the middle shows what lies elsewhere in it."""
    side, shift = uniform(x, 14, 26, generator), int(torch.randint(14, 40, (), generator=generator))
    middle = uniform(x, 24, 40, generator)
    inside = (torch.arange(64) - middle).abs() * 2 < side  # (N, 1, 1, 64)
    return torch.where(inside & inside.transpose(2, 3), x.roll((shift, shift), (2, 3)), x)


def warped(x: Tensor, other: Tensor, generator: Generator) -> Tensor:
    """A face whose pixels are moved about, by some four to eight of them, neighbours much alike."""
    field = functional.interpolate(torch.randn(len(x), 2, 8, 8, generator=generator), size=64, mode="bicubic")
    still = functional.affine_grid(torch.eye(2, 3).expand(len(x), 2, 3), list(x.shape), align_corners=False)
    moved = still + uniform(x, 4, 8, generator) / 32 * field.permute(0, 2, 3, 1)
    return functional.grid_sample(x, moved, padding_mode="border", align_corners=False)


SPOILT = (shuffled, blended, mixed, halved, holed, warped)


def uniform(x: Tensor, low: float, high: float, generator: Generator) -> Tensor:
    """A number for each picture, with shape (N, 1, 1, 1)."""
    return low + (high - low) * torch.rand(len(x), 1, 1, 1, generator=generator)


def unlike(x: Tensor, generator: Generator) -> Tensor:
    """For each picture one of that half of all that differs most from it: like ones make a whole face together."""
    distances = torch.cdist(x.flatten(1), x.flatten(1))
    far = distances >= distances.median(1, keepdim=True).values
    return x[torch.multinomial(far.float(), 1, generator=generator)[:, 0]]


def softened(x: Tensor, times: int) -> Tensor:
    """Pictures smoothed over three pixels, so many times."""
    for _ in range(times):
        x = functional.avg_pool2d(functional.pad(x, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    return x


# ---- Training ----------------------------------------------------------------------------------------------------


def train(pictures: np.ndarray, labels: np.ndarray) -> FaceJudge:
    """A judge that has seen these faces, uint8 (N, 3, 64, 64), with their hair (N,)."""
    torch.manual_seed(0)
    generator, network = Generator().manual_seed(0), FaceJudge()
    optimizer = torch.optim.AdamW(network.parameters(), LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, STEPS)
    for step in range(STEPS):
        chosen = torch.randint(len(pictures), (BATCH,), generator=generator)
        x, hair = torch.from_numpy(pictures[chosen.numpy()]).float() / 255, torch.from_numpy(labels)[chosen]
        spoilt = SPOILT[step % len(SPOILT)](x, unlike(x, generator), generator)
        times = int(torch.randint(SOFTEST + 1, (), generator=generator))
        face, of_hair = network(softened(torch.cat([x, spoilt]), times))
        truth = torch.arange(2 * BATCH) < BATCH
        loss = functional.binary_cross_entropy_with_logits(face, truth.float())
        loss = loss + functional.cross_entropy(of_hair[:BATCH], hair)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return network.eval()


@torch.inference_mode()
def accuracy(test: PictureSet) -> dict[str, float]:
    """How often the judge is right about faces of a set and about what they are spoilt to, in %: "face", "hair", …"""
    generator = Generator().manual_seed(1)
    x = torch.from_numpy(test.pictures[:1000]).float() / 255
    face, hair = judge(x)
    right = {"face": face, "hair": hair == torch.tensor(test.labels[:1000])}
    for spoil in SPOILT:
        parts = [spoil(part, unlike(part, generator), generator) for part in x.split(50)]
        right[spoil.__name__] = ~judge(torch.cat(parts))[0]
    return {name: 100 * part.float().mean().item() for name, part in right.items()}


def save(network: FaceJudge, said: dict[str, str]) -> None:
    save_file({name: tensor.half() for name, tensor in network.state_dict().items()}, FILE, said)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder of the datasets")
    data = parser.parse_args().data
    known = rendered_sets.load("faces", "train", data)
    save(train(known.pictures, known.labels), {})
    right = accuracy(rendered_sets.load("faces", "test", data))
    save(load(), {name: f"{value:.1f}" for name, value in right.items()})
    print(right)


if __name__ == "__main__":
    main()
