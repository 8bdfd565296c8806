"""A recipe says everything a training run depends on."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One number of a card.

    Arguments:
        label: What the card calls it.
        tolerance: How far another run of the same recipe may land from it, in its own unit.
        digits: Decimals printed.
    """

    label: str
    tolerance: float
    digits: int = 2

    def format(self, value: float) -> str:
        return f"{value:,.{self.digits}f}"


@dataclass(frozen=True)
class Recipe:
    """How one variant is trained.

    Arguments:
        family: A key of MODELS.
        variant: The folder under checkpoints/FAMILY.
        purpose: One sentence for the card and --list.
        data: Name of a picture set.
        model: Keywords of the family's class, without the picture's shape.
        steps: Optimizer steps.
        batch_size: Pictures of a step over all processes together.
        learning_rate: Peak of the cosine schedule.
        published: What the literature reports, with its source; empty where nothing comparable is published.
        start: A checkpoint of the same network whose weights the run begins with, in --out or a shipped one; empty for
            none.
        turned: Turn the start's code first, by independent component analysis.
        teacher: A shipped checkpoint whose active dimensions the model takes over; empty for none.
        stages: Equal parts of the run, or the share of each, with its own course of the learning rate: one for each
            greedy layer, or for what is trained after the network.
        warmup_steps: Steps of a stage over which the learning rate rises from 0 to its peak.
        optimizer: Keywords of AdamW besides the learning rate.
        max_grad_norm: Gradients are clipped to this norm; None is no clipping.
        ema_decay: Decay of the average of the weights, which is what is saved; 0 saves the last weights.
        max_shift: Each batch is moved by up to this many pixels, the same for all its pictures.
        flip: Mirror every second picture of a batch, drawn by lots.
        labelled: Tell the model the pictures' classes.
        early_stopping: Keep those weights that do best on a validation split that is not trained on.
        binarize: Draw black-or-white pictures with the grey values as probabilities, anew for every batch.
        frames: Make a sequence of this many frames of each picture, a digit that wanders; 0 makes none.
        bf16: Matrix products in bfloat16 where the processor has it.
        importance_samples: Draws for each test picture where a likelihood is measured.
        seed: Of the weights, the batches and the model's noise.
    """

    family: str
    variant: str
    purpose: str
    data: str
    model: dict[str, Any]
    steps: int
    batch_size: int
    learning_rate: float
    published: str = ""
    start: str = ""
    turned: bool = False
    teacher: str = ""
    stages: int | list[float] = 1
    warmup_steps: int = 500
    optimizer: dict[str, Any] = field(default_factory=lambda: {"weight_decay": 0.0})
    max_grad_norm: float | None = None
    ema_decay: float = 0.999
    max_shift: int = 0
    flip: bool = False
    labelled: bool = False
    early_stopping: bool = False
    binarize: bool = False
    frames: int = 0
    bf16: bool = False
    importance_samples: int = 500
    seed: int = 0

    @property
    def shares(self) -> list[float]:
        """Part of the run that each stage takes."""
        return [1 / self.stages] * self.stages if isinstance(self.stages, int) else self.stages

    @property
    def name(self) -> str:
        return f"{self.family}/{self.variant}"
