"""Dropout where no element's fate is chance: torch.nn.Dropout … Dropout3d in training at p = 0, and in evaluation."""
import torch

from reference import Reference

with Reference("dropout") as reference:
    for name, kind, rate, training, shape in [
        ("nothing-dropped", "Dropout", 0, True, (3, 4)),
        ("nothing-dropped-sequence", "Dropout", 0, True, (2, 3, 5)),
        ("nothing-dropped-one-element", "Dropout", 0, True, (1, 1)),
        ("evaluation", "Dropout", 0.5, False, (2, 2, 3, 3)),
        ("evaluation-nearly-all", "Dropout", 0.9999, False, (3, 4)),
        ("nothing-dropped-channels", "Dropout2d", 0, True, (2, 3, 4, 2)),
        ("nothing-dropped-channels-sequence", "Dropout1d", 0, True, (2, 3, 5)),
        ("nothing-dropped-channels-one-element", "Dropout1d", 0, True, (1, 1, 1)),
        ("evaluation-channels", "Dropout2d", 0.5, False, (1, 3, 2, 2)),
        ("evaluation-channels-nearly-all", "Dropout3d", 0.9999, False, (2, 2, 2, 1, 3)),
    ]:
        layer = getattr(torch.nn, kind)(rate).train(training)
        reference.add(name, lambda x: layer(x), [torch.randn(shape)],
                      dict(whole_channels=kind != "Dropout", rate=rate, training=training))
