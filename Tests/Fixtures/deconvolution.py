"""Transposed convolutions: torch.nn.ConvTranspose1d and ConvTranspose2d."""
import torch

from convolution import with_activation
from reference import Reference

with Reference("deconvolution") as reference:
    for name, input, outputs, settings in [
        ("plain", (2, 3, 3, 4), 2, dict(kernel=[3, 2])),
        ("stride-2", (2, 2, 3, 2), 3, dict(kernel=[4, 4], stride=[2, 2], padding=[1, 1], activation="tanh")),
        ("output-padding", (2, 2, 3, 2), 2,
         dict(kernel=[3, 3], stride=[2, 3], padding=[1, 1], output_padding=[1, 2])),
        ("output-padding-of-dilation", (1, 2, 2, 3), 2, dict(kernel=[2, 3], dilation=[3, 2], output_padding=[2, 1])),
        ("dilation", (2, 2, 4, 3), 2, dict(kernel=[3, 2], dilation=[2, 3], padding=[1, 2])),
        ("groups", (2, 4, 3, 3), 6, dict(kernel=[3, 3], groups=2, padding=[1, 1], activation="relu")),
        ("depthwise", (1, 3, 3, 3), 3, dict(kernel=[3, 3], groups=3, stride=[2, 2])),
        ("pointwise", (2, 3, 3, 2), 4, dict(kernel=[1, 1], activation="tanh")),
        ("one-pixel", (3, 4, 1, 1), 2, dict(kernel=[4, 4], bias=False)),
        ("sequence", (2, 3, 4), 2, dict(kernel=[3], stride=[2], padding=[1], output_padding=[1], activation="tanh")),
        ("sequence-dilation", (1, 4, 5), 4, dict(kernel=[3], dilation=[2], groups=2)),
        ("sequence-length-1", (1, 2, 1), 3, dict(kernel=[3], stride=[2])),
        ("sequence-depthwise", (2, 3, 5), 3, dict(kernel=[4], stride=[2], padding=[1], groups=3, activation="relu")),
        ("sequence-output-padding-of-dilation", (1, 2, 3), 2,
         dict(kernel=[2], dilation=[3], output_padding=[2], bias=False)),
        ("sequence-pointwise", (3, 4, 5), 2, dict(kernel=[1], activation="tanh")),
        ("sequence-stride-beyond-kernel", (2, 1, 3), 2, dict(kernel=[2], stride=[3], output_padding=[1])),
    ]:
        axes = len(settings["kernel"])
        settings = dict(stride=[1] * axes, padding=[0] * axes, output_padding=[0] * axes, dilation=[1] * axes, groups=1,
                        bias=True, activation="identity") | settings
        kind = with_activation([torch.nn.ConvTranspose1d, torch.nn.ConvTranspose2d][axes - 1], settings["activation"])
        layer = kind(input[1], outputs, settings["kernel"], stride=settings["stride"], padding=settings["padding"],
                     output_padding=settings["output_padding"], groups=settings["groups"], bias=settings["bias"],
                     dilation=settings["dilation"])
        reference.add(name, layer, [torch.randn(input)], dict(outputs=outputs, **settings))
