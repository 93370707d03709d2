"""Whole networks: ten steps of gradient descent on the same batch, from the same weights."""
from collections import OrderedDict

import torch

from reference import Reference

N = torch.nn
with Reference("models") as reference:
    convolutional = N.Sequential(OrderedDict(
        conv1=N.Conv2d(1, 3, 3, padding=1), relu1=N.ReLU(), pool1=N.MaxPool2d(2),
        conv2=N.Conv2d(3, 4, 3, padding=1), relu2=N.ReLU(), pool2=N.MaxPool2d(2),
        flatten=N.Flatten(), hidden=N.Linear(16, 5), relu3=N.ReLU(), output=N.Linear(5, 3)))
    reference.add("convolutional", convolutional, [torch.randn(4, 1, 8, 8)], dict(), steps=10,
                  optimizer=lambda p: torch.optim.SGD(p, lr=0.1), optimizer_steps=10)
    perceptron = N.Sequential(OrderedDict(
        hidden1=N.Linear(6, 5), relu1=N.ReLU(), hidden2=N.Linear(5, 4), relu2=N.ReLU(), output=N.Linear(4, 3)))
    reference.add("multilayer-perceptron", perceptron, [torch.randn(4, 6)], dict(),
                  optimizer=lambda p: torch.optim.SGD(p, lr=0.1), optimizer_steps=10)
