from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import sample_sheets

model = load_model(Path("checkpoints/vq_vae/cifar10-k512"))
x = torch.tensor(sample_sheets.load("cifar10").pictures[:1]) / 255  # (1, 3, 32, 32)
with torch.inference_mode():
    codes = model.encode(x)  # (1, 8, 8)
    print(codes[0])
    painted = codes.clone()
    painted[0, :4] = codes[0, 4:].flip(0)  # the lower half's codes, mirrored into the upper one
    row = [x, model.decode(codes), model.decode(painted)]
pixels = (torch.cat(row, dim=3)[0] * 255).round().byte().permute(1, 2, 0).numpy()
Image.fromarray(pixels).resize((960, 320), Image.NEAREST).save("vq_vae.png")
