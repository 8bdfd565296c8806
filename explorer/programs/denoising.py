from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import sample_sheets
from explorer.models.denoising import corrupt

x = torch.tensor(sample_sheets.load("mnist").pictures[:1]) / 255  # (1, 1, 28, 28)
x_tilde = corrupt(x, "masking", 0.5, torch.Generator().manual_seed(1))
row = [x, x_tilde]
for name in ("mnist-none", "mnist-mask50", "mnist-any"):
    model = load_model(Path("checkpoints/denoising") / name)
    with torch.inference_mode():
        row.append(model.decode(model.encode(x_tilde)))
    print(name, "squared error", (row[-1] - x).square().sum().item())
pixels = (torch.cat(row, dim=3)[0, 0] * 255).round().byte().numpy()
Image.fromarray(pixels).resize((28 * 5 * 8, 28 * 8), Image.NEAREST).save("denoising.png")
