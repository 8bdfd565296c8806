from pathlib import Path

import numpy as np
import torch
from PIL import Image

from explorer.checkpoint import load_model, read_config
from explorer.data import dsprites

folder = Path("checkpoints/beta_vae/dsprites-beta4")
model, kl = load_model(folder), read_config(folder)["profile"]["kl_per_dimension"]
number = dsprites.FACTORS.to_indices(np.array([[2, 4, 0, 16, 16]]))  # a heart: shape, scale, orientation, x, y
x = torch.tensor(dsprites.render(number)).float()  # (1, 1, 64, 64)
rows = []
with torch.inference_mode():
    z = model.encode(x)
    for dimension in np.argsort(kl)[::-1][:6].tolist():
        points = z.repeat(9, 1)
        points[:, dimension] = torch.linspace(-3, 3, 9)
        rows.append(torch.cat([*model.decode(points)[:, 0]], dim=1))
Image.fromarray((torch.cat(rows) * 255).round().byte().numpy()).save("beta_vae.png")
