"""Attention: torch.nn.functional.scaled_dot_product_attention as an operation and torch.nn.MultiheadAttention as a layer.

A query that sees no key gets zeros from PyTorch, and so do the gradients: in the function, and in the layer but for its
fast path of evaluation, which gives NaN and is therefore turned off."""
import torch
from torch.nn.functional import scaled_dot_product_attention

from reference import Reference

HIDDEN = float("-inf")
torch.backends.mha.set_fastpath_enabled(False)

with Reference("scaled-dot-product-attention") as reference:
    for name, batch, heads, queries, keys, width, value_width, settings in [
        ("plain", 2, 2, 3, 5, 4, 4, {}),
        ("causal", 1, 2, 5, 5, 3, 3, dict(is_causal=True)),
        ("one-of-each", 1, 1, 1, 1, 3, 2, {}),
        ("one-query", 2, 1, 1, 4, 2, 3, {}),
        ("scale", 1, 3, 4, 2, 1, 5, dict(scale=1.5)),
        ("lengths", 3, 1, 2, 4, 3, 2, dict(lengths=[4, 1, 2])),
        ("additive", 2, 2, 2, 3, 4, 1, dict(additive=[0.5, None, -1.25, 2.0, 0.0, None])),
        ("causal-and-lengths", 2, 1, 4, 4, 2, 2, dict(is_causal=True, lengths=[4, 2])),
        ("all-masked-row", 2, 2, 2, 3, 4, 2, dict(additive=[None, None, None, 0.5, 0.0, -1.0])),
        ("all-masked-example", 2, 2, 3, 4, 3, 3, dict(lengths=[0, 3])),
    ]:
        mask = torch.zeros(batch, 1, queries, keys)
        if "lengths" in settings:
            for example, length in enumerate(settings["lengths"]): mask[example, :, :, length:] = HIDDEN
        if "additive" in settings:
            mask += torch.tensor([HIDDEN if x is None else x for x in settings["additive"]]).reshape(queries, keys)
        if "is_causal" in settings: mask += torch.full((queries, keys), HIDDEN).triu(1)
        function = lambda q, k, v: scaled_dot_product_attention(q, k, v, attn_mask=mask, scale=settings.get("scale"))
        shapes = [(batch, heads, queries, width), (batch, heads, keys, width), (batch, heads, keys, value_width)]
        reference.add(name, function, [torch.randn(shape) for shape in shapes], settings)

with Reference("multi-head-attention") as reference:
    for name, kind, batch, queries, keys, dimension, heads, settings in [
        ("self", "self", 2, 3, 3, 4, 2, {}),
        ("self-causal", "self", 2, 4, 4, 4, 1, dict(is_causal=True)),
        ("self-without-bias", "self", 2, 3, 3, 4, 4, dict(bias=False)),
        ("self-padding", "self", 3, 3, 3, 4, 2, dict(lengths=[3, 1, 2])),
        ("one-example-of-length-one", "self", 1, 1, 1, 6, 3, {}),
        ("cross", "cross", 2, 3, 5, 6, 3, {}),
        ("cross-padding", "cross", 2, 1, 4, 4, 2, dict(lengths=[2, 4])),
        ("three-inputs", "three", 1, 2, 3, 4, 2, {}),
        ("self-all-masked-example", "self", 2, 3, 3, 4, 2, dict(lengths=[0, 2])),
    ]:
        lengths = settings.get("lengths")
        padding = None if lengths is None else torch.arange(keys)[None, :] >= torch.tensor(lengths)[:, None]
        future = torch.ones(queries, keys, dtype=torch.bool).triu(1) if settings.get("is_causal") else None

        class Attention(torch.nn.MultiheadAttention):
            def forward(self, query, key=None, value=None):
                key = query if key is None else key
                value = key if value is None else value
                return super().forward(query, key, value, key_padding_mask=padding, attn_mask=future,
                                       need_weights=False)[0]

        layer = Attention(dimension, heads, bias=settings.get("bias", True), batch_first=True)
        for path, parameter in layer.named_parameters():
            if path.endswith("bias"): torch.nn.init.normal_(parameter)
        shapes = [(batch, queries, dimension)] + [(batch, keys, dimension)] * dict(self=0, cross=1, three=2)[kind]
        reference.add(name, layer, [torch.randn(shape) for shape in shapes], dict(heads=heads) | settings)
