"""Embeddings: torch.nn.Embedding, with and without a padding index."""
import torch

from reference import Reference

with Reference("embedding") as reference:
    for name, vocabulary, dimension, padding, indices in [
        ("plain", 7, 3, None, [[0, 6, 2], [3, 1, 5]]),
        ("repeated", 5, 4, None, [[1, 1, 3], [3, 1, 1]]),
        ("padding", 6, 2, 0, [[4, 5, 0], [1, 0, 0]]),
        ("padding-in-between", 6, 3, 2, [[2, 5, 2, 5], [1, 2, 0, 2]]),
        ("only-padding", 4, 3, 1, [[1, 1]]),
        ("one-index", 3, 5, None, [2]),
        ("one-dimension", 9, 1, 8, [[[8, 3], [3, 0]]]),
    ]:
        layer = torch.nn.Embedding(vocabulary, dimension, padding_idx=padding)
        reference.add(name, layer, [torch.tensor(indices)],
                      dict(vocabulary=vocabulary, dimension=dimension, padding=padding))
