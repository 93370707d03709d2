"""Pooling: torch.nn.MaxPool1d … AdaptiveAvgPool2d."""
import torch

from reference import Reference

with Reference("pooling") as reference:
    for name, input, settings in [
        ("max", (2, 2, 4, 6), dict(kind="max", kernel=[2, 3])),
        ("max-overlap", (2, 2, 5, 7), dict(kind="max", kernel=[3, 3], stride=[2, 2], padding=[1, 1])),
        ("max-dilation", (1, 2, 7, 6), dict(kind="max", kernel=[3, 2], stride=[1, 2], dilation=[2, 3])),
        ("max-uneven", (1, 1, 5, 5), dict(kind="max", kernel=[2, 2])),
        ("max-sequence", (2, 3, 7), dict(kind="max", kernel=[3], stride=[2], padding=[1])),
        ("max-one-pixel", (1, 2, 1, 1), dict(kind="max", kernel=[1, 1])),
        ("average", (2, 2, 4, 6), dict(kind="average", kernel=[2, 3])),
        ("average-padding", (2, 2, 5, 7), dict(kind="average", kernel=[3, 2], stride=[2, 3], padding=[1, 1])),
        ("average-padding-apart", (2, 2, 5, 7),
         dict(kind="average", kernel=[3, 2], stride=[2, 3], padding=[1, 1], counts_padding=False)),
        ("average-overlap", (1, 1, 5, 5), dict(kind="average", kernel=[3, 3], stride=[1, 1])),
        ("average-sequence", (2, 3, 7), dict(kind="average", kernel=[4], stride=[3], padding=[2])),
        ("adaptive", (2, 2, 5, 7), dict(kind="adaptive", size=[3, 4])),
        ("adaptive-larger", (1, 2, 3, 2), dict(kind="adaptive", size=[5, 4])),
        ("adaptive-one", (2, 2, 4, 3), dict(kind="adaptive", size=[1, 1])),
        ("global-average", (2, 3, 4, 5), dict(kind="global-average")),
        ("global-average-sequence", (2, 3, 5), dict(kind="global-average")),
        ("global-max", (2, 3, 4, 5), dict(kind="global-max")),
        ("max-sequence-plain", (2, 2, 6), dict(kind="max", kernel=[2])),
        ("max-sequence-uneven", (1, 3, 8), dict(kind="max", kernel=[3])),
        ("max-sequence-dilation", (2, 2, 9), dict(kind="max", kernel=[3], stride=[2], dilation=[3])),
        ("max-sequence-overlap", (1, 1, 7), dict(kind="max", kernel=[4], stride=[1], padding=[2])),
        ("max-sequence-length-1", (3, 2, 1), dict(kind="max", kernel=[1])),
        ("average-one-pixel", (1, 2, 1, 1), dict(kind="average", kernel=[1, 1])),
        ("average-uneven", (1, 2, 5, 7), dict(kind="average", kernel=[2, 3])),
        ("average-sequence-plain", (2, 2, 6), dict(kind="average", kernel=[2])),
        ("average-sequence-uneven", (1, 3, 8), dict(kind="average", kernel=[3])),
        ("average-sequence-padding-apart", (2, 2, 7),
         dict(kind="average", kernel=[3], stride=[2], padding=[1], counts_padding=False)),
        ("average-sequence-overlap", (1, 1, 7), dict(kind="average", kernel=[4], stride=[1])),
        ("average-sequence-length-1", (3, 2, 1), dict(kind="average", kernel=[3], padding=[1])),
        ("adaptive-smaller", (1, 3, 7, 5), dict(kind="adaptive", size=[2, 3])),
        ("adaptive-same", (2, 1, 3, 5), dict(kind="adaptive", size=[3, 5])),
        ("adaptive-of-one-pixel", (1, 2, 1, 1), dict(kind="adaptive", size=[3, 2])),
        ("global-average-one-pixel", (3, 2, 1, 1), dict(kind="global-average")),
        ("global-average-one-channel", (1, 1, 5, 3), dict(kind="global-average")),
        ("global-average-sequence-length-1", (1, 3, 1), dict(kind="global-average")),
        ("global-max-one-pixel", (3, 2, 1, 1), dict(kind="global-max")),
        ("global-max-one-channel", (1, 1, 5, 3), dict(kind="global-max")),
        ("global-max-sequence", (2, 3, 5), dict(kind="global-max")),
        ("global-max-sequence-length-1", (1, 3, 1), dict(kind="global-max")),
    ]:
        axes = len(input) - 2
        settings = dict(kernel=[1] * axes, stride=settings.get("kernel", [1] * axes), padding=[0] * axes,
                        dilation=[1] * axes, counts_padding=True, size=[1] * axes) | settings
        kernel, stride, padding = settings["kernel"], settings["stride"], settings["padding"]
        nn = torch.nn
        layer = {
            "max": lambda: [nn.MaxPool1d, nn.MaxPool2d][axes - 1](kernel, stride, padding, settings["dilation"]),
            "average": lambda: [nn.AvgPool1d, nn.AvgPool2d][axes - 1](
                kernel, stride, padding, count_include_pad=settings["counts_padding"]),
            "adaptive": lambda: nn.AdaptiveAvgPool2d(settings["size"]),
            "global-average": lambda: lambda x: x.flatten(2).mean(2),
            "global-max": lambda: lambda x: x.flatten(2).amax(2),
        }[settings["kind"]]()
        # A permutation keeps the elements apart, so that the greatest is never in doubt.
        count = torch.Size(input).numel()
        reference.add(name, layer, [(torch.randperm(count).double() / count - 0.5).reshape(input)], settings)
