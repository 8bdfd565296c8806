"""Principal components: the linear autoencoder every other one is measured against."""

import torch
from torch import Tensor, nn

MOST_PIXELS, MOST_PICTURES = 4096, 4000  # the eigenvectors of a larger covariance take minutes


class PCA(nn.Module):
    """Projection on the leading principal components of a training set, kept as buffers.

    Arguments:
        size: Number of pixels of a picture.
        max_dim: Number of components kept.

    References:
        | On lines and planes of closest fit to systems of points in space (Pearson, 1901)
    """

    mean: Tensor
    components: Tensor

    def __init__(self, size: int, max_dim: int):
        super().__init__()
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("components", torch.zeros(max_dim, size))  # rows, by falling variance

    @property
    def max_dim(self) -> int:
        return len(self.components)

    def fit(self, pictures: Tensor) -> None:
        """Set mean and components from uint8 pictures with shape (N, C, H, W).

        Components of large pictures are those of a few thousand of them, spread over the set.
        """
        x = pictures.flatten(1)
        if x.shape[1] > MOST_PIXELS:
            x = x[torch.linspace(0, len(x) - 1, min(len(x), MOST_PICTURES), device=x.device).long()]
        mean = x.double().mean(0)
        vectors = self.directions(x, mean)  # by falling variance
        components = torch.zeros_like(self.components, dtype=torch.float64)
        components[: len(vectors)] = vectors[: self.max_dim]
        # An eigenvector's sign is arbitrary: make the largest entry positive, so that runs agree.
        largest = components.gather(1, components.abs().argmax(1, keepdim=True))
        self.mean.copy_(mean / 255)
        self.components.copy_(components * largest.sign())

    @staticmethod
    def directions(x: Tensor, mean: Tensor) -> Tensor:
        """The eigenvectors (M, pixels) of the covariance of flat pictures (N, pixels)."""
        if x.shape[1] > MOST_PIXELS:
            return torch.linalg.svd(x.double() - mean, full_matrices=False).Vh
        # The covariance in blocks: 60,000 pictures in double precision at once would take 376 MB.
        covariance = torch.zeros(x.shape[1], x.shape[1], dtype=torch.float64, device=x.device)
        for block in x.split(10_000):
            centred = block.double() - mean
            covariance += centred.T @ centred
        return torch.linalg.eigh(covariance).eigenvectors.flip(1).T

    def encode(self, x: Tensor, dim: int) -> Tensor:
        """Coordinates of pictures (B, C, H, W) on the first dim components, with shape (B, dim)."""
        return (x.flatten(1) - self.mean) @ self.components[:dim].T

    def decode(self, z: Tensor) -> Tensor:
        """Flattened pictures (B, size) of coordinates (B, dim); pixels may leave [0, 1]."""
        return z @ self.components[: z.shape[1]] + self.mean
