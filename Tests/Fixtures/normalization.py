"""Normalization layers: torch.nn.BatchNorm*, LayerNorm, GroupNorm, InstanceNorm2d, RMSNorm, and spectral_norm of a Linear."""
import torch
from torch.nn.utils.parametrizations import spectral_norm

from reference import Reference


def disturbed(module):
    """The module with parameters and running statistics that are not those of the beginning."""
    with torch.no_grad():
        for name, x in [*module.named_parameters(), *module.named_buffers()]:
            if x.is_floating_point(): x.copy_(torch.rand_like(x) + 0.5 if "var" in name else torch.randn_like(x))
    return module


with Reference("batch-normalization") as reference:
    for name, shape, momentum, epsilon, affine, scale, mean in [
        ("dense", (5, 4), 0.1, 1e-5, True, 1, 0),
        ("image", (3, 2, 4, 3), 0.1, 1e-5, True, 2, 1),
        ("sequence", (2, 3, 7), 0.9, 1e-3, True, 1, -1),
        ("volume", (2, 2, 2, 3, 2), 0.5, 1e-5, True, 1, 0),
        ("two-examples-of-one-feature", (2, 1), 0.9, 0.5, True, 1, 0),
        ("one-image", (1, 3, 3, 3), 0.1, 1e-5, True, 1, 0),
        ("large-mean", (6, 3), 0.9, 1e-5, True, 1, 10000),
        ("large-mean-image", (2, 2, 5, 5), 0.1, 1e-5, True, 0.1, 1000),
        ("large-epsilon", (4, 3), 0.1, 10, True, 1, 0),
        ("tiny-epsilon", (6, 3), 0.1, 1e-30, True, 1, 0),
        ("small-deviation", (6, 3), 0.1, 1e-12, True, 1e-3, 0),
        ("momentum-0", (4, 3), 0, 1e-5, True, 1, 0),
        ("momentum-1", (4, 3), 1, 1e-5, True, 1, 0),
        ("not-affine", (5, 3), 0.1, 1e-5, False, 1, 2),
    ]:
        kind = {2: torch.nn.BatchNorm1d, 3: torch.nn.BatchNorm1d, 4: torch.nn.BatchNorm2d, 5: torch.nn.BatchNorm3d}
        layer = kind[len(shape)](shape[1], eps=epsilon, momentum=momentum, affine=affine)
        reference.add(name, disturbed(layer), [mean + scale * torch.randn(shape)],
                      dict(momentum=momentum, epsilon=epsilon, affine=affine), steps=affine)

with Reference("layer-normalization") as reference:
    for name, shape, axes, epsilon, affine, bias, mean in [
        ("last-axis", (4, 5), 1, 1e-5, True, True, 0),
        ("sequence", (2, 3, 6), 1, 1e-5, True, True, 1),
        ("two-axes", (3, 2, 4, 3), 2, 1e-5, True, True, 0),
        ("whole-example", (2, 3, 5), 2, 1e-3, True, True, 0),
        ("one-example", (1, 40), 1, 1e-5, True, True, 0),
        ("two-features", (3, 2), 1, 1, True, True, 0),
        ("large-mean", (3, 37), 1, 1e-5, True, True, 10000),
        ("large-epsilon", (3, 7), 1, 100, True, True, 0),
        ("without-bias", (3, 7), 1, 1e-5, True, False, 0),
        ("not-affine", (3, 7), 1, 1e-5, False, False, 3),
    ]:
        layer = torch.nn.LayerNorm(shape[-axes:], eps=epsilon, elementwise_affine=affine, bias=bias)
        reference.add(name, disturbed(layer), [mean + torch.randn(shape)],
                      dict(axes=axes, epsilon=epsilon, affine=affine, bias=bias), steps=affine)

with Reference("group-normalization") as reference:
    for name, shape, groups, epsilon, affine, mean in [
        ("image", (2, 6, 3, 2), 3, 1e-5, True, 0),
        ("one-group", (3, 4, 5), 1, 1e-5, True, 0),
        ("a-group-a-channel", (2, 3, 4, 2), 3, 1e-5, True, 1),
        ("without-further-axes", (4, 8), 2, 1e-5, True, 0),
        ("one-example", (1, 4, 5), 2, 1e-3, True, 0),
        ("large-mean", (2, 4, 6), 2, 1e-5, True, 10000),
        ("large-epsilon", (2, 4, 3), 2, 10, True, 0),
        ("not-affine", (2, 4, 3), 2, 1e-5, False, 0),
    ]:
        layer = torch.nn.GroupNorm(groups, shape[1], eps=epsilon, affine=affine)
        reference.add(name, disturbed(layer), [mean + torch.randn(shape)],
                      dict(groups=groups, epsilon=epsilon, affine=affine), steps=affine)
    reference.add("instance", disturbed(torch.nn.InstanceNorm2d(3, affine=True)), [torch.randn(2, 3, 4, 4)],
                  dict(groups=3, epsilon=1e-5, affine=True))

