"""Activation functions: alone, and at the end of a fully connected layer."""
import torch
import torch.nn.functional as F

from reference import Reference

FUNCTIONS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky-relu": lambda x: F.leaky_relu(x, 0.01),
    "leaky-relu-negative": lambda x: torch.where(x > 0, x, -0.5 * x),
    "elu": lambda x: F.elu(x, 1.5),
    "elu-zero": lambda x: F.elu(x, 0.0),
    "elu-negative": lambda x: torch.where(x > 0, x, -0.5 * (torch.exp(x) - 1)),
    "selu": F.selu,
    "gelu": F.gelu,
    "gelu-tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "softplus": F.softplus,
    "hard-sigmoid": F.hardsigmoid,
    "hard-swish": F.hardswish,
    "mish": F.mish,
}

with Reference("activations") as reference:
    for name, function in FUNCTIONS.items():
        x = torch.cat([torch.randn(17) * 2, torch.tensor([-60.0, -12.0, -3.5, -1e-4, 1e-4, 3.5, 12.0, 60.0])])
        reference.add(name, function, [x.reshape(5, 5)], dict(activation=name, fused=False))

        class Fused(torch.nn.Linear):
            def forward(self, x): return function(super().forward(x))

        reference.add(name + "-fused", Fused(4, 3), [torch.randn(6, 4)], dict(activation=name, fused=True))
