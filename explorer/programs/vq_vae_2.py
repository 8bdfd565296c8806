from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import sample_sheets

model = load_model(Path("checkpoints/vq_vae_2/emoji-64"))
x = torch.tensor(sample_sheets.load("emoji").pictures[[0, 40]]) / 255  # (2, 3, 64, 64)
with torch.inference_mode():
    top, bottom = model.encode(x)  # (2, 8, 8), (2, 16, 16)
    row = [*x, *model.decode((top, bottom)), *model.decode((top, bottom.flip(0)))]  # last: each with the other's bottom
pixels = (torch.cat(row, dim=2) * 255).round().byte().permute(1, 2, 0).numpy()
Image.fromarray(pixels).resize((1152, 192), Image.NEAREST).save("vq_vae_2.png")
