"""A KL that is held at a capacity by the weight it has, in place of γ |KL − C|, which disturbs what was learnt.

References:
    ControlVAE: Controllable Variational Autoencoder (Shao et al., 2020)
"""

import math
from typing import TYPE_CHECKING, Any, cast

from torch import Generator, Tensor

if TYPE_CHECKING:
    from explorer.models.beta_vae import BetaVAE

CLIMB = 0.67  # share of the run over which the capacity rises from the KL of the first batch
AVERAGE, SPEED = 0.95, 4e-3  # of the controlled weight: the KL it sees, and how fast it follows
LIGHTEST, HEAVIEST = 1.0, 20.0


class Course:
    """A training's weight of the KL, with what it has seen of the KL so far.

    Arguments:
        weight: At the start.
    """

    KEPT: tuple[str, ...] = ("weight", "seen_kl", "first_kl")  # what a resumed run goes on with

    def __init__(self, weight: float):
        self.weight, self.seen_kl, self.first_kl = weight, 0.0, 0.0

    def state_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.KEPT}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        vars(self).update(state)

    def see(self, kl: float) -> float:
        """The average of what was seen of the KL, with that of one batch more."""
        self.seen_kl = AVERAGE * self.seen_kl + (1 - AVERAGE) * kl
        return self.seen_kl

    def follow(self, kl: float, share: float, capacity: float) -> float:
        """The weight after a batch with this KL, where the target has gone a share of its way from the first KL to the
        capacity: it rises while the KL is above its target and falls below."""
        target = self.first_kl + min(1.0, share) * (capacity - self.first_kl)
        self.weight = followed(self.weight, self.see(kl), target)
        return self.weight


class Held(Course):
    """The course of a training that begins under pressure and lets the KL rise to the model's capacity."""

    def loss(self, model: "BetaVAE", x: Tensor, generator: Generator | None) -> dict[str, Tensor]:
        """Terms of the objective at model.progress."""
        reconstruction, kl = model.bound(x, generator)
        weight = kl.new_tensor(self.kl_weight(model, float(kl.detach())))
        return {"loss": reconstruction + weight * kl, "reconstruction": reconstruction, "kl": kl, "kl_weight": weight}

    def kl_weight(self, model: "BetaVAE", kl: float) -> float:
        """What the KL weighs now, of which a batch has given this one."""
        if not self.first_kl:
            self.seen_kl = self.first_kl = kl
        return self.follow(kl, model.progress / CLIMB, cast(float, model.capacity))


def followed(weight: float, seen_kl: float, target: float) -> float:
    """The next weight: heavier while the KL is above its target, lighter while below, by a quarter of SPEED at most."""
    step = SPEED * max(-0.25, min(0.25, (seen_kl - target) / target))
    return max(LIGHTEST, min(HEAVIEST, weight * math.exp(step)))
