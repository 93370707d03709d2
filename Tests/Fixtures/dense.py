"""Fully connected layers: torch.nn.Linear, with and without bias and activation."""
import torch

from reference import Reference

with Reference("dense") as reference:
    for name, inputs, outputs, batch, bias, activation in [
        ("plain", 3, 4, 5, True, "identity"),
        ("without-bias", 7, 2, 3, False, "identity"),
        ("one-example", 5, 3, 1, True, "tanh"),
        ("one-output", 6, 1, 4, True, "sigmoid"),
        ("relu", 9, 8, 6, True, "relu"),
    ]:
        layer = torch.nn.Linear(inputs, outputs, bias=bias)
        function = {"identity": torch.nn.Identity(), "tanh": torch.nn.Tanh(), "sigmoid": torch.nn.Sigmoid(),
                    "relu": torch.nn.ReLU()}[activation]

        class Dense(torch.nn.Linear):
            def forward(self, x): return function(super().forward(x))

        layer = Dense(inputs, outputs, bias=bias)
        reference.add(name, layer, [torch.randn(batch, inputs)],
                      dict(outputs=outputs, bias=bias, activation=activation))
