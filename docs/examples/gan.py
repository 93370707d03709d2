"""The GAN of `neural train gan --data fashion-mnist` in PyTorch: the same networks, losses, rates and batches.

    .venv/bin/python docs/examples/gan.py 12 0 samples.npy     # epochs, seed, generated images in [0, 1]
"""
import gzip
import pathlib
import sys
import time

import numpy as np
import torch

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Tests/Fixtures"))
from gan import gan, losses

epochs, seed, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
torch.set_default_dtype(torch.float32)
torch.manual_seed(seed)
with gzip.open("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz") as file:
    pixels = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
images = torch.from_numpy(pixels.astype(np.float32) / 127.5 - 1)
LATENT, BATCH = 64, 64
generator, critic = gan(LATENT, width=32)
rules = [torch.optim.Adam(network.parameters(), lr=2e-4, betas=(0.5, 0.999)) for network in [generator, critic]]
start = time.time()
for epoch in range(epochs):
    for batch in torch.randperm(len(images)).split(BATCH)[:len(images) // BATCH]:
        ofCritic, ofGenerator = losses(generator, critic, images[batch], torch.randn(BATCH, LATENT))
        # Each network's parameters get the gradient of their own loss.
        parameters = [*generator.parameters()], [*critic.parameters()]
        gradients = (torch.autograd.grad(ofGenerator, parameters[0], retain_graph=True)
                     + torch.autograd.grad(ofCritic, parameters[1]))
        for p, g in zip(sum(parameters, []), gradients): p.grad = g
        for rule in rules: rule.step()
    print(f"epoch {epoch + 1}  loss {ofCritic + ofGenerator:.4f}  {time.time() - start:.0f} s", flush=True)
generator.eval()
with torch.no_grad():
    samples = torch.cat([generator(torch.randn(500, LATENT)) for _ in range(20)])
np.save(path, (samples.numpy() + 1) / 2)
