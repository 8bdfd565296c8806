"""The training loop: batches as index draws, Accelerate for devices and processes, an atomic save now and then."""

import ctypes
import math
import os
import platform
import time
from pathlib import Path
from typing import NamedTuple, cast

import torch
from accelerate import Accelerator
from accelerate.utils import DistributedDataParallelKwargs, set_seed
from torch import Generator, Tensor
from torch.optim.lr_scheduler import LambdaLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm

from explorer import checkpoint
from explorer.data import moving_digits
from explorer.models import MODELS, Autoencoder
from explorer.models.beta_vae import BetaVAE
from explorer.models.turned import turn
from train.recipe import Recipe
from train.state import identity, latest_state, load_state, save_state

SHIPPED = Path(__file__).parents[1] / "checkpoints"
SAVE_SECONDS = 60.0
AVERAGE_EVERY = 10  # steps: averaging a small network costs a fifth of its step


class Run(NamedTuple):
    """What a training run leaves."""

    model: Autoencoder  # the averaged weights, on the CPU
    seconds: float
    history: list[dict[str, float]]  # step, and the mean of each term of the loss since the entry before
    device: str
    precision: str
    processes: int
    identity: dict  # what its states belong to


class Saved:
    """Saved with a run's state, whole."""

    def state_dict(self) -> dict:
        return vars(self)

    def load_state_dict(self, state: dict) -> None:
        vars(self).update(state)


class Progress(Saved):
    """What a resumed run needs beside weights and optimizer."""

    def __init__(self) -> None:
        self.step = 0
        self.seconds = 0.0
        self.history: list[dict[str, float]] = []


class Best(Saved):
    """The weights of each part of a model with which it did best on pictures that it is not trained on."""

    def __init__(self) -> None:
        self.losses: dict[str, float] = {}
        self.weights: dict[str, dict[str, Tensor]] = {}

    @torch.inference_mode()
    def judge(self, model: Autoencoder, pictures: Tensor, labels: Tensor) -> dict[str, float]:
        """Keep what is better than before; returns the loss of each part in training, as it is without dropout."""
        device = next(model.parameters()).device
        model.eval()
        losses = model.held_out(pictures.to(device).float() / 255, labels.to(device))
        model.train()
        for part, loss in losses.items():
            if loss < self.losses.get(part, math.inf):
                weights = model.get_submodule(part).state_dict()
                self.losses[part], self.weights[part] = loss, {name: value.clone() for name, value in weights.items()}
        return {f"held-out {part}": loss for part, loss in losses.items()}

    def restore(self, model: Autoencoder) -> None:
        for part, weights in self.weights.items():
            model.get_submodule(part).load_state_dict(weights)


