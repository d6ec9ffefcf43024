"""One refusal for each kind of bad input."""

import numpy as np


def images(name, images, shape=None):
    images = np.asarray(images)
    wanted = "[N, H, W, C]" if shape is None else f"[N, {', '.join(map(str, shape))}]"
    if images.ndim != 4 or not images.size or shape not in (None, images.shape[1:]):
        raise ValueError(f"{name} has shape {images.shape}; give {wanted}, N > 0")
    if images.dtype.kind != "f":
        raise ValueError(
            f"{name} has dtype {images.dtype}; give floats in [-1, 1] (ganedu.data.scale)"
        )
    low, high = float(images.min()), float(images.max())
    if not (low >= -1.001 and high <= 1.001):  # so written, it refuses NaN too
        raise ValueError(f"{name} has pixels from {low:g} to {high:g}; give floats in [-1, 1]")
    return images.astype(np.float32, copy=False)


def labels(name, labels, n, classes=None):
    if labels is None:
        raise ValueError(f"{name} is None; give whole numbers from 0, one an image ({n})")
    labels = np.asarray(labels)
    if labels.shape != (n,):
        raise ValueError(f"{name} has shape {labels.shape}; give one an image, ({n},)")
    if labels.dtype.kind not in "iu":
        raise ValueError(f"{name} has dtype {labels.dtype}; give whole numbers from 0")
    if n and (labels.min() < 0 or classes and labels.max() >= classes):
        most = f" to {classes - 1}" if classes else ""
        raise ValueError(
            f"{name} holds {labels.min()} to {labels.max()}; give whole numbers from 0{most}"
        )
    return labels.astype(np.int64)
