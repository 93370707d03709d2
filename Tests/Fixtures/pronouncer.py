"""An .npz file of the form of g2p-en's, small and random, and what a program as g2p-en's makes of words by it.

    pronouncer.npz      the arrays
    pronouncer.txt      a word and its phonemes a line
"""
import pathlib
import re

import numpy as np

FOLDER = pathlib.Path(__file__).parent
SIZE = 6
random = np.random.default_rng(7)
arrays = {"enc_emb": (29, SIZE), "dec_emb": (74, SIZE), "fc_w": (74, SIZE), "fc_b": (74,)}
for part in ["enc", "dec"]:
    arrays |= {f"{part}_w_ih": (3 * SIZE, SIZE), f"{part}_w_hh": (3 * SIZE, SIZE),
               f"{part}_b_ih": (3 * SIZE,), f"{part}_b_hh": (3 * SIZE,)}
arrays = {name: random.normal(0, 1.0, shape).astype(np.float32) for name, shape in arrays.items()}
arrays["fc_b"][3] += 4  # so that most words end
exact = {name: array.astype(np.float64) for name, array in arrays.items()}
swift = (FOLDER.parents[1] / "Sources/NeuralCommand/Data/PretrainedPronouncer.swift").read_text()
phonemes = re.search(r'"""\n(.*?)"""', swift, re.S)[1].replace("\\\n", " ").split()


def sigmoid(x): return 1 / (1 + np.exp(-x))


def step(x, h, part):
    a = exact[f"{part}_w_ih"] @ x + exact[f"{part}_b_ih"]
    b = exact[f"{part}_w_hh"] @ h + exact[f"{part}_b_hh"]
    r, z = sigmoid(a[:SIZE] + b[:SIZE]), sigmoid(a[SIZE:2 * SIZE] + b[SIZE:2 * SIZE])
    return (1 - z) * np.tanh(a[2 * SIZE:] + r * b[2 * SIZE:]) + z * h


def pronounce(word):
    h = np.zeros(SIZE)
    for token in [ord(letter) - ord("a") + 3 for letter in word] + [2]: h = step(exact["enc_emb"][token], h, "enc")
    answer, token = [], 2
    while len(answer) < 20:
        h = step(exact["dec_emb"][token], h, "dec")
        token = int((exact["fc_w"] @ h + exact["fc_b"]).argmax())
        if token == 3: break
        answer.append(phonemes[token])
    return answer


np.savez(FOLDER / "pronouncer.npz", **arrays)
words = ["a", "neural", "networks", "learn", "what", "they", "are", "shown", "zyzzyva"]
(FOLDER / "pronouncer.txt").write_text("".join(f"{word} {' '.join(pronounce(word))}\n" for word in words))
