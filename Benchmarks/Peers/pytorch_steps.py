"""Steps of networks in PyTorch, the same as those of `benchmark networks`, for the script `scripts/bench-peers`.

A step is forward, loss, backward and optimizer update on data already in memory, in float32; an infer step is forward alone,
without gradients. See `serving.py` for how it is asked. "--compile" compiles the models first.
"""
import argparse

import torch
from torch import nn
import torch.nn.functional as F

from serving import serve

class CNN(nn.Module):
    """3x3 'same' convolutions with ReLU (batch norm if norm), 2x2 max pooling after every second one
    (after every one when there are two or fewer), then one dense layer to ten classes."""
    def __init__(self, size, channels, convs, norm):
        super().__init__()
        widths = [int(c) for c in convs.split("x")]
        layers, c, s = [], channels, size
        every = 1 if len(widths) <= 2 else 2
        for i, w in enumerate(widths):
            layers.append(nn.Conv2d(c, w, 3, padding=1))
            if norm: layers.append(nn.BatchNorm2d(w))
            layers.append(nn.ReLU())
            if (i + 1) % every == 0:
                layers.append(nn.MaxPool2d(2)); s //= 2
            c = w
        self.body = nn.Sequential(*layers, nn.Flatten(), nn.Linear(c * s * s, 10))
    def forward(self, x): return self.body(x)


class Tagger(nn.Module):
    """One recurrent layer over the whole sequence, then a dense layer on every step's output."""
    def __init__(self, kind, inp, hidden):
        super().__init__()
        self.rnn = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[kind](inp, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 32)
    def forward(self, x): return self.out(self.rnn(x)[0])


class Bag(nn.Module):
    def __init__(self, vocab, dim, out):
        super().__init__()
        self.emb, self.out = nn.Embedding(vocab, dim), nn.Linear(dim, out)
    def forward(self, x): return self.out(self.emb(x).mean(1))


