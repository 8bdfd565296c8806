from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import sample_sheets

model = load_model(Path("checkpoints/autoencoder/mnist-2d"))
x = torch.tensor(sample_sheets.load("mnist").pictures[:1]) / 255  # (1, 1, 28, 28)
with torch.inference_mode():
    z = model.encode(x)  # (1, 2)
    x_hat = model.decode(z)
    x_pca = model.pca_reconstruction(x, dim=2).clamp(0, 1)
row = torch.cat([x, x_hat, x_pca], dim=3)[0, 0]
Image.fromarray((row * 255).round().byte().numpy()).resize((672, 224), Image.NEAREST).save("autoencoder.png")
print("z =", z[0].tolist(), " squared error =", (x - x_hat).square().sum().item())
