from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import sample_sheets
from explorer.nn.jacobian import jacobian

x = torch.tensor(sample_sheets.load("mnist").pictures[:1]) / 255  # (1, 1, 28, 28)
tiles = [x[0, 0]]
for variant in ("mnist-lambda0", "mnist-lambda03"):
    model = load_model(Path("checkpoints/contractive") / variant)
    with torch.inference_mode():
        z = model.encode(x)  # (1, 1000)
        J = jacobian(z, model.filters)[0]  # (1000, 784)
        print(variant, " |J|^2 =", J.square().mean().item(), " singular values:", torch.linalg.svdvals(J)[:4].tolist())
        sensitivity = J.norm(dim=0).view(28, 28)
        tiles += [sensitivity / sensitivity.max(), model.decode(z)[0, 0]]
row = torch.cat(tiles, dim=1)
Image.fromarray((row * 255).round().byte().numpy()).resize((1120, 224), Image.NEAREST).save("contractive.png")
