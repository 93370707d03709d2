"""Models of sequences: ten steps of gradient descent on the same batch, from the same weights. No dropout."""
import torch

from reference import Reference

N, F = torch.nn, torch.nn.functional


class RecurrentLanguageModel(N.Module):
    def __init__(self, vocabulary, dimension, hidden, layers):
        super().__init__()
        self.embedding, self.output = N.Embedding(vocabulary, dimension), N.Linear(hidden, vocabulary)
        self.lstm = N.LSTM(dimension, hidden, layers, batch_first=True)

    def forward(self, tokens): return self.output(self.lstm(self.embedding(tokens))[0])


class TransformerLanguageModel(N.Module):
    def __init__(self, vocabulary, context, dimension, heads, layers):
        super().__init__()
        self.embedding, self.positions = N.Embedding(vocabulary, dimension), N.Embedding(context, dimension)
        self.blocks = N.ModuleList(
            N.TransformerEncoderLayer(dimension, heads, 4 * dimension, 0.0, lambda x: F.gelu(x, approximate="tanh"),
                                      batch_first=True, norm_first=True) for _ in range(layers))
        self.norm, self.output = N.LayerNorm(dimension), N.Linear(dimension, vocabulary)

    def forward(self, tokens):
        length = tokens.shape[1]
        x = self.embedding(tokens) + self.positions(torch.arange(length))
        for block in self.blocks: x = block(x, src_mask=torch.ones(length, length, dtype=torch.bool).triu(1))
        return self.output(self.norm(x))


class SequenceClassifier(N.Module):
    lengths = [2, 5, 3]

    def __init__(self, features, hidden, classes):
        super().__init__()
        self.recurrent = N.LSTM(features, hidden, batch_first=True, bidirectional=True)
        self.output = N.Linear(2 * hidden, classes)

    def forward(self, x):
        packed = N.utils.rnn.pack_padded_sequence(x, self.lengths, batch_first=True, enforce_sorted=False)
        return self.output(torch.cat(list(self.recurrent(packed)[1][0]), 1))


class EncoderDecoder(N.Module):
    """Tokens as the model of this library numbers them: the end after the targets' own, then the beginning."""
    lengths = [3, 1, 4]

    def __init__(self, sources, targets, dimension, hidden, layers):
        super().__init__()
        self.source, self.target = N.Embedding(sources, dimension), N.Embedding(targets + 2, dimension)
        self.encoder = N.LSTM(dimension, hidden, layers, batch_first=True, bidirectional=True)
        self.decoder = N.LSTM(dimension, 2 * hidden, layers, batch_first=True)
        self.query = N.Linear(2 * hidden, 2 * hidden, bias=False)
        self.combination, self.output = N.Linear(4 * hidden, 2 * hidden), N.Linear(2 * hidden, targets + 1)

    def forward(self, source, target):
        packed = N.utils.rnn.pack_padded_sequence(
            self.source(source), self.lengths, batch_first=True, enforce_sorted=False)
        values, state = self.encoder(packed)
        values = N.utils.rnn.pad_packed_sequence(values, batch_first=True)[0]
        # Of each layer both directions side by side.
        state = [torch.cat([s[0::2], s[1::2]], 2) for s in state]
        written = self.decoder(self.target(target), tuple(state))[0]
        scores = self.query(written) @ values.mT
        hidden = torch.arange(values.shape[1])[None, :] >= torch.tensor(self.lengths)[:, None]
        context = scores.masked_fill(hidden[:, None, :], -torch.inf).softmax(2) @ values
        return self.output(torch.tanh(self.combination(torch.cat([context, written], 2))))


class PlainEncoderDecoder(N.Module):
    lengths = [2, 4, 1]

    def __init__(self, sources, targets, dimension, hidden):
        super().__init__()
        self.source, self.target = N.Embedding(sources, dimension), N.Embedding(targets, dimension)
        self.encoder, self.decoder = [N.GRU(dimension, hidden, batch_first=True) for _ in range(2)]
        self.output = N.Linear(hidden, targets)

    def forward(self, source, target):
        packed = N.utils.rnn.pack_padded_sequence(
            self.source(source), self.lengths, batch_first=True, enforce_sorted=False)
        return self.output(self.decoder(self.target(target), self.encoder(packed)[1])[0])


class SkipGram(N.Module):
    def __init__(self, vocabulary, dimension):
        super().__init__()
        self.words, self.contexts = N.Embedding(vocabulary, dimension), N.Embedding(vocabulary, dimension)

    def forward(self, centers, candidates): return (self.words(centers)[:, None] * self.contexts(candidates)).sum(2)


if __name__ == "__main__":
    with Reference("sequence-models") as reference:
        def add(name, model, *inputs):
            reference.add(name, model, inputs, optimizer=lambda p: torch.optim.SGD(p, lr=0.1), optimizer_steps=10)

        tokens = lambda vocabulary, *shape: torch.randint(vocabulary, shape)
        add("recurrent-language-model", RecurrentLanguageModel(7, 3, 4, 2), tokens(7, 3, 6))
        add("transformer-language-model", TransformerLanguageModel(7, 6, 8, 2, 2), tokens(7, 3, 6))
        add("sequence-classifier", SequenceClassifier(3, 4, 2), torch.randn(3, 5, 3))
        source = tokens(5, 3, 4)
        for row, length in enumerate(EncoderDecoder.lengths): source[row, length:] = 0
        target = torch.cat([torch.full((3, 1), 7), tokens(6, 3, 2)], 1)
        add("encoder-decoder", EncoderDecoder(5, 6, 3, 2, 2), source, target)
        target = torch.cat([torch.full((3, 1), 1), tokens(6, 3, 2)], 1)
        add("plain-encoder-decoder", PlainEncoderDecoder(5, 6, 3, 4), source, target)
        add("skip-gram", SkipGram(9, 4), tokens(9, 5), tokens(9, 5, 3))
