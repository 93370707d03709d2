"""Places added to sequences: torch.nn.Embedding of their numbers, and the sinusoids of "Attention is all you need", section 3.5."""
import torch

from reference import Reference


class Learned(torch.nn.Embedding):
    def forward(self, x, start=0): return x + super().forward(torch.arange(start, start + x.shape[-2]))


def sinusoidal(start):
    """PE(t, 2i) = sin(t / 10000^(2i/d)), PE(t, 2i + 1) = cos of the same."""
    def function(x):
        length, dimension = x.shape[-2:]
        t, column = torch.arange(start, start + length)[:, None], torch.arange(dimension)
        angle = t / 10000 ** ((column - column % 2) / dimension)
        return x + torch.where(column % 2 == 0, angle.sin(), angle.cos())
    return function


with Reference("learned-positions") as reference:
    for name, shape, longest, start in [
        ("shorter", (2, 3, 4), 5, 0),
        ("longest", (2, 4, 3), 4, 0),
        ("batch-1", (1, 3, 2), 6, 0),
        ("length-1", (3, 1, 4), 3, 0),
        ("one-feature", (2, 3, 1), 4, 0),
        ("continuation", (2, 2, 3), 5, 3),
        ("two-batch-axes", (2, 2, 3, 2), 4, 0),
    ]:
        class Continued(Learned):
            def forward(self, x): return super().forward(x, start)

        reference.add(name, Continued(longest, shape[-1]), [torch.randn(shape)], dict(longest=longest, start=start))

with Reference("sinusoidal-positions") as reference:
    for name, shape, start in [
        ("even", (2, 5, 4), 0),
        ("odd", (2, 3, 5), 0),
        ("batch-1", (1, 7, 6), 0),
        ("length-1", (3, 1, 4), 0),
        ("one-feature", (2, 4, 1), 0),
        ("continuation", (2, 3, 4), 1000),
        ("two-batch-axes", (2, 2, 3, 2), 0),
    ]:
        reference.add(name, sinusoidal(start), [torch.randn(shape)], dict(start=start))
