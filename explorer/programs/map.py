from pathlib import Path

import numpy as np
from PIL import Image

from explorer.checkpoint import load_map
from explorer.data import atlas

kept = load_map(Path("checkpoints/autoencoder/mnist-30d"))
plane, tiles = kept["umap"], atlas.load("mnist")[:, 0]  # (10000, 2) and (10000, 28, 28)
low, high = plane.min(0), plane.max(0)
sheet = np.zeros((1028, 1028), np.uint8)
for (x, y), tile in zip((plane - low) / (high - low), tiles, strict=True):
    row, column = int(1000 * (1 - y)), int(1000 * x)
    np.maximum(sheet[row : row + 28, column : column + 28], tile, out=sheet[row : row + 28, column : column + 28])
Image.fromarray(sheet).save("map.png")
