from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import sample_sheets

model = load_model(Path("checkpoints/linear/discs-8d"))
x = torch.tensor(sample_sheets.load("discs").pictures[:1]) / 255  # (1, 1, 28, 28)
with torch.inference_mode():
    x_hat = model.decode(model.encode(x))
Image.fromarray((x_hat[0, 0] * 255).round().byte().numpy()).resize((224, 224), Image.NEAREST).save("linear.png")
