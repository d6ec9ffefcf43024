"""What `load` gives: images, labels, the names of the classes, and where they are from.

This module imports nothing else of the package.
"""

from typing import NamedTuple

import numpy as np
import tensorflow as tf


class Data(NamedTuple):
    """What `load` gives.  The first three unpack: `images, labels, names = data[:3]`.

    images: uint8 array [N, H, W, C]; or, for a set too large for memory, a tf.data.Dataset
        of (image, label), of image alone where the set has no labels.
    labels: int32 array [N], or None (no labels, or they are in the stream).
    class_names: a tuple, the name of class 0, 1, ...; empty where there are no labels.
    skipped: for folders, what could not be used: (file, reason) pairs.
    """

    images: np.ndarray | tf.data.Dataset
    labels: np.ndarray | None
    class_names: tuple[str, ...]
    name: str
    split: str
    skipped: tuple[tuple[str, str], ...] = ()


def one_class(data: Data, y: int) -> Data:
    """The images of class y alone (label and name kept), for one GAN per class.

    ValueError for a set without labels in memory, or a class that is not there.
    """
    if data.labels is None:
        raise ValueError(f"{data.name} has no labels in memory: one class cannot be picked out")
    if not (data.labels == y).any():
        raise ValueError(f"{data.name} has no images of class {y!r}; it has 0 to "
                         f"{int(data.labels.max())}")  # fmt: skip
    mine = data.labels == y
    return data._replace(images=data.images[mine], labels=data.labels[mine])


def first(data: Data, n: int) -> Data:
    """Only n different images, the first of each class in equal numbers, for a GAN that sees few.

    Each is repeated until the set is as long as before, so that an epoch has as many steps: what
    differs between two n is n alone.  Without labels, the first n of all.

    ValueError for a set that is a stream, and for an n that the set cannot give.
    """
    if isinstance(data.images, tf.data.Dataset):
        raise ValueError(f"{data.name} is a stream: its first images cannot be picked out")
    length = len(data.images)
    labels = np.zeros(length, np.int32) if data.labels is None else data.labels
    classes, counts = np.unique(labels, return_counts=True)
    k, most = len(classes), int(counts.min())
    if n % k or not 1 <= n // k <= most:
        raise ValueError(f"n_images is {n}; {data.name} has {k} classes and gives 1 to {most} "
                         f"images of each: a multiple of {k}, at most {k * most}")  # fmt: skip
    rows = np.concatenate([np.flatnonzero(labels == y)[: n // k] for y in classes])
    rows = np.resize(rows, length)  # the same rows over and over
    labels = None if data.labels is None else data.labels[rows]
    return data._replace(images=data.images[rows], labels=labels)
