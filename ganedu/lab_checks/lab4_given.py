"""What lab 4 is given: digits, all distances of two clouds, three generators under suspicion."""

import hashlib
from functools import cache

import numpy as np

from ..data import load, scale

SEALED = {"A": "40e05d56", "B": "6d81edfb", "C": "3b59810f"}


def digits(split, start, n):
    """n digits of each class, from the class's image `start` on, in [-1, 1]."""
    images, labels = load("digits", split)[:2]
    rows = np.concatenate([np.flatnonzero(labels == k)[start : start + n] for k in range(10)])
    return np.asarray(scale()(images[rows]))


def distances(a, b):
    """The distance of each row of a [N, F] to each row of b [M, F]: [N, M]."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T
    return np.sqrt(squares.clip(0))  # rounding can make a square slightly negative


@cache
def _mystery(name):
    key = np.frombuffer(hashlib.sha256(f"lab 4 {name}".encode()).digest()[:4], np.uint8)
    p, q, s, t = (int(v) for v in np.frombuffer(bytes.fromhex(SEALED[name]), np.uint8) ^ key)
    x = digits("train", p, 100).reshape(10, 100, 28, 28)[:, np.arange(100) % q].reshape(-1, 28, 28)
    wide = np.pad(x, ((0, 0), (1, 1), (1, 1)), constant_values=-1)
    y = np.mean([wide[:, i : i + 28, j : j + 28] for i in range(3) for j in range(3)], axis=0)
    rng = np.random.default_rng(0)
    x = (1 - s / 100) * x + s / 100 * y + t / 1000 * rng.normal(size=x.shape)
    return rng.permutation(np.clip(x, -1, 1)).astype("float32")[..., None]


def mystery(name):
    """1,000 images [N, 28, 28, 1] of one of the three generators, the same ones each time."""
    return _mystery(name).copy()
