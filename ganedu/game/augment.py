"""Augmentation inside the step: what D sees is moved about, real and fake images alike.

A discriminator that has few real images soon knows them by heart.  Augmenting the real ones
alone would teach G to make augmented images; here D sees every image, real or fake, only after
a random change, and G's gradient flows back through that change (DiffAugment).  An
augmentation is a callable (x, seed) -> x, given to `GAN.compile(augment=...)`.

A Keras layer, say ``keras.layers.RandomTranslation``, will do too: see `OfLayer`.
"""

import keras
import tensorflow as tf

from .. import checks, named


class Translation:
    """Each image shifted by whole pixels, at random: x [N, H, W, C] -> same shape and type.

    Shifts are drawn for each image, uniformly from the whole numbers

        dy in [-s_h, s_h],  s_h = round(share * H)        rows, down where positive
        dx in [-s_w, s_w],  s_w = round(share * W)        columns, to the right

    (halves round up): by default 28x28 and 32x32 images move by up to 4 pixels.  What leaves
    the image is lost, what comes in is `fill`.

    Args:
        share: the largest shift as a share of the side, in [0, 1].
        fill: the value of the pixels that come in.  -1, black, is the background of digits and
            clothes, where a shifted image is still a likely one.  The paper's is 0, mid-grey in
            [-1, 1]: for photographs, that have no background colour.

    Called with x (float32 or bfloat16, H and W known) and seed, a
    ``keras.random.SeedGenerator`` or, for the same shifts each time, a whole number.
    Differentiable in x.

    Raises:
        ValueError: share outside [0, 1], a fill that is not in [-1, 1], x of another rank or
            with H or W unknown.

    Source: Zhao et al. 2020, section 3.2; 1/8 is their share.
    """

    def __init__(self, share: float = 0.125, fill: float = -1.0):
        self.share = checks.number("share", share, "[0, 1]")
        self.fill = checks.number("fill", fill, "[-1, 1]")

    def __call__(self, x, seed):
        x = tf.convert_to_tensor(x)
        if x.shape.rank != 4 or None in x.shape[1:3]:
            raise ValueError(f"x has shape {x.shape}; it must be [N, H, W, C], H and W known")
        n, (height, width) = tf.shape(x)[0], x.shape[1:3]
        s_h, s_w = (int(self.share * side + 0.5) for side in (height, width))
        padding = [[0, 0], [s_h, s_h], [s_w, s_w], [0, 0]]
        padded = tf.pad(x, padding, constant_values=tf.cast(self.fill, x.dtype))

        # One draw for both: a whole number as seed would shift rows and columns by equal draws.
        u = keras.random.uniform((n, 2), dtype="float32", seed=seed)  # in [0, 1)
        sides = tf.constant([2 * s_h + 1, 2 * s_w + 1], "float32")
        start = tf.cast(u * sides, "int32")  # 0 ... 2 s: s - dy and s - dx
        rows = start[:, :1] + tf.range(height)  # [N, H], the row of `padded` for each of y
        columns = start[:, 1:] + tf.range(width)
        y = tf.gather(padded, rows, axis=1, batch_dims=1)
        return tf.gather(y, columns, axis=2, batch_dims=1)


class OfLayer:
    """A Keras layer as augmentation: the layer in training mode, on float32.

    Its random state is its own, not `seed`; it is in `variables`, and so in a run's checkpoints.
    G learns through the layer only if it has a gradient: those that round, shuffle or look up
    colours have none.
    """

    def __init__(self, layer):
        self.layer = layer

    @property
    def variables(self):
        return self.layer.variables

    def __call__(self, x, seed):
        return tf.cast(self.layer(x, training=True), x.dtype)


NAMED = {"translation": Translation}


def get(name):
    """The augmentation of that name (see `NAMED`), a Keras layer's, or the object as it is."""
    if name is None:
        return None
    if isinstance(name, keras.layers.Layer):
        return OfLayer(name)
    return named.get("augment", NAMED, name, ("__call__",))


def spec(augment):
    """Plain values of which `get` makes an equal augmentation."""
    if augment is None:
        return None
    if isinstance(augment, OfLayer):
        return keras.saving.serialize_keras_object(augment.layer)
    return named.spec("augment", NAMED, augment)
