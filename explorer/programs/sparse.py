from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import sample_sheets

model = load_model(Path("checkpoints/sparse/mnist-rho10"))
x = torch.tensor(sample_sheets.load("mnist").pictures[:1]) / 255  # (1, 1, 28, 28)
with torch.inference_mode():
    z = model.encode(x)  # (1, 200), each in (0, 1)
    unit = z.argmax()
    without = z.clone()
    without[0, unit] = 0
    x_hat, x_without = model.decode(z), model.decode(without)
print((z > 0.5).sum().item(), "units above .5, mean activation", z.mean().item(), ", removed: unit", unit.item())
row = torch.cat([x, x_hat, x_without, 0.5 + (x_without - x_hat) / 2], dim=3)[0, 0]
Image.fromarray((row * 255).round().byte().numpy()).resize((896, 224), Image.NEAREST).save("sparse.png")
