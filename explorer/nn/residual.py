"""The convolutions of VQ-VAEs: halvings, a stack of residual blocks, and their mirror image."""

from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional

from explorer.nn.transposed import TransposedConvolution


class ResidualBlock(nn.Module):
    """x + 1×1(relu(3×3(relu(x)))), with fewer channels between the two."""

    def __init__(self, channels: int, inner: int):
        super().__init__()
        self.first = nn.Conv2d(channels, inner, 3, padding=1)
        self.second = nn.Conv2d(inner, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(functional.relu(self.first(functional.relu(x))))


def stack(channels: int, inner: int, blocks: int) -> nn.Sequential:
    """Residual blocks and a last ReLU."""
    return nn.Sequential(*(ResidualBlock(channels, inner) for _ in range(blocks)), nn.ReLU())


def halving(in_channels: int, channels: int, halvings: int, inner: int, blocks: int) -> nn.Sequential:
    """Features (B, channels, H / 2^halvings, W / 2^halvings); the first of several halvings has half the channels."""
    widths = [in_channels, *[channels // 2] * (halvings > 1), *[channels] * max(1, halvings - 1)]
    layers = []
    for before, after in pairwise(widths):
        layers += [nn.Conv2d(before, after, 4, stride=2, padding=1), nn.ReLU()]
    return nn.Sequential(*layers, nn.Conv2d(channels, channels, 3, padding=1), stack(channels, inner, blocks))


def doubling(
    in_channels: int, channels: int, out_channels: int, doublings: int, inner: int, blocks: int
) -> nn.Sequential:
    """The mirror image: (B, out_channels, 2^doublings h, 2^doublings w) of (B, in_channels, h, w)."""
    widths = [*[channels] * max(1, doublings - 1), *[channels // 2] * (doublings > 1), out_channels]
    layers = [nn.Conv2d(in_channels, channels, 3, padding=1), stack(channels, inner, blocks)]
    for before, after in pairwise(widths):
        layers += [TransposedConvolution(before, after), nn.ReLU()]
    return nn.Sequential(*layers[:-1])
