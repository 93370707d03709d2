"""Convolutions: torch.nn.Conv1d and Conv2d."""
import torch

from reference import Reference

ACTIVATIONS = {"identity": torch.nn.Identity, "tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}


def with_activation(kind, name):
    """The class `kind` with an activation after it, its parameters' names unchanged."""
    function = ACTIVATIONS[name]()

    class Layer(kind):
        def forward(self, x): return function(super().forward(x))

    return Layer


if __name__ == "__main__":
    with Reference("convolution") as reference:
        for name, input, outputs, settings in [
            ("plain", (2, 3, 5, 4), 2, dict(kernel=[3, 2])),
            ("stride-2-odd", (2, 2, 7, 5), 3, dict(kernel=[3, 3], stride=[2, 2], padding=[1, 1], activation="tanh")),
            ("strides-differ", (1, 2, 6, 7), 2, dict(kernel=[2, 3], stride=[3, 2], padding=[0, 2])),
            ("dilation", (2, 2, 7, 6), 2, dict(kernel=[3, 2], dilation=[2, 3], padding=[1, 2])),
            ("groups", (2, 4, 4, 4), 6, dict(kernel=[3, 3], groups=2, padding=[1, 1], activation="relu")),
            ("depthwise", (2, 3, 5, 5), 6, dict(kernel=[3, 3], groups=3, stride=[2, 2])),
            ("same-even", (2, 2, 5, 4), 2, dict(kernel=[4, 2], same=True)),
            ("same-dilation", (1, 2, 5, 6), 2, dict(kernel=[2, 3], same=True, dilation=[3, 2], bias=False)),
            ("pointwise", (3, 4, 3, 3), 5, dict(kernel=[1, 1], activation="tanh")),
            ("pointwise-stride", (2, 3, 5, 5), 2, dict(kernel=[1, 1], stride=[2, 2])),
            ("whole-image", (1, 3, 4, 4), 2, dict(kernel=[4, 4], bias=False)),
            ("padding-beyond-kernel", (1, 1, 2, 3), 2, dict(kernel=[2, 2], padding=[3, 4])),
            ("sequence", (2, 3, 9), 2, dict(kernel=[3], stride=[2], padding=[1], activation="tanh")),
            ("sequence-same-even", (1, 2, 7), 3, dict(kernel=[4], same=True)),
            ("sequence-dilation", (2, 4, 10), 4, dict(kernel=[3], dilation=[3], groups=2)),
            ("sequence-length-1", (1, 2, 1), 3, dict(kernel=[1])),
            ("sequence-length-1-padding", (3, 2, 1), 2, dict(kernel=[3], padding=[1], activation="tanh")),
            ("sequence-depthwise", (2, 3, 7), 6, dict(kernel=[3], stride=[2], groups=3, activation="relu")),
            ("sequence-whole", (2, 2, 5), 3, dict(kernel=[5], bias=False)),
            ("sequence-stride-beyond-kernel", (1, 1, 8), 2, dict(kernel=[2], stride=[3], padding=[2])),
        ]:
            axes = len(settings["kernel"])
            settings = dict(stride=[1] * axes, padding=[0] * axes, same=False, dilation=[1] * axes, groups=1, bias=True,
                            activation="identity") | settings
            kind = with_activation([torch.nn.Conv1d, torch.nn.Conv2d][axes - 1], settings["activation"])
            layer = kind(input[1], outputs, settings["kernel"], stride=settings["stride"],
                         padding="same" if settings["same"] else settings["padding"], dilation=settings["dilation"],
                         groups=settings["groups"], bias=settings["bias"])
            reference.add(name, layer, [torch.randn(input)], dict(outputs=outputs, **settings))
