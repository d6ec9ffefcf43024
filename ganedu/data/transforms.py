"""What is done to images before training, each step said in the open.

Each transform is called with images [..., H, W, C] (one or a batch) and a seed (int32 [2]); the
same seed gives the same bits.  They are dataclasses so that a printed chain can be read.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from .. import checks


@dataclass(frozen=True)
class centre_crop:
    """Keeps the central `fraction` of the height and of the width.  Use it before `resize`."""

    fraction: float

    def __post_init__(self):
        checks.number("fraction", self.fraction, "(0, 1]")

    def __call__(self, images, seed=None):
        return _centre(images, lambda h, w: (self._part(h), self._part(w)))

    def _part(self, side):
        if isinstance(side, int):
            return max(1, round(side * self.fraction))
        return tf.maximum(1, tf.cast(tf.round(tf.cast(side, tf.float64) * self.fraction), tf.int32))


def _centre(images, target: Callable):
    """Cuts the central part whose (height, width) is `target(height, width)`.

    Sizes that are known stay Python numbers, so that the result's size is known too.
    """
    images = tf.convert_to_tensor(images)
    sides = images.shape[-3:-1]
    h, w = sides if None not in sides else tf.unstack(tf.shape(images)[-3:-1])
    th, tw = target(h, w)
    top, left = (h - th) // 2, (w - tw) // 2
    return images[..., top : top + th, left : left + tw, :]


@dataclass(frozen=True)
class resize:
    """Makes images `size` x `size`, uint8 staying uint8.

    The longer side is cut to a square first: nothing is stretched.  Bilinear, with the
    filter widened when shrinking, so that no fine detail turns into false patterns.
    """

    size: int

    def __post_init__(self):
        checks.whole("size", self.size, 1)

    def __call__(self, images, seed=None):
        images = _centre(images, self._square)
        out = tf.image.resize(images, (self.size, self.size), antialias=True)
        return _back_to(out, images.dtype)

    def _square(self, h, w):
        return (min(h, w) if isinstance(h, int) else tf.minimum(h, w),) * 2


def _back_to(out, dtype):
    if dtype != tf.uint8:
        return tf.cast(out, dtype)
    return tf.cast(tf.clip_by_value(tf.round(out), 0, 255), tf.uint8)


@dataclass(frozen=True)
class to_rgb:
    """Grey [..., H, W, 1] to three equal channels; colour stays as it is."""

    def __call__(self, images, seed=None):
        images = tf.convert_to_tensor(images)
        if images.shape[-1] not in (1, 3):
            raise ValueError(f"to_rgb() needs 1 or 3 channels, got shape {images.shape}")
        return images if images.shape[-1] == 3 else tf.repeat(images, 3, axis=-1)


@dataclass(frozen=True)
class flip:
    """Mirrors each image left to right with probability one half.  Not for digits."""

    def __call__(self, images, seed):
        images = tf.convert_to_tensor(images)
        heads = tf.random.stateless_uniform(tf.shape(images)[:-3], seed) < 0.5
        return tf.where(heads[..., None, None, None], tf.reverse(images, [-2]), images)


@dataclass(frozen=True)
class rotate:
    """Turns each image about its centre by an angle uniform in [-degrees, degrees].

    What comes in at the corners is the image mirrored at its edge.
    """

    degrees: float

    def __post_init__(self):
        checks.number("degrees", self.degrees, "[0, 180]")

    def __call__(self, images, seed):
        images = tf.convert_to_tensor(images)
        batch = images if images.shape.rank == 4 else images[None]
        limit = self.degrees * np.pi / 180
        angle = tf.random.stateless_uniform(tf.shape(batch)[:1], seed, -limit, limit)
        cos, sin = tf.cos(angle), tf.sin(angle)
        out = affine(tf.cast(batch, tf.float32), (cos, -sin, sin, cos))
        out = tf.ensure_shape(_back_to(out, images.dtype), batch.shape)
        return out if images.shape.rank == 4 else out[0]


def affine(images, matrix, shift=(0.0, 0.0), fill=None):
    """Float images [N, H, W, C], each under an affine map of its own, read bilinearly.

    Output pixel p = (x, y) shows the input at  A (p - centre) + centre + shift.

    Args:
        matrix: the rows of A one after the other, four arrays [N].
        shift: right and down, in pixels, two arrays [N] or numbers.
        fill: what comes in at the edges: a value, or None for the image mirrored at its edge.
    """
    n, h, w = tf.unstack(tf.shape(images)[:3])
    (a, b, d, e), (right, down) = matrix, shift
    cx, cy = (tf.cast(side - 1, tf.float32) / 2 for side in (w, h))
    # It is read at (a x + b y + c, d x + e y + f).
    c, f = cx - a * cx - b * cy + right, cy - d * cx - e * cy + down
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=tf.stack([a, b, c, d, e, f, tf.zeros([n]), tf.zeros([n])], axis=1),
        output_shape=tf.stack([h, w]),
        fill_value=0.0 if fill is None else fill,
        interpolation="BILINEAR",
        fill_mode="REFLECT" if fill is None else "CONSTANT",
    )


@dataclass(frozen=True)
class scale:
    """uint8 0..255 to float32 [-1, 1], the range of a generator's tanh: x / 127.5 - 1."""

    def __call__(self, images, seed=None):
        images = tf.convert_to_tensor(images)
        if images.dtype != tf.uint8:
            raise ValueError(f"scale() needs uint8 images, got {images.dtype.name}: scaled twice?")
        return tf.cast(images, tf.float32) / 127.5 - 1.0


def without_autograph(function: Callable) -> Callable:
    """Keeps AutoGraph, which would rewrite (and re-word the errors of) our code, away."""
    return tf.autograph.experimental.do_not_convert(function)
