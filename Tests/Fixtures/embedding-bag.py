"""Bags of words: torch.nn.EmbeddingBag, the mean and the sum, with and without a padding index."""
import torch

from reference import Reference

with Reference("embedding-bag") as reference:
    for name, vocabulary, dimension, reduction, padding, indices in [
        ("mean", 7, 3, "mean", None, [[0, 6, 2], [3, 1, 5]]),
        ("sum", 7, 3, "sum", None, [[0, 6, 2], [3, 1, 5]]),
        ("repeated", 5, 4, "mean", None, [[1, 1, 3], [3, 1, 1]]),
        ("padding", 6, 2, "mean", 0, [[4, 5, 0], [1, 0, 0]]),
        ("padding-summed", 6, 3, "sum", 2, [[2, 5, 2, 5], [1, 2, 0, 2]]),
        ("only-padding", 4, 3, "mean", 1, [[1, 1], [0, 1]]),
        ("one-word", 3, 5, "mean", None, [[2], [0]]),
    ]:
        layer = torch.nn.EmbeddingBag(vocabulary, dimension, mode=reduction, padding_idx=padding)
        reference.add(name, layer, [torch.tensor(indices)],
                      dict(vocabulary=vocabulary, dimension=dimension, reduction=reduction, padding=padding))
