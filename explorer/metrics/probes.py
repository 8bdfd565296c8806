"""What a simple classifier reads out of codes."""

import numpy as np
import torch


def knn_accuracy(codes: np.ndarray, labels: np.ndarray, neighbours: int = 5) -> float:
    """Share of pictures whose nearest other codes vote for their label.

    Arguments:
        codes: With shape (N, D).
        labels: Class indices with shape (N,).
        neighbours: Votes counted, the picture itself left out. Ties go to the smaller label.

    Returns:
        Accuracy in [0, 1].
    """
    points, classes = torch.from_numpy(codes).double(), torch.tensor(labels)
    correct = 0
    for start in range(0, len(points), 1000):
        distances = torch.cdist(points[start : start + 1000], points)
        rows = torch.arange(len(distances))
        distances[rows, start + rows] = torch.inf
        votes = classes[distances.topk(neighbours, largest=False).indices]  # (B, neighbours)
        counts = torch.nn.functional.one_hot(votes, int(classes.max()) + 1).sum(1)
        correct += (counts.argmax(1) == classes[start : start + 1000]).sum().item()
    return correct / len(points)
