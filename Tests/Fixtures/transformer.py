"""Transformer blocks: torch.nn.TransformerEncoderLayer and torch.nn.TransformerDecoderLayer, without dropout."""
import torch

from reference import Reference


def randomized(layer):
    """The layer with all that begins at zero or one made random."""
    for path, parameter in layer.named_parameters():
        if "norm" in path or path.endswith("bias"): torch.nn.init.normal_(parameter, mean=0.5, std=0.5)
    return layer


def future(length):
    return torch.ones(length, length, dtype=torch.bool).triu(1)


with Reference("transformer-encoder-layer") as reference:
    for name, batch, length, dimension, heads, hidden, activation, first, causal, lengths in [
        ("post-norm", 2, 3, 4, 2, 6, "relu", False, False, None),
        ("pre-norm", 2, 3, 4, 2, 6, "relu", True, False, None),
        ("gelu", 1, 4, 6, 3, 5, "gelu", True, False, None),
        ("causal", 2, 4, 4, 1, 8, "gelu", True, True, None),
        ("padding", 3, 3, 4, 2, 3, "relu", False, False, [1, 3, 2]),
        ("one-of-length-one", 1, 1, 4, 4, 2, "relu", False, False, None),
    ]:
        padding = None if lengths is None else torch.arange(length)[None, :] >= torch.tensor(lengths)[:, None]

        class Layer(torch.nn.TransformerEncoderLayer):
            def forward(self, x):
                return super().forward(x, src_mask=future(length) if causal else None, src_key_padding_mask=padding)

        layer = randomized(Layer(dimension, heads, hidden, 0.0, activation, batch_first=True, norm_first=first))
        settings = dict(heads=heads, hidden=hidden, activation=activation, norm_first=first, is_causal=causal)
        if lengths: settings["lengths"] = lengths
        reference.add(name, layer, [torch.randn(batch, length, dimension)], settings)

with Reference("transformer-decoder-layer") as reference:
    for name, batch, length, memory, dimension, heads, hidden, activation, first, lengths in [
        ("post-norm", 2, 3, 4, 4, 2, 6, "relu", False, None),
        ("pre-norm", 2, 3, 2, 4, 2, 6, "relu", True, None),
        ("gelu", 1, 4, 3, 6, 3, 5, "gelu", True, None),
        ("memory-padding", 3, 2, 3, 4, 1, 3, "gelu", False, [3, 1, 2]),
        ("one-of-length-one", 1, 1, 1, 4, 4, 2, "relu", True, None),
    ]:
        padding = None if lengths is None else torch.arange(memory)[None, :] >= torch.tensor(lengths)[:, None]

        class Layer(torch.nn.TransformerDecoderLayer):
            def forward(self, x, encoded):
                return super().forward(x, encoded, tgt_mask=future(length), memory_key_padding_mask=padding)

        layer = randomized(Layer(dimension, heads, hidden, 0.0, activation, batch_first=True, norm_first=first))
        settings = dict(heads=heads, hidden=hidden, activation=activation, norm_first=first)
        if lengths: settings["lengths"] = lengths
        reference.add(name, layer, [torch.randn(batch, length, dimension), torch.randn(batch, memory, dimension)],
                      settings)