class Training:
    """A run under way: what a step changes, and what its states hold.

    Arguments:
        recipe: What to train and how.
        pictures: As train takes them, as are labels, held_out and root.
    """

    def __init__(
        self,
        recipe: Recipe,
        pictures: Tensor,
        labels: Tensor | None,
        held_out: tuple[Tensor, Tensor] | None,
        root: Path = SHIPPED,
    ):
        self.recipe, self.held_out = recipe, held_out
        self.identity = identity(recipe, pictures, labels if recipe.labelled else None, *(held_out or ()))
        self.accelerator = make_accelerator(recipe)
        self.device = self.accelerator.device
        set_seed(recipe.seed)
        network = made(recipe, pictures, root)
        self.pictures = pictures.to(self.device)
        self.labels = cast(Tensor, labels).to(self.device) if recipe.labelled else None
        self.average = AveragedModel(network).to(self.device)
        optimizer = torch.optim.AdamW(network.parameters(), lr=recipe.learning_rate, fused=True, **recipe.optimizer)
        self.schedule = LambdaLR(optimizer, lambda step: rate(step, recipe))
        self.progress, self.best = Progress(), Best()
        self.network = network
        self.model, self.optimizer = self.accelerator.prepare(network, optimizer)
        if self.accelerator.process_index:  # what it draws besides its noise, for dropout, is another in each process
            torch.manual_seed(stream(recipe.seed, 0, 1 + self.accelerator.process_index))
        self.accelerator.register_for_checkpointing(self.average, self.schedule, self.progress, self.best)
        if course := getattr(network, "course", None):
            self.accelerator.register_for_checkpointing(course)
        self.batches, self.noise = Generator(), Generator(self.device)

    @property
    def averaged(self) -> Autoencoder:
        """The model of the averaged weights."""
        return cast(Autoencoder, self.average.module)

    def step(self) -> dict[str, Tensor]:
        """Change the weights once; returns the terms of the loss."""
        recipe, accelerator, done = self.recipe, self.accelerator, self.progress.step
        # Seeded by the step, a resumed run draws what an uninterrupted one would have drawn. Every process draws the
        # same batch and takes its part of it; the model's own noise differs between processes.
        self.batches.manual_seed(stream(recipe.seed, done, 0))
        self.noise.manual_seed(stream(recipe.seed, done, 1 + accelerator.process_index))
        batch = draw_batch(self.pictures, recipe, self.batches, self.labels)
        x, *of_x = (part.chunk(accelerator.num_processes)[accelerator.process_index] for part in batch)
        self.network.progress = done / recipe.steps

        terms = self.model(x, self.noise, *of_x)
        self.optimizer.zero_grad()
        accelerator.backward(terms["loss"])
        if recipe.max_grad_norm:
            accelerator.clip_grad_norm_(self.model.parameters(), recipe.max_grad_norm)
        self.optimizer.step()
        self.schedule.step()
        self.progress.step += 1
        if self.progress.step % AVERAGE_EVERY == 0 or self.progress.step == recipe.steps:
            self.average.multi_avg_fn = get_ema_multi_avg_fn(average_decay(self.progress.step, recipe))
            self.average.update_parameters(self.network)
        return terms

    def note(self, sums: dict[str, Tensor], steps: int) -> dict[str, float]:
        """Enter the means of so many steps into the history, and what pictures held out say; returns them."""
        means = {name: self.accelerator.reduce(total / steps, "mean").item() for name, total in sums.items()}
        if self.held_out:
            self.averaged.progress = self.network.progress
            with self.accelerator.autocast():
                means |= self.best.judge(self.averaged, *self.held_out)
        rounded = {name: float(f"{mean:.5g}") for name, mean in means.items()}
        self.progress.history.append({"step": self.progress.step} | rounded)
        return means

    def finish(self) -> Run:
        """What the run leaves."""
        self.accelerator.end_training()
        final = self.averaged.cpu().eval()
        self.best.restore(final)
        ran_on = str(self.device), self.accelerator.mixed_precision, self.accelerator.num_processes
        return Run(final, self.progress.seconds, self.progress.history, *ran_on, self.identity)


def made(recipe: Recipe, pictures: Tensor, root: Path) -> Autoencoder:
    """A recipe's model before its first step, on the CPU."""
    model = MODELS[recipe.family](picture_shape=pictures.shape[-3:], **recipe.model)
    model.prepare(pictures)
    begin(model, recipe.start, root)
    if recipe.turned:
        turn(cast(BetaVAE, model), pictures)
    if recipe.teacher:
        teacher = cast(BetaVAE, checkpoint.load_model(SHIPPED / recipe.teacher))
        cast(BetaVAE, model).learn_from(teacher, pictures)
    return model


def begin(model: Autoencoder, start: str, root: Path) -> None:
    """Give a model the weights of a checkpoint of the same network; of none, if start is empty.

    One in root, where the run writes its own, goes before the shipped one of that name: so a run with another seed goes
    on from runs with that seed.
    """
    if start:
        folder = root / start if (root / start / checkpoint.CONFIG).is_file() else SHIPPED / start
        model.load_state_dict(checkpoint.load_model(folder).state_dict())


