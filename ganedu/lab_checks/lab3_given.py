"""Lab 3: the layers around the student's functions, and our version of what they compute."""

import keras
import numpy as np
import tensorflow as tf

from .common import Wrong

L = keras.layers
CLASSES = 10


class JoinLayer(L.Layer):
    """What Join()([h, y]) refuses; a subclass says what it does in `call`."""

    def __call__(self, *inputs, **options):
        if len(inputs) != 1 or not isinstance(inputs[0], list | tuple) or len(inputs[0]) != 2:
            raise Wrong("Join() takes one list: Join()([h, y])")
        kinds = [(len(t.shape), keras.backend.standardize_dtype(t.dtype)) for t in inputs[0]]
        if kinds[1] != (1, "int32"):
            raise Wrong(
                f"Join()([h, y]) got a y with {kinds[1][0]} axes (the images are one) and dtype "
                f"{kinds[1][1]}; labels are one whole number an image: y = keras.Input((), "
                "dtype='int32'). And h comes first, then y")
        return super().__call__(*inputs, **options)


class ProjectionLayer(L.Layer):
    """The weights v, b and e of Projection()([h, y]); a subclass says what it does in `call`."""

    def __call__(self, *inputs, **options):
        if len(inputs) != 1 or not isinstance(inputs[0], list | tuple) or len(inputs[0]) != 2:
            raise Wrong("Projection() takes one list: Projection()([h, y])")
        axes = [len(t.shape) for t in inputs[0]]
        if axes != [2, 1]:
            raise Wrong(f"Projection()([h, y]) got an h of {axes[0]} axes and a y of {axes[1]}; h "
                        "is [N, F], after Flatten, and y, [N], comes second")
        return super().__call__(*inputs, **options)

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
