"""Optimizers: the parameters of a small network after a hundred steps on the same batch."""
import torch

from reference import Reference


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, program 1; PyTorch has none."""

    def __init__(self, parameters, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(parameters, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            (first, second), rate = group["betas"], group["lr"]
            for p in group["params"]:
                mean = self.state[p].setdefault("mean", torch.zeros_like(p))
                step = (first * mean + (1 - first) * p.grad).sign() + group["weight_decay"] * p
                p -= rate * step
                mean.mul_(second).add_(p.grad, alpha=1 - second)


O = torch.optim
with Reference("optimizers") as reference:
    for name, make, settings in [
        ("sgd", O.SGD, dict(lr=0.1)),
        ("sgd-decay", O.SGD, dict(lr=0.1, weight_decay=0.05)),
        ("sgd-momentum", O.SGD, dict(lr=0.03, momentum=0.9)),
        ("sgd-nesterov", O.SGD, dict(lr=0.03, momentum=0.8, nesterov=True, weight_decay=0.01)),
        ("adam", O.Adam, dict(lr=0.01)),
        ("adam-other-decays", O.Adam, dict(lr=0.003, betas=(0.8, 0.95), eps=1e-4)),
        ("adam-decay", O.Adam, dict(lr=0.01, weight_decay=0.1)),
        ("amsgrad", O.Adam, dict(lr=0.02, betas=(0.9, 0.9), amsgrad=True)),
        ("adamw", O.AdamW, dict(lr=0.01, weight_decay=0.1)),
        ("adamw-amsgrad", O.AdamW, dict(lr=0.02, betas=(0.8, 0.9), weight_decay=0.01, amsgrad=True)),
        ("rmsprop", O.RMSprop, dict(lr=0.003)),
        ("rmsprop-momentum", O.RMSprop, dict(lr=0.001, alpha=0.9, momentum=0.9, weight_decay=0.01)),
        ("rmsprop-centered", O.RMSprop, dict(lr=0.003, alpha=0.95, eps=1e-3, centered=True)),
        ("rmsprop-centered-momentum", O.RMSprop, dict(lr=0.001, eps=1e-3, centered=True, momentum=0.5)),
        ("adagrad", O.Adagrad, dict(lr=0.05)),
        ("adagrad-decays", O.Adagrad, dict(lr=0.1, lr_decay=0.05, weight_decay=0.01, initial_accumulator_value=0.1)),
        ("adadelta", O.Adadelta, dict(lr=1.0)),
        ("adadelta-decays", O.Adadelta, dict(lr=0.5, rho=0.95, eps=1e-4, weight_decay=0.01)),
        ("lion", Lion, dict(lr=0.002)),
        ("lion-decay", Lion, dict(lr=0.001, betas=(0.8, 0.95), weight_decay=0.5)),
    ]:
        network = torch.nn.Sequential(torch.nn.Linear(4, 6), torch.nn.Tanh(), torch.nn.Linear(6, 3))
        reference.add(name, network, [torch.randn(8, 4)], dict(rule=make.__name__) | settings,
                      optimizer=lambda p: make(p, **settings), optimizer_steps=100)
