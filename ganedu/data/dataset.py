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