def train(
    recipe: Recipe,
    pictures: Tensor,
    state: Path,
    resume: bool = False,
    labels: Tensor | None = None,
    held_out: tuple[Tensor, Tensor] | None = None,
    root: Path = SHIPPED,
) -> Run:
    """Train a recipe's model.

    A run that is resumed goes on only from a state of its own, and raises a StateError at any other.

    Arguments:
        recipe: What to train and how.
        pictures: Training pictures, uint8, with shape (N, C, H, W).
        state: Folder for the states a killed run goes on from.
        resume: Go on from the last complete state, if there is one, instead of from nothing.
        labels: Classes (N,) of the pictures, for a labelled recipe.
        held_out: Pictures and classes that weights are chosen by, for a recipe that stops early.
        root: Folder of checkpoints in which the recipe's start is looked for first.
    """
    keep_freed_memory()
    run = Training(recipe, pictures, labels, held_out, root)
    accelerator, progress = run.accelerator, run.progress
    if resume and (latest := latest_state(state)):
        load_state(accelerator, latest, run.identity)
    resumed_at, every = progress.step, max(1, recipe.steps // 100)
    started, saved = time.monotonic() - progress.seconds, time.monotonic()
    sums: dict[str, Tensor] = {}
    hidden = not accelerator.is_main_process
    bar = tqdm(total=recipe.steps, initial=progress.step, desc=recipe.name, mininterval=1, disable=hidden)
    while progress.step < recipe.steps:
        terms = run.step()
        sums = {name: sums.get(name, 0) + term.detach() for name, term in terms.items()}
        bar.update()
        if progress.step % every == 0:
            means, sums = run.note(sums, every), {}
            progress.seconds = time.monotonic() - started
            bar.set_postfix({name: f"{mean:.2f}" for name, mean in means.items()}, refresh=False)
            # The processes' clocks differ: they save together when the slowest one asks for it.
            if accelerator.reduce(torch.tensor(time.monotonic() - saved, device=run.device), "mean") > SAVE_SECONDS:
                save_state(accelerator, state, progress.step, run.identity)
                saved = time.monotonic()
    bar.close()
    if progress.step > resumed_at:
        save_state(accelerator, state, progress.step, run.identity)
    return run.finish()


def make_accelerator(recipe: Recipe) -> Accelerator:
    """Devices, processes and precision of a run.

    Processes on CPUs work together too, which Accelerate does not do by itself; and networks of several stages do
    without some of their parameters in each step.
    """
    cpu = "LOCAL_RANK" in os.environ and not torch.cuda.is_available()
    precision = "bf16" if recipe.bf16 and has_bf16() else "no"
    parallel = DistributedDataParallelKwargs(find_unused_parameters=True)
    return Accelerator(mixed_precision=precision, cpu=cpu, kwargs_handlers=[parallel])


def stream(seed: int, step: int, source: int) -> int:
    """A seed of its own for each step and source of randomness; the CPU's generator takes 32 bits."""
    return ((seed * 1_000_003 + step) * 64 + source) % 2**32


def draw_batch(pictures: Tensor, recipe: Recipe, generator: Generator, labels: Tensor | None = None) -> list[Tensor]:
    """A batch in [0, 1] with shape (B, C, H, W), the same on every process, and its labels (B,) if there are any.

    What is no bytes is taken as it is; sequences are (B, T, C, H, W).
    """
    indices = torch.randint(len(pictures), (recipe.batch_size,), generator=generator).to(pictures.device)
    x = pictures[indices]
    x = x.float() / 255 if x.dtype == torch.uint8 else x
    if recipe.flip:
        mirrored = torch.rand(len(x), generator=generator) < 0.5
        x = torch.where(mirrored[:, None, None, None].to(x.device), x.flip(3), x)
    if recipe.max_shift:
        shifts = torch.randint(-recipe.max_shift, recipe.max_shift + 1, (2,), generator=generator).tolist()
        x = x.roll(shifts, dims=(2, 3))
    if recipe.binarize:
        x = (torch.rand(x.shape, generator=generator).to(x.device) < x).float()
    if recipe.frames:
        x, _, _ = moving_digits.draw(x, recipe.frames, generator)
    return [x] if labels is None else [x, labels[indices]]


def rate(step: int, recipe: Recipe) -> float:
    """Share of the peak learning rate: in each stage a linear rise, then a cosine down to 0.

    A short stage rises over its first half at most: otherwise it would end before it reaches the peak.
    """
    begun, length = in_stage(step, recipe)
    rise = min(1.0, (begun + 1) / min(recipe.warmup_steps, max(1, length / 2)))
    return rise * 0.5 * (1 + math.cos(math.pi * begun / length))


def average_decay(step: int, recipe: Recipe) -> float:
    """Decay of the average from one update to the next, after this many steps.

    With .999 from the first step on, a third of what 1,000 steps average would be the weights they began with. So it
    rises with the steps n of each stage, and an average is of about the last tenth of them, until n reaches 9,000.
    """
    n = in_stage(step - 1, recipe)[0] + 1
    return min(recipe.ema_decay, (1 + n) / (10 + n)) ** AVERAGE_EVERY


def in_stage(step: float, recipe: Recipe) -> tuple[float, float]:
    """Steps since the beginning of the stage that a step falls into, and the length of that stage."""
    for share in recipe.shares:
        length = share * recipe.steps
        if step < length:
            return step, length
        step -= length
    return length, length


def keep_freed_memory() -> None:
    """Have the C library reuse the memory of large tensors: fetching it anew is a fifth of a convolutional step."""
    if platform.libc_ver()[0] == "glibc":
        trim_threshold, top_pad, mmap_threshold = -1, -2, -3  # numbers of its malloc.h
        for parameter, size in ((trim_threshold, 2**31 - 1), (top_pad, 2**28), (mmap_threshold, 2**30)):
            ctypes.CDLL(None).mallopt(parameter, size)


def has_bf16() -> bool:
    """Whether bfloat16 products are faster here; on a processor without them they take 8 times as long."""
    if torch.cuda.is_available():
        return torch.cuda.is_bf16_supported()
    return torch.cpu._is_avx512_bf16_supported()
