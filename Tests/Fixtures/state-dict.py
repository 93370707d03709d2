"""Files as a user of PyTorch saves them, float32 and with every buffer, and what the saved models answer.

    state-dict-network.safetensors    a convolutional network after some steps of training
    state-dict-lstm.safetensors       two bidirectional layers
    state-dict-perceptron.safetensors     fully connected layers
    state-dict-transformer.safetensors    a language model of two causal blocks
    state-dict-answers.safetensors    inputs, and outputs in evaluation mode, computed in float64
"""
import importlib
import pathlib

import torch
from safetensors.torch import save_file

FOLDER = pathlib.Path(__file__).parent
torch.manual_seed(7)


def save(name, tensors):
    path = FOLDER / f"state-dict-{name}.safetensors"
    save_file(tensors, path)
    print(f"{path.name}: {len(tensors)} tensors, {path.stat().st_size} bytes")


network = torch.nn.Sequential(
    torch.nn.Conv2d(2, 4, 3, stride=2, padding=1), torch.nn.BatchNorm2d(4), torch.nn.ReLU(), torch.nn.Flatten(),
    torch.nn.Linear(24, 3))
rule = torch.optim.SGD(network.parameters(), lr=0.1)
for _ in range(5):
    rule.zero_grad()
    torch.nn.functional.cross_entropy(network(torch.randn(6, 2, 5, 4) + 1), torch.randint(3, (6,))).backward()
    rule.step()
lstm = torch.nn.LSTM(3, 4, num_layers=2, bidirectional=True, batch_first=True)
save("network", network.state_dict())
save("lstm", lstm.state_dict())

images, sequences = torch.randn(3, 2, 5, 4), torch.randn(2, 5, 3)
perceptron = torch.nn.Sequential(
    torch.nn.Linear(6, 8), torch.nn.ReLU(), torch.nn.Linear(8, 5), torch.nn.Tanh(), torch.nn.Linear(5, 3))
transformer = importlib.import_module("sequence-models").TransformerLanguageModel(9, 8, 12, 3, 2).float()
save("perceptron", perceptron.state_dict())
save("transformer", transformer.state_dict())

rows, tokens = torch.randn(4, 6), torch.randint(9, (2, 8))
with torch.no_grad():
    scores = network.double().eval()(images.double())
    outputs, (hidden, cell) = lstm.double().eval()(sequences.double())
    answers = perceptron.double()(rows.double())
    next_tokens = transformer.double().eval()(tokens)
save("answers", {name: x.float().contiguous() for name, x in {
    "images": images, "scores": scores, "sequences": sequences, "outputs": outputs, "hidden": hidden, "cell": cell,
    "rows": rows, "row-scores": answers, "tokens": tokens, "token-scores": next_tokens,
}.items()})
