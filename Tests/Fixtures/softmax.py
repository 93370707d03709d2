"""Probabilities and their logarithms."""
import torch

from reference import Reference

with Reference("softmax") as reference:
    for kind, function in [("softmax", torch.softmax), ("log-softmax", torch.log_softmax)]:
        for name, scores in [
            ("plain", torch.randn(4, 5)),
            ("one-class", torch.randn(3, 1)),
            ("sequence", torch.randn(2, 3, 4)),
            ("vector", torch.randn(19) * 3),
            ("hopeless", torch.tensor([[-300.0, 0.0, 300.0], [5.0, 5.0, 5.0]])),
        ]:
            reference.add(f"{kind}-{name}", lambda x: function(x, dim=-1), [scores], dict(kind=kind))
