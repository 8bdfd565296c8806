from pathlib import Path

import torch
from PIL import Image

from explorer.checkpoint import load_model
from explorer.data import sample_sheets
from explorer.nn.objectives import bernoulli_nll, gaussian_kl

model = load_model(Path("checkpoints/vae/mnist-50d"))
x = torch.tensor(sample_sheets.load("mnist").pictures[:1]) / 255  # (1, 1, 28, 28)
generator = torch.Generator().manual_seed(1)
with torch.inference_mode():
    posterior = model.posterior(x)
    z = model.sample_posterior(posterior, generator)  # mu + sigma * epsilon
    x_hat = model.decode(z)
    print("reconstruction", bernoulli_nll(model.logits(z), x).item(), "nats, KL", gaussian_kl(*posterior).sum().item())
    samples = model.sample(8, generator)
row = torch.cat([x, x_hat, *samples.split(1)], dim=3)[0, 0]
Image.fromarray((row * 255).round().byte().numpy()).save("vae.png")
