"""Elementwise and shape arithmetic with broadcasting."""
import torch

from reference import Reference

with Reference("arithmetic") as reference:
    add = lambda name, function, inputs, **settings: reference.add(name, function, inputs, settings)
    operators = {"add": torch.add, "subtract": torch.subtract, "multiply": torch.multiply, "divide": torch.divide}
    for kind, function in operators.items():
        for name, a, b in [
            ("equal", (2, 3), (2, 3)), ("scalar", (2, 3), ()), ("bias", (4, 2, 3), (3,)), ("column", (2, 3), (2, 1)),
            ("outer", (3, 1), (1, 4)), ("middle", (2, 1, 3, 2), (4, 1, 2)), ("reversed", (3,), (2, 3)),
        ]:
            x, y = torch.randn(a), torch.randn(b)
            add(f"{kind}-{name}", function, [x, y.sign() * (y.abs() + 0.5)], kind=kind)
    for kind, function, x in [
        ("square", torch.square, torch.randn(7)), ("root", torch.sqrt, torch.rand(7) + 0.1),
        ("exp", torch.exp, torch.randn(7) * 3), ("log", torch.log, torch.rand(7) + 0.1),
        ("absolute", torch.abs, torch.randn(7)), ("cube", lambda x: x ** 3, torch.randn(7)),
        ("power", lambda x: x ** -1.5, torch.rand(7) + 0.3), ("zeroth", lambda x: x ** 0, torch.randn(4)),
        ("negate", torch.neg, torch.randn(7)), ("affine", lambda x: 3 - 2 * x / 7 + 1, torch.randn(7)),
        ("reciprocal", lambda x: 2 / x, torch.rand(7) + 0.3),
    ]:
        add(kind, function, [x], kind=kind)
    for name, axes, keep in [("all", None, False), ("first", [0], False), ("last", [-1], True),
                             ("middle", [1], False), ("ends", [0, 2], False), ("pair", [1, 2], True)]:
        x = torch.randn(3, 4, 2)
        dims = [0, 1, 2] if axes is None else axes
        add(f"sum-{name}", lambda x: x.sum(dims, keepdim=keep), [x], kind="sum", axes=axes, keep=keep)
        add(f"mean-{name}", lambda x: x.mean(dims, keepdim=keep), [x], kind="mean", axes=axes, keep=keep)
    for axis in [0, 1, -1]:
        add(f"maximum-{axis}", lambda x: x.max(axis)[0], [torch.randn(3, 4, 2)], kind="maximum", axis=axis)
    for name, shape, axes in [("matrix", (3, 4), [1, 0]), ("heads", (2, 3, 4, 2), [0, 2, 1, 3]),
                              ("cycle", (2, 3, 4), [1, 2, 0]), ("same", (2, 3), [0, 1]), ("one", (1, 3, 1), [2, 0, 1])]:
        add(f"permute-{name}", lambda x: x.permute(axes), [torch.randn(shape)], kind="permute", axes=axes)
    for axis in [0, 1, -1]:
        shapes = [[2, 3, 2], [2, 3, 2], [2, 3, 2]]
        for position, shape in enumerate(shapes): shape[axis] = position + 1
        add(f"concatenate-{axis}", lambda *x: torch.cat(x, axis), [torch.randn(s) for s in shapes],
            kind="concatenate", axis=axis)
        add(f"slice-{axis}", lambda x: x.narrow(axis, 1, 2), [torch.randn(4, 3, 3)], kind="slice", axis=axis)
    for name, a, b in [("matrices", (2, 3), (3, 4)), ("batch", (5, 2, 3), (5, 3, 4)), ("shared", (5, 2, 3), (3, 4)),
                       ("left", (2, 3), (5, 3, 4)), ("both", (2, 1, 2, 3), (1, 3, 3, 2)), ("vector", (1, 3), (3, 1)),
                       ("deep", (2, 3, 2, 3), (3, 3, 1))]:
        add(f"matrix-{name}", torch.matmul, [torch.randn(a), torch.randn(b)], kind="matrix")
    for name, shape, target in [("rows", (3,), [2, 3]), ("columns", (2, 1), [4, 2, 3]), ("scalar", (), [2, 2])]:
        add(f"broadcast-{name}", lambda x: x.expand(target).clone(), [torch.randn(shape)], kind="broadcast",
            axes=target)
