"""Optimizers: the parameters of a small network after a hundred steps on the same batch."""
import torch

from reference import Reference

with Reference("optimizers") as reference:
    for name, make, settings in [
        ("adam", lambda p: torch.optim.Adam(p, lr=0.01), dict(learning_rate=0.01)),
        ("adam-other-decays", lambda p: torch.optim.Adam(p, lr=0.003, betas=(0.8, 0.95), eps=1e-4),
         dict(learning_rate=0.003, mean_decay=0.8, square_decay=0.95, epsilon=1e-4)),
    ]:
        network = torch.nn.Sequential(torch.nn.Linear(4, 6), torch.nn.Tanh(), torch.nn.Linear(6, 3))
        reference.add(name, network, [torch.randn(8, 4)], settings, optimizer=make, optimizer_steps=100)
