"""The gradient penalty of a critic: gradients of gradients, by torch.autograd.grad with create_graph."""
import torch
import torch.nn.functional as F

from reference import Reference

FUNCTIONS = {
    "identity": lambda x: x, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": F.relu,
    "leaky-relu": lambda x: F.leaky_relu(x, 0.2), "elu": F.elu, "selu": F.selu, "gelu": F.gelu,
    "gelu-tanh": lambda x: F.gelu(x, approximate="tanh"), "silu": F.silu, "softplus": F.softplus,
    "hard-sigmoid": lambda x: torch.clamp(x + 3, 0, 6) / 6, "hard-swish": lambda x: x * torch.clamp(x + 3, 0, 6) / 6,
    "mish": F.mish,
}


class Penalty(torch.nn.Module):
    def __init__(self, inputs, outputs, function):
        super().__init__()
        self.hidden = torch.nn.Linear(inputs, 5)
        self.second = torch.nn.Linear(5, 4)
        self.score = torch.nn.Linear(4, outputs)
        self.function = function

    def forward(self, x):
        with torch.enable_grad():
            x = x if x.requires_grad else x.detach().requires_grad_()
            scores = self.score(self.function(self.second(self.function(self.hidden(x)))))
            gradient, = torch.autograd.grad(scores.sum(), x, create_graph=True)
            return ((gradient.flatten(1).norm(dim=1) - 1) ** 2).mean()


with Reference("gradient-penalty") as reference:
    for name, function in FUNCTIONS.items():
        # Linear pieces: nothing flows to the input, and PyTorch leaves its gradient out or gives zeros.
        reference.add(name, Penalty(3, 1, function), [torch.randn(4, 3)], dict(activation=name, outputs=1))
    reference.add("two-scores", Penalty(3, 2, torch.tanh), [torch.randn(4, 3)], dict(activation="tanh", outputs=2))
    reference.add("one-example", Penalty(2, 1, F.silu), [torch.randn(1, 2)], dict(activation="silu", outputs=1))
    reference.add("sequence", Penalty(2, 1, torch.tanh), [torch.randn(3, 4, 2)], dict(activation="tanh", outputs=1))
