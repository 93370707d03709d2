"""Images given another size: torch.nn.Upsample, ZeroPad2d, Flatten, Unflatten."""
import torch

from reference import Reference

with Reference("resizing") as reference:
    for name, input, settings in [
        ("nearest", (2, 2, 3, 2), dict(scale=[2, 3])),
        ("nearest-size", (1, 2, 3, 5), dict(size=[4, 3])),
        ("nearest-sequence", (2, 2, 3), dict(scale=[4])),
        ("bilinear", (2, 2, 3, 2), dict(scale=[2, 3], mode="bilinear")),
        ("bilinear-smaller", (1, 2, 5, 7), dict(size=[3, 4], mode="bilinear")),
        ("bilinear-size", (1, 2, 3, 4), dict(size=[7, 5], mode="bilinear")),
        ("bilinear-corners", (2, 2, 3, 4), dict(size=[5, 7], mode="bilinear", corners=True)),
        ("bilinear-corners-to-one", (1, 2, 3, 4), dict(size=[1, 6], mode="bilinear", corners=True)),
        ("bilinear-of-one", (1, 2, 1, 1), dict(size=[3, 2], mode="bilinear")),
        ("linear", (2, 2, 5), dict(scale=[3], mode="linear")),
        ("linear-corners", (2, 2, 4), dict(size=[9], mode="linear", corners=True)),
        ("pad", (2, 2, 3, 2), dict(margins=[1, 2, 0, 3])),
        ("flatten", (2, 2, 3, 2), dict(flatten=True)),
        ("reshape", (2, 12), dict(shape=[3, 2, 2])),
        ("pad-one-side", (2, 1, 2, 3), dict(margins=[0, 0, 0, 2])),
        ("pad-beyond-image", (1, 2, 2, 1), dict(margins=[3, 3, 2, 4])),
        ("pad-one-pixel", (3, 1, 1, 1), dict(margins=[1, 1, 1, 1])),
        ("pad-nothing", (2, 2, 3, 2), dict(margins=[0, 0, 0, 0])),
        ("flatten-sequence", (2, 3, 5), dict(flatten=True)),
        ("flatten-row", (3, 4), dict(flatten=True)),
        ("flatten-one-example", (1, 2, 2, 3), dict(flatten=True)),
        ("flatten-one-pixel", (3, 1, 1, 1), dict(flatten=True)),
        ("reshape-image-to-sequence", (2, 2, 3, 2), dict(shape=[4, 3])),
        ("reshape-to-row", (2, 3, 2), dict(shape=[6])),
        ("reshape-one-example", (1, 2, 3), dict(shape=[3, 1, 2])),
        ("reshape-one-element", (3, 1), dict(shape=[1, 1, 1])),
    ]:
        settings = dict(scale=[], size=[], mode="nearest", corners=False, margins=[], flatten=False, shape=[]) | settings
        if settings["margins"]:
            top, bottom, left, right = settings["margins"]
            layer = torch.nn.ZeroPad2d((left, right, top, bottom))
        elif settings["flatten"]:
            layer = torch.nn.Flatten()
        elif settings["shape"]:
            layer = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Unflatten(1, settings["shape"]))
        else:
            layer = torch.nn.Upsample(
                size=tuple(settings["size"]) or None, scale_factor=tuple(map(float, settings["scale"])) or None,
                mode=settings["mode"], align_corners=settings["corners"] if settings["mode"] != "nearest" else None)
        reference.add(name, layer, [torch.randn(input)], settings)
