"""Whole networks: ten steps of gradient descent on the same batch, from the same weights."""
from collections import OrderedDict

import torch

from reference import Reference

N = torch.nn


class RecurrentNetwork(N.Module):
    def __init__(self, features, hidden, outputs):
        super().__init__()
        self.recurrent, self.output = N.RNN(features, hidden, batch_first=True), N.Linear(hidden, outputs)

    def forward(self, x):
        return self.output(self.recurrent(x)[0][:, -1])


def deep(normalization, depth, width):
    layers = OrderedDict()
    for number in range(1, depth + 1):
        inputs = 6 if number == 1 else width
        layers[f"hidden{number}"] = N.Linear(inputs, width, bias=normalization is None)
        if normalization: layers[f"norm{number}"] = normalization(width)
        layers[f"activation{number}"] = N.Sigmoid()
    return N.Sequential(layers | OrderedDict(output=N.Linear(width, 3)))


with Reference("models") as reference:
    def add(name, model, inputs):
        reference.add(name, model, [inputs], dict(), optimizer=lambda p: torch.optim.SGD(p, lr=0.1),
                      optimizer_steps=10)

    add("convolutional", N.Sequential(OrderedDict(
        conv1=N.Conv2d(1, 3, 3, padding=1), relu1=N.ReLU(), pool1=N.MaxPool2d(2),
        conv2=N.Conv2d(3, 4, 3, padding=1), relu2=N.ReLU(), pool2=N.MaxPool2d(2),
        flatten=N.Flatten(), hidden=N.Linear(16, 5), relu3=N.ReLU(), output=N.Linear(5, 3))),
        torch.randn(4, 1, 8, 8))
    add("multilayer-perceptron", N.Sequential(OrderedDict(
        hidden1=N.Linear(6, 5), relu1=N.ReLU(), hidden2=N.Linear(5, 4), relu2=N.ReLU(), output=N.Linear(4, 3))),
        torch.randn(4, 6))
    add("regularized-convolutional", N.Sequential(OrderedDict(
        conv1=N.Conv2d(1, 3, 3, padding=1, bias=False), norm1=N.BatchNorm2d(3), relu1=N.ReLU(), pool1=N.MaxPool2d(2),
        conv2=N.Conv2d(3, 4, 3, padding=1, bias=False), norm2=N.BatchNorm2d(4), relu2=N.ReLU(), pool2=N.MaxPool2d(2),
        flatten=N.Flatten(), hidden=N.Linear(16, 5), relu3=N.ReLU(), output=N.Linear(5, 3))),
        torch.randn(4, 1, 8, 8))
    add("deep", deep(None, 6, 4), torch.randn(4, 6))
    add("deep-batch", deep(N.BatchNorm1d, 6, 4), torch.randn(8, 6))
    add("deep-layer", deep(N.LayerNorm, 6, 4), torch.randn(4, 6))
    add("recurrent", RecurrentNetwork(2, 4, 3), torch.randn(4, 5, 2))
    add("linear-regression", N.Sequential(OrderedDict(output=N.Linear(6, 2))), torch.randn(4, 6))