with Reference("rms-normalization") as reference:
    for name, shape, axes, epsilon, affine, scale in [
        ("last-axis", (4, 5), 1, 1e-5, True, 1),
        ("sequence", (2, 3, 6), 1, 2 ** -23, True, 1),
        ("two-axes", (3, 4, 5), 2, 1e-5, True, 3),
        ("one-example", (1, 40), 1, 1e-5, True, 1),
        ("one-feature", (4, 1), 1, 1, True, 1),
        ("small", (3, 7), 1, 2 ** -23, True, 1e-3),
        ("large-epsilon", (3, 7), 1, 100, True, 1),
        ("not-affine", (3, 7), 1, 1e-5, False, 1),
    ]:
        layer = torch.nn.RMSNorm(shape[-axes:], eps=epsilon, elementwise_affine=affine)
        reference.add(name, disturbed(layer), [scale * torch.randn(shape)],
                      dict(axes=axes, epsilon=epsilon, affine=affine), steps=affine)

with Reference("spectral-normalization") as reference:
    for name, inputs, outputs, batch, bias, iterations in [
        ("square", 4, 4, 3, True, 1),
        ("wide", 9, 3, 2, True, 1),
        ("tall", 2, 8, 4, True, 1),
        ("two-iterations", 5, 6, 3, True, 2),
        ("without-bias", 3, 5, 4, False, 1),
        ("one-output", 6, 1, 2, True, 1),
        ("one-input", 1, 4, 3, True, 1),
    ]:
        layer = spectral_norm(torch.nn.Linear(inputs, outputs, bias=bias), n_power_iterations=iterations)
        reference.add(name, layer, [torch.randn(batch, inputs)],
                      dict(outputs=outputs, bias=bias, iterations=iterations))

with Reference("spectral-convolution") as reference:
    for name, shape, outputs, settings in [
        ("critic", (2, 1, 6, 6), 3, dict(kernel=4, stride=2)),
        ("one-pixel", (1, 4, 3, 2), 2, dict(kernel=1, bias=False)),
        ("stride-2-odd", (2, 2, 7, 5), 3, dict(kernel=3, stride=2, padding=1)),
        ("dilation", (1, 2, 6, 5), 2, dict(kernel=2, dilation=3, padding=1)),
        ("groups", (2, 4, 3, 4), 6, dict(kernel=2, groups=2)),
        ("depthwise", (1, 3, 4, 4), 3, dict(kernel=3, groups=3, bias=False)),
        ("one-output", (3, 2, 3, 3), 1, dict(kernel=3)),
    ]:
        settings = dict(stride=1, padding=0, dilation=1, groups=1, bias=True) | settings
        layer = spectral_norm(torch.nn.Conv2d(shape[1], outputs, settings["kernel"], settings["stride"],
                                              settings["padding"], settings["dilation"], settings["groups"],
                                              bias=settings["bias"]))
        reference.add(name, layer, [torch.randn(shape)], dict(outputs=outputs, **settings))

with Reference("spectral-transposed-convolution") as reference:
    for name, shape, outputs, settings in [
        ("generator", (2, 3, 3, 3), 2, dict(kernel=4, stride=2, padding=1)),
        ("one-pixel", (1, 4, 3, 2), 2, dict(kernel=1, bias=False)),
        ("stride-3-odd", (2, 2, 3, 2), 3, dict(kernel=2, stride=3)),
        ("dilation", (1, 2, 3, 4), 2, dict(kernel=2, dilation=3)),
        ("groups", (2, 4, 2, 3), 6, dict(kernel=2, groups=2)),
        ("one-output", (3, 2, 3, 3), 1, dict(kernel=3, padding=1)),
    ]:
        settings = dict(stride=1, padding=0, dilation=1, groups=1, bias=True) | settings
        layer = spectral_norm(torch.nn.ConvTranspose2d(
            shape[1], outputs, settings["kernel"], settings["stride"], settings["padding"], 0, settings["groups"],
            settings["bias"], settings["dilation"]))
        reference.add(name, layer, [torch.randn(shape)], dict(outputs=outputs, **settings))

with Reference("spectral-embedding") as reference:
    for name, vocabulary, dimension, words in [
        ("tall", 7, 3, (2, 4)),
        ("wide", 3, 6, (3, 2)),
        ("square", 4, 4, (2, 2)),
        ("one-word", 1, 3, (2, 1)),
        ("one-feature", 5, 1, (1, 6)),
    ]:
        layer = spectral_norm(torch.nn.Embedding(vocabulary, dimension))
        reference.add(name, layer, [torch.randint(vocabulary, words)], dict(vocabulary=vocabulary, dimension=dimension))
