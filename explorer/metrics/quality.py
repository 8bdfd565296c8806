"""How like two pictures are: peak signal-to-noise ratio and structural similarity."""

from functools import cache

import numpy as np

WINDOW = 11  # pixels
WINDOW_DEVIATION = 1.5
LUMINANCE, CONTRAST = 0.01**2, 0.03**2  # keep the ratios finite where a window is flat


def psnr(x_hat: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Peak signal-to-noise ratio of pictures in [0, 1].

    Arguments:
        x_hat: With shape (B, C, H, W).
        x: Broadcastable to the same shape.

    Returns:
        dB with shape (B,); infinite where the pictures are the same.
    """
    with np.errstate(divide="ignore"):
        return -10 * np.log10(np.square(x_hat - x).mean((1, 2, 3)))


def ssim(x_hat: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Structural similarity of pictures in [0, 1] under a Gaussian window, over the places where it fits.

    Arguments:
        x_hat: With shape (B, C, H, W); a side below WINDOW is one window.
        x: Broadcastable to the same shape.

    Returns:
        From -1 to 1, with shape (B,).

    References:
        | Image Quality Assessment: From Error Visibility to Structural Similarity (Wang et al., 2004)
    """
    rows, columns = (sliding_window(side) for side in x_hat.shape[-2:])

    def local_mean(picture: np.ndarray) -> np.ndarray:
        return rows @ picture @ columns.T

    mean, mean_hat = local_mean(x), local_mean(x_hat)
    variance = local_mean(np.square(x)) - np.square(mean)
    variance_hat = local_mean(np.square(x_hat)) - np.square(mean_hat)
    covariance = local_mean(x * x_hat) - mean * mean_hat
    similarity = (2 * mean * mean_hat + LUMINANCE) * (2 * covariance + CONTRAST)
    similarity /= (np.square(mean) + np.square(mean_hat) + LUMINANCE) * (variance + variance_hat + CONTRAST)
    return similarity.mean((1, 2, 3))


@cache
def sliding_window(side: int) -> np.ndarray:
    """Matrix (side - WINDOW + 1, side) that takes Gaussian means over every place of the window along one side."""
    window = min(WINDOW, side)
    weights = np.exp(-0.5 * np.square((np.arange(window) - (window - 1) / 2) / WINDOW_DEVIATION)).astype(np.float32)
    weights /= weights.sum()
    matrix = np.zeros((side - window + 1, side), np.float32)
    for place, row in enumerate(matrix):
        row[place : place + window] = weights
    return matrix
