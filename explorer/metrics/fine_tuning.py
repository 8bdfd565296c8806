"""The error a classifier reaches that starts from a model's encoder and may change it."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from explorer.data.picture_set import PictureSet
from explorer.metrics.reconstruction import BLOCK, pixels
from explorer.metrics.watched import watched

AVERAGE_EVERY = 10  # steps


class FineTuning(NamedTuple):
    """How a classifier is trained from a pretrained encoder."""

    epochs: int = 25
    batch_size: int = 200
    learning_rate: float = 4e-3
    input_dropout: float = 0.2
    dropout: float = 0.3
    ema_decay: float = 0.95  # of the average of the weights, which is what is measured
    seed: int = 0


def classifier(layers: Sequence[tuple[Tensor, Tensor]], classes: int, how: FineTuning) -> nn.Sequential:
    """Sigmoid layers that start from copies of these (weight, bias), and a softmax that starts at 0."""
    parts: list[nn.Module] = [nn.Flatten(), nn.Dropout(how.input_dropout)]
    for weight, bias in layers:
        linear = nn.Linear(weight.shape[1], weight.shape[0])
        linear.load_state_dict({"weight": weight, "bias": bias})
        parts += [linear, nn.Sigmoid(), nn.Dropout(how.dropout)]
    top = nn.Linear(len(layers[-1][1]), classes)
    nn.init.zeros_(top.weight)
    nn.init.zeros_(top.bias)
    return nn.Sequential(*parts, top)


def fine_tuned_error(
    layers: Sequence[tuple[Tensor, Tensor]], train: PictureSet, test: PictureSet, how: FineTuning
) -> float:
    """Test error in percent of a classifier trained on all labels for a number of epochs fixed beforehand."""
    return 100 * error_rate(fine_tuned(layers, train, how), pixels(test), torch.tensor(test.labels))


@torch.inference_mode(False)
def fine_tuned(layers: Sequence[tuple[Tensor, Tensor]], train: PictureSet, how: FineTuning) -> nn.Module:
    """The classifier itself: its averaged weights."""
    x, labels = pixels(train), torch.tensor(train.labels)
    generator = Generator().manual_seed(how.seed)
    with torch.random.fork_rng():
        torch.manual_seed(how.seed)  # dropout draws from the global generator
        network = classifier([(weight.clone(), bias.clone()) for weight, bias in layers], len(train.class_names), how)
        average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(how.ema_decay))
        optimizer = torch.optim.Adam(network.parameters(), lr=how.learning_rate, fused=True)
        steps = how.epochs * max(1, len(x) // how.batch_size)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
        for step in watched(range(steps), "fine-tuning"):
            batch = torch.randint(len(x), (how.batch_size,), generator=generator)
            optimizer.zero_grad()
            functional.cross_entropy(network(x[batch]), labels[batch]).backward()
            optimizer.step()
            schedule.step()
            if step % AVERAGE_EVERY == 0:
                average.update_parameters(network)
    return average.module


@torch.no_grad()
def error_rate(network: nn.Module, x: Tensor, labels: Tensor) -> float:
    """Share of pictures put into the wrong class."""
    network.eval()
    predictions = torch.cat([network(block).argmax(1) for block in x.split(BLOCK)])
    return (predictions != labels).float().mean().item()
