"""Lab 3: the layers around the student's functions, and our version of what they compute."""

import keras
import numpy as np
import tensorflow as tf

from .common import Wrong

L = keras.layers
CLASSES = 10


class TwoInputs(L.Layer):
    """A layer of [h, y] that refuses what is no pair, or holds no labels."""

    def __init__(self, *inputs, **options):
        if inputs:
            name = type(self).__name__
            raise Wrong(f"{name}(...) is not the call yet: {name}() makes the layer, and the layer "
                        f"is called on one list: {name}()([h, y])")
        super().__init__(**options)

    def __call__(self, *inputs, **options):
        name = type(self).__name__
        if len(inputs) != 1 or not isinstance(inputs[0], list | tuple) or len(inputs[0]) != 2:
            raise Wrong(f"{name}() takes one list: {name}()([h, y])")
        h, y = inputs[0]
        axes, kind = len(y.shape), keras.backend.standardize_dtype(y.dtype)
        what, labels = f"{name}()([h, y]) got", "y = keras.Input((), dtype='int32')"
        if len(h.shape) == 1 and axes > 1:
            raise Wrong(f"{what} labels first, and then what they belong to: h comes first, then y")
        if axes != 1:
            shape = ["N", *map(str, y.shape[1:])]
            raise Wrong(f"{what} a y of shape [{', '.join(shape)}]; it must be [N], one number an "
                        f"image: {labels}")
        if kind != "int32":
            raise Wrong(f"{what} a y of dtype {kind}; labels are whole numbers: {labels}")
        self.accept(h)
        return super().__call__(*inputs, **options)

    def accept(self, h):
        """Raises `Wrong` for an h that the layer cannot take."""


class JoinLayer(TwoInputs):
    """Around Join()([h, y]); a subclass says what it does in `call`."""


class ProjectionLayer(TwoInputs):
    """The weights v, b and e of Projection()([h, y]); a subclass says what it does in `call`."""

    def accept(self, h):
        if len(h.shape) != 2:
            raise Wrong(f"Projection()([h, y]) got an h of {len(h.shape)} axes; h is [N, F], after "
                        "Flatten")

    def build(self, shapes):
        def start():
            return keras.initializers.RandomNormal(0, 0.02, seed=np.random.randint(2**31))

        features = shapes[0][-1]
        self.v = self.add_weight(shape=(features,), initializer=start(), name="v")
        self.b = self.add_weight(shape=(), initializer="zeros", name="b")
        self.e = self.add_weight(shape=(CLASSES, features), initializer=start(), name="e")


# ------------------------------------------------------------------ reference parts


def _one_hot(y, classes):
    return tf.one_hot(y, classes, dtype=tf.float32)


def _join(h, y, classes):
    vectors = _one_hot(y, classes)
    if len(h.shape) == 4:
        vectors = vectors[:, None, None, :] * tf.ones_like(h[..., :1])
    return tf.concat([h, vectors], axis=-1)


def _projection(h, y, v, b, e):
    return tf.linalg.matvec(h, v) + b + tf.reduce_sum(tf.gather(e, y) * h, axis=1)


class Join(JoinLayer):
    """With our `join`: a slip in the student's costs nothing here."""

    def call(self, inputs):
        return _join(*inputs, CLASSES)


class Projection(ProjectionLayer):
    """With our `projection`."""

    def call(self, inputs):
        return _projection(*inputs, self.v.value, self.b.value, self.e.value)[:, None]


PARTS = {"one_hot": _one_hot, "join": _join, "projection": _projection}
