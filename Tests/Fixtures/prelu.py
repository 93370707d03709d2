"""Rectified linear units with learnt slopes, and logarithms of probabilities."""
import torch

from reference import Reference

with Reference("prelu") as reference:
    for name, channels, slope, shape in [
        ("one-slope", 1, 0.25, (4, 3)),
        ("one-slope-of-images", 1, -0.5, (2, 3, 2, 2)),
        ("per-channel", 3, 0.25, (4, 3)),
        ("per-channel-of-images", 3, 0.1, (2, 3, 3, 2)),
        ("one-example", 5, 0.0, (1, 5, 2)),
        ("rank-one", 1, 2.0, (7,)),
    ]:
        reference.add(name, torch.nn.PReLU(channels, init=slope), [torch.randn(*shape)],
                      dict(per_channel=channels > 1))
