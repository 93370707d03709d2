"""NumPy archives: arrays.npz by numpy.savez, packed-arrays.npz by numpy.savez_compressed."""
import pathlib

import numpy

folder = pathlib.Path(__file__).parent
arrays = dict(
    weight=numpy.arange(6, dtype=numpy.float32).reshape(2, 3) / 4,
    ids=numpy.array([3, -1, 7], dtype=numpy.int64),
    fortran=numpy.asfortranarray(numpy.arange(8, dtype=numpy.float64).reshape(2, 4)),
    zeros=numpy.zeros((3, 5)),
)
numpy.savez(folder / "arrays.npz", **arrays)
numpy.savez_compressed(folder / "packed-arrays.npz", **arrays)
