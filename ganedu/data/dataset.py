"""What `load` gives: images, labels, the names of the classes, and where they are from."""

from typing import NamedTuple

import numpy as np
import tensorflow as tf

from .. import checks


class Data(NamedTuple):
    """What `load` gives.  The first three unpack: `images, labels, names = data[:3]`.

    images: uint8 array [N, H, W, C]; or, for a set too large for memory, a tf.data.Dataset
        of (image, label), of image alone where the set has no labels.
    labels: int32 array [N], or None (no labels, or they are in the stream).
    class_names: a tuple, the name of class 0, 1, ...; empty where there are no labels.
    skipped: for folders, what could not be used: (file, reason) pairs.
    attributes: int32 array [N, A] of 0 and 1, where an image can have several things at once
        (labels is None then), or None.
    attribute_names: what the A columns are; empty where there are none.
    """

    images: np.ndarray | tf.data.Dataset
    labels: np.ndarray | None
    class_names: tuple[str, ...]
    name: str
    split: str
    skipped: tuple[tuple[str, str], ...] = ()
    attributes: np.ndarray | None = None
    attribute_names: tuple[str, ...] = ()

    def rows(self, which) -> "Data":
        """Some of the images, held in memory, with all that is known of them: by their indices or a mask."""
        own = {name: getattr(self, name) for name in ("images", "labels", "attributes")}
        return self._replace(**{name: a[which] for name, a in own.items() if a is not None})


def one_class(data: Data, y: int) -> Data:
    """The images of class y alone (label and name kept), for one GAN per class.

    ValueError for a set without labels in memory, or a class that is not there.
    """
    if data.labels is None:
        raise ValueError(f"{data.name} has no labels in memory: one class cannot be picked out")
    here = np.unique(data.labels).tolist()
    if y not in here:
        raise ValueError(
            f"{data.name} has no images of class {checks.short(y)}; it has those of "
            f"{checks.short(here)}"
        )
    return data.rows(data.labels == y)


def hold_out(data: Data, n: int) -> tuple[Data, Data | None]:
    """Training images, and about n that are kept back from training, at most a tenth.

    Always the same ones: the last n/K of each of K classes, or the last n where there are no
    labels, and never more than a tenth of a class.  Of a stream the first n, which training
    then skips.  None is kept back (the second is None) where a tenth is less than one image.
    """
    images, labels = data.images, data.labels
    if isinstance(images, tf.data.Dataset):
        length = int(images.cardinality())
        n = n if length < 0 else min(n, length // 10)
        held = data._replace(images=images.take(n)) if n else None
        return data._replace(images=images.skip(n)), held
    classes = [np.arange(len(images))]
    if labels is not None:
        classes = [np.flatnonzero(labels == y) for y in np.unique(labels)]
    quotas = [min(n // len(classes), len(mine) // 10) for mine in classes]
    last = [mine[len(mine) - q :] for mine, q in zip(classes, quotas, strict=True)]
    kept = np.zeros(len(images), bool)
    kept[np.concatenate(last)] = True
    return data.rows(~kept), data.rows(kept) if kept.any() else None


def draw(data: Data, n: int, seed: int | None = None) -> Data:
    """Only n different images, as many of each class: drawn with a seed, the first ones without.

    Without labels, n of all.  ValueError for a set that is a stream, and for an n that it cannot give.
    """
    if isinstance(data.images, tf.data.Dataset):
        raise ValueError(f"{data.name} is a stream: its first images cannot be picked out")
    labels = np.zeros(len(data.images), np.int32) if data.labels is None else data.labels
    classes, counts = np.unique(labels, return_counts=True)
    k, most = len(classes), int(counts.min())
    if n % k or not 1 <= n // k <= most:
        raise ValueError(f"n_images is {n}; {data.name} has {k} classes and gives 1 to {most} "
                         f"images of each: a multiple of {k}, at most {k * most}")  # fmt: skip
    rows = [np.flatnonzero(labels == y) for y in classes]
    if seed is not None:
        rng = np.random.default_rng(checks.seed("seed", seed))
        rows = [rng.permutation(mine) for mine in rows]
    return data.rows(np.concatenate([mine[: n // k] for mine in rows]))


def first(data: Data, n: int, seed: int | None = None) -> Data:
    """What `draw` gives, for a GAN that sees few images.

    Each is repeated until the set is as long as before, so that an epoch has as many steps: what
    differs between two n is n alone.
    """
    few = draw(data, n, seed)
    return few.rows(np.resize(np.arange(n), len(data.images)))  # the same rows over and over
