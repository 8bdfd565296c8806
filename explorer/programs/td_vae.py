from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import moving_digits, sample_sheets

model = load_model(Path("checkpoints/td_vae/moving-mnist"))
digit = torch.tensor(sample_sheets.load("mnist").pictures[:1]) / 255
frames = moving_digits.move(digit, torch.tensor([0]), torch.tensor([1]), 40)  # (1, 40, 1, 28, 28)
generator = torch.Generator().manual_seed(1)


def noise():
    return torch.randn(4, model.latent_dim, generator=generator)


with torch.inference_mode():
    belief = model.encode(frames[:, :10])[:, -1]  # after ten frames
    z = model.belief.draw(belief.expand(4, -1), noise())  # four guesses at what is now
    columns = [torch.cat([frames[0, 9:10], model.decode(z)])]
    for jump in range(1, 6):
        z = model.jump(z, torch.full((4,), 4), noise())  # four frames later, in one step
        columns.append(torch.cat([frames[0, 9 + 4 * jump, None], model.decode(z)]))
rows = torch.stack(columns, 1)  # (5, 6, 1, 28, 28): the truth, then four futures
sheet = rows[:, :, 0].permute(0, 2, 1, 3).reshape(5 * 28, 6 * 28)
Image.fromarray((sheet * 255).round().byte().numpy()).resize((504, 420), Image.NEAREST).save("td_vae.png")