class Block(nn.Module):
    """Pre-norm transformer block: causal self-attention and a GELU feed-forward four times as wide."""
    def __init__(self, dim, heads):
        super().__init__()
        self.n1, self.n2, self.heads = nn.LayerNorm(dim), nn.LayerNorm(dim), heads
        self.qkv, self.proj = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.up, self.down = nn.Linear(dim, 4 * dim), nn.Linear(4 * dim, dim)
    def forward(self, x):
        b, t, d = x.shape
        q, k, v = self.qkv(self.n1(x)).view(b, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(b, t, d)
        x = x + self.proj(a)
        return x + self.down(F.gelu(self.up(self.n2(x)), approximate="tanh"))


class LM(nn.Module):
    def __init__(self, vocab, dim, heads, layers, length):
        super().__init__()
        self.tok, self.pos = nn.Embedding(vocab, dim), nn.Embedding(length, dim)
        self.blocks = nn.Sequential(*[Block(dim, heads) for _ in range(layers)])
        self.norm, self.out = nn.LayerNorm(dim), nn.Linear(dim, vocab)
    def forward(self, x):
        return self.out(self.norm(self.blocks(self.tok(x) + self.pos.weight[: x.shape[1]])))


class Seq2Seq(nn.Module):
    """LSTM encoder, LSTM decoder started from its state (teacher forcing), dot-product attention over
    the encoder's outputs, dense layer over [decoder output, context]."""
    def __init__(self, vocab, dim, hidden):
        super().__init__()
        self.se, self.te = nn.Embedding(vocab, dim), nn.Embedding(vocab, dim)
        self.enc, self.dec = nn.LSTM(dim, hidden, batch_first=True), nn.LSTM(dim, hidden, batch_first=True)
        self.out = nn.Linear(2 * hidden, vocab)
    def forward(self, s, t):
        h, state = self.enc(self.se(s))
        d, _ = self.dec(self.te(t), state)
        w = torch.softmax(d @ h.transpose(1, 2), -1)
        return self.out(torch.cat([d, w @ h], -1))


def optimizer(model, kind):
    ps = model.parameters()
    return torch.optim.SGD(ps, lr=1e-3) if kind == "sgd" else torch.optim.Adam(ps, lr=1e-4, fused=True)


def build(family, p, compiled):
    g = torch.Generator().manual_seed(0)
    wrap = torch.compile if compiled else (lambda m: m)
    infer, batch = p.get("infer", 0), p["batch"]
    ce = nn.CrossEntropyLoss()
    if family == "gan":
        z, w = p["latent"], p["width"]
        gen = wrap(nn.Sequential(
            nn.Linear(z, 2 * w * 49), nn.Unflatten(1, (2 * w, 7, 7)), nn.BatchNorm2d(2 * w), nn.ReLU(),
            nn.ConvTranspose2d(2 * w, w, 4, 2, 1), nn.BatchNorm2d(w), nn.ReLU(),
            nn.ConvTranspose2d(w, 1, 4, 2, 1), nn.Tanh()))
        dis = wrap(nn.Sequential(
            nn.Conv2d(1, w, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(w, 2 * w, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Flatten(), nn.Linear(2 * w * 49, 1)))
        og, od = optimizer(gen, "adam"), optimizer(dis, "adam")
        real = torch.rand(batch, 1, 28, 28, generator=g) * 2 - 1
        one, zero, bce = torch.ones(batch, 1), torch.zeros(batch, 1), nn.BCEWithLogitsLoss()
        def step():
            fake = gen(torch.randn(batch, z))
            od.zero_grad(); (bce(dis(real), one) + bce(dis(fake.detach()), zero)).backward(); od.step()
            og.zero_grad(); bce(dis(fake), one).backward(); og.step()
        return step
    if family == "mlp":
        dims = [p["inp"], *map(int, str(p["hidden"]).split("x")), p["out"]]
        layers = []
        for a, b in zip(dims, dims[1:]): layers += [nn.Linear(a, b), nn.ReLU()]
        model, args = nn.Sequential(*layers[:-1]), (torch.rand(batch, p["inp"], generator=g),)
        y = torch.randint(p["out"], (batch,), generator=g); loss = lambda o: ce(o, y)
    elif family == "cnn":
        model = CNN(p["size"], p["channels"], p["convs"], p.get("norm", 0))
        args = (torch.rand(batch, p["channels"], p["size"], p["size"], generator=g),)
        y = torch.randint(10, (batch,), generator=g); loss = lambda o: ce(o, y)
    elif family == "rnn":
        model = Tagger(p["kind"], p["inp"], p["hidden"])
        args = (torch.rand(batch, p["steps"], p["inp"], generator=g),)
        y = torch.randint(32, (batch * p["steps"],), generator=g); loss = lambda o: ce(o.reshape(-1, 32), y)
    elif family == "emb":
        model = Bag(p["vocab"], p["dim"], p["out"])
        args = (torch.randint(p["vocab"], (batch, p["length"]), generator=g),)
        y = torch.randint(p["out"], (batch,), generator=g); loss = lambda o: ce(o, y)
    elif family == "tfm":
        model = LM(p["vocab"], p["dim"], p["heads"], p["layers"], p["length"])
        args = (torch.randint(p["vocab"], (batch, p["length"]), generator=g),)
        y = torch.randint(p["vocab"], (batch * p["length"],), generator=g)
        loss = lambda o: ce(o.reshape(-1, p["vocab"]), y)
    elif family == "s2s":
        model = Seq2Seq(p["vocab"], p["dim"], p["hidden"])
        s = torch.randint(p["vocab"], (batch, p["length"]), generator=g)
        args, y = (s, s), s.reshape(-1); loss = lambda o: ce(o.reshape(-1, p["vocab"]), y)
    else:
        raise SystemExit(f"unknown family {family}")
    if infer:
        model.eval(); run = wrap(model)
        def step():
            with torch.inference_mode(): run(*args)
        return step
    opt, run = optimizer(model, p.get("opt", "sgd")), wrap(model)
    def step():
        opt.zero_grad(); loss(run(*args)).backward(); opt.step()
    return step


def job(family, parameters, compiled):
    torch.manual_seed(0)
    for key in ["hidden"] if family in ["rnn", "s2s"] else []: parameters[key] = int(parameters[key])
    return build(family, parameters, compiled)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--compile", action="store_true")
    options = options.parse_args()
    torch.set_num_threads(options.threads)
    serve(lambda family, parameters: job(family, parameters, options.compile))
