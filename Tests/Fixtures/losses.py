"""Losses. Integer inputs are labels; targets that are constants are detached."""
import torch
import torch.nn.functional as F

from reference import Reference


def cross_entropy(**options):
    return lambda s, y: F.cross_entropy(s, y, **options)


with Reference("losses") as reference:
    scores = torch.randn(6, 4)
    labels = torch.tensor([0, 3, 1, 1, 2, 0])
    some_ignored = torch.tensor([0, -100, 1, 2, -100, 3])
    weights = torch.tensor([0.5, 2.0, 1.0, 0.25])
    add = lambda name, function, inputs, **settings: reference.add(name, function, inputs, settings)

    add("absolute", F.l1_loss, [torch.randn(3, 4), torch.randn(3, 4)], kind="absolute")
    add("squared", F.mse_loss, [torch.randn(3, 4), torch.randn(3, 4)], kind="squared")
    for delta in [1.0, 0.3, 5.0]:
        add(f"huber-{delta}", lambda f, y: F.huber_loss(f, y, delta=delta),
            [torch.randn(3, 4), torch.randn(3, 4)], kind="huber", delta=delta)
    add("hinge", lambda s, y: torch.clamp(1 - y.detach() * s, min=0).mean(),
        [torch.randn(3, 4), torch.randn(3, 4).sign()], kind="hinge")

    for name, options, y in [
        ("plain", {}, labels),
        ("weights", dict(weight=weights), labels),
        ("smoothing", dict(label_smoothing=0.1), labels),
        ("smoothing-all", dict(label_smoothing=1.0), labels),
        ("ignored", dict(ignore_index=-100), some_ignored),
        ("ignored-class", dict(ignore_index=1), labels),
        ("everything", dict(weight=weights, label_smoothing=0.2, ignore_index=-100), some_ignored),
        ("zero-weight", dict(weight=torch.tensor([0.0, 1.0, 2.0, 0.0]), label_smoothing=0.2), labels),
    ]:
        settings = dict(smoothing=options.get("label_smoothing", 0.0), ignored=options.get("ignore_index"),
                        weights=options["weight"].tolist() if "weight" in options else None)
        add(f"softmax-{name}", cross_entropy(**options), [scores, y], kind="softmax", **settings)
        if "label_smoothing" not in options:
            add(f"likelihood-{name}", lambda l, y: F.nll_loss(l, y, **options),
                [torch.log_softmax(scores, -1), y], kind="likelihood", **settings)
    add("softmax-one-example", F.cross_entropy, [torch.randn(1, 3) * 20, torch.tensor([1])], kind="softmax",
        smoothing=0.0)

    for name, positive in [("plain", [1.0, 1.0, 1.0]), ("weighted", [3.0, 0.5, 0.0])]:
        # The sum over classes, the mean over the batch.
        add(f"sigmoid-{name}",
            lambda s, y: 3 * F.binary_cross_entropy_with_logits(s, y.detach(), pos_weight=torch.tensor(positive)),
            [torch.randn(5, 3) * 4, torch.rand(5, 3).round()], kind="sigmoid", weights=positive)
    add("sigmoid-soft", lambda s, y: 3 * F.binary_cross_entropy_with_logits(
        s, y.detach(), pos_weight=torch.tensor([2.0, 1.0, 0.25])),
        [torch.randn(2, 3), torch.rand(2, 3)], kind="sigmoid", weights=[2.0, 1.0, 0.25])

    p = torch.softmax(torch.randn(4, 5), -1)
    p[0, 1] = 0.0
    for name, l, p in [("batch", torch.log_softmax(torch.randn(4, 5), -1), p),
                       ("sequence", torch.log_softmax(torch.randn(2, 3, 4), -1), torch.rand(2, 3, 4))]:
        add(f"divergence-{name}", lambda l, p: F.kl_div(l, p.detach(), reduction="batchmean"), [l, p],
            kind="divergence")

    bce = F.binary_cross_entropy_with_logits
    ones, zeros = torch.ones_like, torch.zeros_like
    minimax = lambda r, g: bce(r, ones(r)) + bce(g, zeros(g))
    adversarial = [
        ("minimax", minimax, lambda g: -bce(g, zeros(g))),
        ("nonSaturating", minimax, lambda g: bce(g, ones(g))),
        ("leastSquares", lambda r, g: 0.5 * F.mse_loss(r, ones(r)) + 0.5 * F.mse_loss(g, zeros(g)),
         lambda g: 0.5 * F.mse_loss(g, ones(g))),
        ("wasserstein", lambda r, g: g.mean() - r.mean(), lambda g: -g.mean()),
    ]
    for name, critic, generator in adversarial:
        add(f"{name}-critic", critic, [torch.randn(4, 1) * 3, torch.randn(6, 1) * 3], kind="critic", loss=name)
        add(f"{name}-generator", generator, [torch.randn(6, 1) * 3], kind="generator", loss=name)

    hinge = lambda s, y: torch.clamp(1 - y.detach() * s, min=0).mean()
    for name, shape, scale in [("one-element", (1, 1), 1), ("vector", (7,), 1), ("images", (2, 1, 3, 2), 1),
                               ("one-example", (1, 5), 100), ("close", (4, 3), 1e-3)]:
        x = torch.randn(shape)
        y = x + scale * torch.randn(shape)
        add(f"absolute-{name}", F.l1_loss, [x, y], kind="absolute")
        add(f"squared-{name}", F.mse_loss, [x, y], kind="squared")
        add(f"hinge-{name}", hinge, [scale * x, torch.randn(shape).sign()], kind="hinge")
        add(f"huber-{name}", lambda f, y: F.huber_loss(f, y, delta=0.7), [x, y], kind="huber", delta=0.7)
    x = torch.randn(3, 2)
    add("absolute-equal", F.l1_loss, [x, x], kind="absolute")
    add("squared-equal", F.mse_loss, [x, x], kind="squared")
    add("hinge-all-beyond-margin", hinge, [1.5 * x.sign(), x.sign()], kind="hinge")

    for name, shape, scale in [("one-of-each", (1, 2), 1), ("one-class", (3, 1), 1), ("far-apart", (2, 4), 30)]:
        add(f"divergence-{name}", lambda l, p: F.kl_div(l, p.detach(), reduction="batchmean"),
            [torch.log_softmax(scale * torch.randn(shape), -1), torch.softmax(torch.randn(shape), -1)],
            kind="divergence")
    for size, real, generated, scale in [("one-of-each", (1, 1), (1, 1), 1), ("patches", (2, 1, 2, 3), (3, 1, 2, 3), 1),
                                         ("sure", (5, 1), (2, 1), 30), ("undecided", (2, 1), (4, 1), 1e-3)]:
        for name, critic, generator in adversarial:
            add(f"{name}-critic-{size}", critic, [scale * torch.randn(real), scale * torch.randn(generated)],
                kind="critic", loss=name)
            add(f"{name}-generator-{size}", generator, [scale * torch.randn(generated)], kind="generator", loss=name)

    logistic = lambda s: -F.logsigmoid(s).mean()
    for size, shape, scale in [("batch", (4, 1), 3), ("one-pair", (1, 1), 1), ("patches", (2, 1, 2, 3), 1),
                               ("sure", (5, 1), 30)]:
        for kind, loss in [("critic", lambda r, g: logistic(r - g)),
                           ("generator", lambda g, r: logistic(g - r.detach()))]:
            add(f"relativistic-{kind}-{size}", loss, [scale * torch.randn(shape), scale * torch.randn(shape)],
                kind=kind, loss="relativistic")
