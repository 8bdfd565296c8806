"""What the TD-VAE's tab asks: beliefs, jumps and roll-outs in both worlds, beside what is true."""

from explorer.answers.common import Handlers
from explorer.answers.td_vae_digits import blind, frames, futures, judge, python, ways
from explorer.answers.td_vae_oscillator import fan, oscillation

HANDLERS: Handlers = {
    "python": python,
    "frames": frames,
    "futures": futures,
    "judge": judge,
    "ways": ways,
    "blind": blind,
    "oscillation": oscillation,
    "fan": fan,
}
