"""The last step of sequences: x[:, -1], and, for sequences of different lengths, the row each length names."""
import torch

from reference import Reference

with Reference("last-step") as reference:
    for name, shape, lengths in [
        ("plain", (2, 3, 4), None),
        ("batch-1", (1, 5, 2), None),
        ("length-1", (3, 1, 2), None),
        ("one-feature", (2, 7, 1), None),
        ("one-of-each", (1, 1, 1), None),
        ("lengths", (3, 4, 2), [2, 4, 1]),
    ]:
        rows = [shape[1]] * shape[0] if lengths is None else lengths
        reference.add(name, lambda x: x[torch.arange(len(rows)), torch.tensor(rows) - 1], [torch.randn(shape)],
                      dict(lengths=lengths))
