"""Recurrent layers: torch.nn.RNN, LSTM and GRU. A case's output is its outputs and final states, all flattened and joined.

Inputs: the sequences, and, where a state is given, h of each layer and direction, and then c of each."""
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from reference import Reference


def layer(kind, lengths, states):
    class Recurrent(getattr(torch.nn, kind)):
        def forward(self, x, *given):
            initial = None
            if states:
                h = torch.stack(given[:states])
                initial = (h, torch.stack(given[states:])) if kind == "LSTM" else h
            steps = x.shape[1]
            if lengths: x = pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
            output, final = super().forward(x, initial)
            if lengths: output, _ = pad_packed_sequence(output, batch_first=True, total_length=steps)
            final = final if kind == "LSTM" else (final,)
            return torch.cat([output.flatten(), *(state.flatten() for state in final)])

    return Recurrent


with Reference("recurrent") as reference:
    for kind in ["RNN", "LSTM", "GRU"]:
        for name, batch, steps, inputs, hidden, layers, bidirectional, lengths, state, bias in [
            ("plain", 3, 4, 2, 3, 1, False, None, False, True),
            ("length-1", 2, 1, 3, 2, 1, False, None, True, True),
            ("batch-1", 1, 5, 3, 4, 1, False, None, True, False),
            ("lengths", 3, 4, 2, 2, 1, True, [2, 4, 1], True, True),
            ("two-layers-bidirectional", 2, 3, 2, 2, 2, True, None, True, True),
            ("two-layers-lengths", 3, 3, 1, 2, 2, True, [1, 3, 2], False, False),
            ("wide", 2, 2, 1, 17, 1, False, None, False, True),
        ]:
            if name == "wide" and kind == "LSTM": hidden = 9
            if name == "wide" and kind == "GRU": hidden = 10
            for function in [None] if kind != "RNN" else ["tanh"] if name in ["length-1", "wide"] else ["tanh", "relu"]:
                states = layers * (2 if bidirectional else 1) if state else 0
                nonlinearity = dict(nonlinearity=function) if function else {}
                module = layer(kind, lengths, states)(
                    inputs, hidden, layers, bias=bias, batch_first=True, bidirectional=bidirectional, **nonlinearity)
                given = [torch.randn(batch, hidden) for _ in range(states * (2 if kind == "LSTM" else 1))]
                reference.add(
                    "-".join(filter(None, [kind.lower(), function, name])), module,
                    [torch.randn(batch, steps, inputs), *given],
                    dict(kind=kind, hidden=hidden, layers=layers, bidirectional=bidirectional, lengths=lengths,
                         states=states, bias=bias, activation=function))
