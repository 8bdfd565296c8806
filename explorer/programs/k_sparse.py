from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import sample_sheets

model = load_model(Path("checkpoints/k_sparse/mnist-k25"))
x = torch.tensor(sample_sheets.load("mnist").pictures[:1]) / 255  # (1, 1, 28, 28)
row = [x]
with torch.inference_mode():
    for k in (1, 5, 25, 75):
        x_hat = model.decode(model.encode_with(x, k))
        print("k =", k, " squared error =", (x - x_hat).square().sum().item())
        row.append(x_hat)
pixels = (torch.cat(row, dim=3)[0, 0] * 255).round().byte().numpy()
Image.fromarray(pixels).resize((1120, 224), Image.NEAREST).save("k_sparse.png")
