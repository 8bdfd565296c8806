"""Prints how fast recipes train: pictures and arithmetic per second of the processor, and what it can do at most.

    python -m benchmarks.training [NAME …] [--seconds 10] [--threads 1]

Pictures are random: the time of a step does not depend on what is on them. Of a VQ-VAE-2 the network and its priors are
timed apart, as the run trains them one after the other. Leave the machine alone meanwhile.

What others reach, on the same machine and with the same batch, is timed with their own code:

    disentangling-vae    git clone https://github.com/YannDubs/disentangling-vae    a step of main.py on dSprites
    pythae               pip install pythae                                         VAE, as examples/ trains MNIST
    vq-vae-2-pytorch     git clone https://github.com/rosinality/vq-vae-2-pytorch   train_vqvae.py, train_pixelsnail.py
"""

import argparse
import time
from collections.abc import Callable
from typing import cast

import torch
from torch.utils.flop_counter import FlopCounterMode

from explorer.data import sample_sheets
from train.loop import Training
from train.recipe import Recipe
from train.recipes import RECIPES

NAMES = ("vae/mnist-50d", "beta_vae/dsprites-beta4", "vq_vae/cifar10-k512", "vq_vae_2/faces-64", "td_vae/moving-mnist")
PICTURES = 2_000
WARM = 3  # steps that are not counted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", default=NAMES, help=f"recipes (default: {' '.join(NAMES)})")
    parser.add_argument("--seconds", type=float, default=10, help="of each")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    for name in options.names:
        if name not in RECIPES or sample_sheets.shape(RECIPES[name].data) is None:
            parser.error(f"{name} is not a recipe of pictures.")
    torch.set_num_threads(options.threads)
    peak = matmul_peak(options.seconds / 5)
    print(f"{torch.get_num_threads()} threads; matrix products alone: {peak / 1e9:.0f} GFLOP a second of one core")
    print(f"{'recipe':32}{'batch':>6}{'pictures/CPU-s':>16}{'GFLOP/CPU-s':>13}{'of the peak':>13}")
    for name in options.names:
        recipe = RECIPES[name]
        for part, share in parts(recipe).items():
            run, flops = ready(recipe, share)
            steps, cpu = timed(run.step, options.seconds)
            rate = flops * steps / cpu
            print(f"{f'{name} {part}':32}{recipe.batch_size:6}{recipe.batch_size * steps / cpu:16,.0f}", end="")
            print(f"{rate / 1e9:13.0f}{rate / peak:12.0%}", flush=True)


def parts(recipe: Recipe) -> dict[str, float]:
    """Parts of a run that train different networks: what each is called, and the share of the run it begins at."""
    if recipe.family != "vq_vae_2":
        return {"": 0.0}
    network, _ = cast(list[float], recipe.stages)
    return {"network": 0.0, "priors": network}


def ready(recipe: Recipe, share: float) -> tuple[Training, int]:
    """A run that stands at that share of its steps, with its first steps behind it, and the arithmetic of one step."""
    generator = torch.Generator().manual_seed(0)
    shape = cast(tuple[int, int, int], sample_sheets.shape(recipe.data))
    pictures = torch.randint(0, 256, (PICTURES, *shape), dtype=torch.uint8, generator=generator)
    classes = len(sample_sheets.class_names(recipe.data))
    labels = torch.randint(0, classes, (PICTURES,), generator=generator) if recipe.labelled else None
    run = Training(recipe, pictures, labels, None)
    run.progress.step = round(share * recipe.steps)
    for _ in range(WARM):
        run.step()
    with FlopCounterMode(display=False) as counter:
        run.step()
    return run, counter.get_total_flops()


def timed(work: Callable[[], object], seconds: float) -> tuple[int, float]:
    """How often it was done in that time, and in how many seconds of all cores together."""
    count, end, cpu = 0, time.perf_counter() + seconds, time.process_time()
    while time.perf_counter() < end:
        work()
        count += 1
    return count, time.process_time() - cpu


def matmul_peak(seconds: float) -> float:
    """Floating-point operations in a second of one core, of products of large matrices in single precision."""
    a, b = torch.rand(1024, 1024), torch.rand(1024, 1024)
    count, cpu = timed(lambda: a @ b, seconds)
    return 2 * 1024**3 * count / cpu


if __name__ == "__main__":
    main()
