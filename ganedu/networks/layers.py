"""The layers of GAN papers that Keras lacks.

Virtual batch norm (`PrependReference`, `VirtualBatchNormalization`, `DropReference`) and
minibatch discrimination of Salimans et al. 2016, maxout, and the label joined to a layer's
input (`JoinLabels`); and what makes dropout or noise fade away (`Fading`).

This module imports nothing else of the package but `checks`.
"""

import keras
import numpy as np
import tensorflow as tf

from .. import checks

# Virtual batch norm
#
# Batch norm makes an image depend on what else is in its batch.  Here every image is normalised
# with the statistics of one batch R of n examples, the reference, fixed before training, and of
# itself.  R must pass through the same weights as the live examples, and they change at every
# step; so R travels inside the batch.  In a generator:
#
#     PrependReference(R)            [N, ...]     -> [n + N, ...]   R in front of the latents
#     VirtualBatchNormalization(n)   [n + N, ...] -> same           wherever batch norm would be
#     DropReference(n)               [n + N, ...] -> [N, ...]       at the end


@keras.saving.register_keras_serializable("ganedu")
class PrependReference(keras.layers.Layer):
    """Puts n fixed examples in front of the batch: [N, ...] -> [n + N, ...].

    A network with two inputs, latents and labels, has one such layer for each.

    Args:
        reference: array [n, ...], shaped like the input but for n: latents [n, latent_size] or
            labels [n].  It is kept as a weight that is not trained, in float32 whatever the
            input, so that averages of weights can treat it like any other; whole numbers are
            exact up to 2**24.

    Input: any shape and type; the output has the same type, under every policy.

    Raises:
        ValueError: an empty reference, one that is not of numbers, one not shaped like the
            input, fractions before an input of integers.

    Source: Salimans et al. 2016, section 3.5 (claim B-vbn).
    """

    def __init__(self, reference, **kwargs):
        super().__init__(autocast=False, **kwargs)  # the latents keep their float32
        reference = np.asarray(reference)
        if reference.ndim < 1 or reference.shape[0] < 1:
            raise ValueError(
                f"reference has shape {reference.shape}; it must be [n, ...], n at least 1"
            )
        if reference.dtype.kind not in "iuf" or not np.isfinite(reference).all():
            raise ValueError(
                f"reference, of dtype {reference.dtype}, must hold numbers, all of them finite"
            )
        self._start = reference.astype("float32")

    def build(self, input_shape):
        if tuple(input_shape[1:]) != self._start.shape[1:]:
            raise ValueError(
                f"reference has shape {self._start.shape}; before an input "
                f"{tuple(input_shape)} it must be {('n', *input_shape[1:])}"
            )
        self.reference = self.add_weight(
            name="reference",
            shape=self._start.shape,
            initializer=lambda shape, dtype: tf.constant(self._start, dtype),
            dtype="float32",
            autocast=False,
            trainable=False,
        )
        super().build(input_shape)

    def call(self, inputs):
        if inputs.dtype.is_integer and (self._start % 1).any():
            raise ValueError(
                f"reference holds fractions, the input {inputs.dtype.name}; give whole numbers"
            )
        return tf.concat([tf.cast(self.reference, inputs.dtype), inputs], axis=0)

    def get_config(self):
        reference = self.reference.numpy() if self.built else self._start
        return {**super().get_config(), "reference": reference.tolist()}


@keras.saving.register_keras_serializable("ganedu")
class DropReference(keras.layers.Layer):
    """Takes the reference off again: [n + N, ...] -> [N, ...], n = reference_size.

    Input: any shape and type; the output has the same type, under every policy.

    Raises:
        ValueError: a reference_size that is not a positive whole number.
    """

    def __init__(self, reference_size: int, **kwargs):
        super().__init__(autocast=False, **kwargs)  # images stay float32
        self.reference_size = checks.whole("reference_size", reference_size, 1)

    def call(self, inputs):
        return inputs[self.reference_size :]

    def get_config(self):
        return {**super().get_config(), "reference_size": self.reference_size}


@keras.saving.register_keras_serializable("ganedu")
class VirtualBatchNormalization(keras.layers.Layer):
    """Batch norm by a fixed reference batch, the first n examples of the input.

    Per channel, with m_R and q_R the means of the reference's x and x^2 over examples and
    positions, a live example i is normalised by

        m_i = mean(x_i) / (n + 1)  +  n m_R / (n + 1)         mean over i's positions
        q_i = mean(x_i^2) / (n + 1)  +  n q_R / (n + 1)
        y_i = gamma (x_i - m_i) / sqrt(q_i - m_i^2 + epsilon) + beta

    as if it had joined the reference; the reference itself by (m_R, q_R).  What comes out for
    one example does not depend on the other live ones, in training as in inference: there are
    no moving statistics.  Gradients flow through the reference too.  For generators: each
    batch costs n examples more.

    Args:
        reference_size: n.  The n examples come from `PrependReference`; without it the first n
            live examples are taken for the reference, unnoticed.
        epsilon: added to the variance.
        gamma_initializer: as in Keras.  The authors draw gamma from N(1, 0.02), as DCGAN does.

    Input: ``[n + N, H, W, C]`` or ``[n + N, C]``, any float type; the output has the same.
    Statistics and weights are float32.

    Raises:
        ValueError: reference_size not a positive whole number, epsilon not above 0, an input of
            another rank, with an unknown number of channels, or known to be shorter than n.

    Source: Salimans et al. 2016, section 3.5, and its code, openai/improved-gan (claim B-vbn).
    """

    def __init__(
        self, reference_size: int, epsilon: float = 1e-5, gamma_initializer="ones", **kwargs
    ):
        super().__init__(**kwargs)
        checks.number("epsilon", epsilon, "(0, inf)")
        self.reference_size = checks.whole("reference_size", reference_size, 1)
        self.epsilon = epsilon
        self.gamma_initializer = keras.initializers.get(gamma_initializer)

    def build(self, input_shape):
        if len(input_shape) not in (2, 4) or input_shape[-1] is None:
            raise ValueError(
                "VirtualBatchNormalization needs an input [N, C] or [N, H, W, C] with C known, "
                f"not {tuple(input_shape)}"
            )
        if input_shape[0] is not None and input_shape[0] < self.reference_size:
            raise ValueError(
                f"reference_size is {self.reference_size}, but the batch, which starts with "
                f"the reference, has {input_shape[0]} examples; put PrependReference before"
            )
        weight = {"shape": (input_shape[-1],), "dtype": "float32", "autocast": False}
        self.gamma = self.add_weight(name="gamma", initializer=self.gamma_initializer, **weight)
        self.beta = self.add_weight(name="beta", initializer="zeros", **weight)
        super().build(input_shape)

    def call(self, inputs):
        n = self.reference_size
        x = tf.cast(inputs, "float32")
        space = list(range(1, x.shape.rank - 1))  # no axes at all for [N, C]

        mean = tf.reduce_mean(x, space, keepdims=True)  # [n + N, 1, 1, C]
        m_r = tf.reduce_mean(mean[:n], 0, keepdims=True)
        # From here on x is counted from m_R, which leaves q - m^2 as it is: but no longer the
        # small difference of two large numbers, which rounding could make negative.
        square = tf.reduce_mean(tf.math.squared_difference(x, m_r), space, keepdims=True)
        q_r = tf.reduce_mean(square[:n], 0, keepdims=True)

        m_i = (mean[n:] - m_r) / (n + 1)  # + n * 0 / (n + 1)
        q_i = square[n:] / (n + 1) + n * q_r / (n + 1)

        m = tf.concat([tf.repeat(m_r, n, axis=0), m_r + m_i], axis=0)
        variance = tf.concat([tf.repeat(q_r, n, axis=0), q_i - m_i**2], axis=0)
        # The operation is one multiplication and one addition for each x.
        y = tf.nn.batch_normalization(x, m, variance, self.beta, self.gamma, self.epsilon)
        return tf.cast(y, inputs.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "reference_size": self.reference_size,
            "epsilon": self.epsilon,
            "gamma_initializer": keras.initializers.serialize(self.gamma_initializer),
        }


@keras.saving.register_keras_serializable("ganedu")
class MinibatchDiscrimination(keras.layers.Layer):
    """Tells D how close each example is to the rest of its batch: [N, A] -> [N, A + kernels].

    A discriminator that sees one image at a time cannot object to a generator that always makes
    the same one.  With T a trained tensor [A, B, C], B = kernels, C = size, and features f_i:

        M_i  = f_i T                                           [B, C]
        o_ib = sum over j != i of exp(-|| M_ib - M_jb ||_1)    between 0 and N - 1

    and o_i is joined to f_i.  Real and fake images must go through D in separate batches, or
    the closeness of the ones is mixed with that of the others.  The distances take
    N * N * B * C floats: 33 MB for 128 examples and the default sizes.

    Args:
        kernels: B, the number of closenesses.  size: C, the length of the rows compared.
            100 and 5 are the authors' for CIFAR-10.
        initializer: of T; None is N(0, 0.02) with a seed of its own.

    Input: ``[N, A]``, any float type; the output has the same.  M, o and T are float32.

    Raises:
        ValueError: kernels or size not positive whole numbers, an input of another rank or with
            A unknown.

    Source: Salimans et al. 2016, section 3.2 (claim B-ideas).
    """

    def __init__(self, kernels: int = 100, size: int = 5, initializer=None, **kwargs):
        super().__init__(**kwargs)
        self.kernels = checks.whole("kernels", kernels, 1)
        self.size = checks.whole("size", size, 1)
        # Made here, not as the default above: that one object would start all layers alike.
        self.initializer = keras.initializers.get(
            keras.initializers.RandomNormal(0.0, 0.02) if initializer is None else initializer
        )

    def build(self, input_shape):
        if len(input_shape) != 2 or input_shape[-1] is None:
            raise ValueError(
                "MinibatchDiscrimination needs an input [N, A] with A known, not "
                f"{tuple(input_shape)}; flatten it first"
            )
        self.T = self.add_weight(
            name="T",
            shape=(input_shape[-1], self.kernels, self.size),
            initializer=self.initializer,
            dtype="float32",
            autocast=False,
        )
        super().build(input_shape)

    def call(self, inputs):
        f = tf.cast(inputs, "float32")
        M = tf.tensordot(f, tf.convert_to_tensor(self.T), 1)  # [N, B, C]
        distance = tf.reduce_sum(tf.abs(M[:, None] - M[None]), axis=3)  # [N, N, B]
        others = 1 - tf.eye(tf.shape(f)[0])  # j != i
        o = tf.reduce_sum(tf.exp(-distance) * others[:, :, None], axis=1)
        return tf.concat([inputs, tf.cast(o, inputs.dtype)], axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[1] + self.kernels)

    def get_config(self):
        return {
            **super().get_config(),
            "kernels": self.kernels,
            "size": self.size,
            "initializer": keras.initializers.serialize(self.initializer),
        }


@keras.saving.register_keras_serializable("ganedu")
class Maxout(keras.layers.Layer):
    """The largest of each group of channels: [..., C * pieces] -> [..., C].

        y[..., c] = max of  x[..., c * pieces], ..., x[..., c * pieces + pieces - 1]

    Neighbouring channels make a group: with pieces = 2, channels 0 and 1, then 2 and 3.  After
    a dense layer or a convolution of C * pieces units, each group is an activation that is
    learned: the largest of `pieces` linear maps.

    Input: two axes or more, any float type; the output has the same.

    Raises:
        ValueError: pieces not a whole number of at least 2, a number of channels that is
            unknown or that pieces does not divide.

    Source: Goodfellow et al. 2013, section 3 (claim B-ideas).
    """

    def __init__(self, pieces: int = 2, **kwargs):
        super().__init__(**kwargs)
        self.pieces = checks.whole("pieces", pieces, 2)

    def build(self, input_shape):
        if len(input_shape) < 2 or input_shape[-1] is None or input_shape[-1] % self.pieces:
            raise ValueError(
                f"pieces is {self.pieces}; it must divide the number of channels of the input, "
                f"{tuple(input_shape)}"
            )
        super().build(input_shape)

    def call(self, inputs):
        groups = [inputs.shape[-1] // self.pieces, self.pieces]
        shape = tf.concat([tf.shape(inputs)[:-1], groups], axis=0)
        return tf.reduce_max(tf.reshape(inputs, shape), axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] // self.pieces)

    def get_config(self):
        return {**super().get_config(), "pieces": self.pieces}


@keras.saving.register_keras_serializable("ganedu")
class Fading(keras.layers.Wrapper):
    """A layer that does something in training alone, more and more weakly: dropout, noise.

        y = h + strength (layer(h) - h)

    With strength 1 it is the layer, with 0 nothing.  `strength` is a weight that is not trained;
    `experiments.callbacks.Fade` turns it down (claim A-anneal).

    Input: what the layer takes, if the output has the same shape; out of training it is passed on.
    """

    def build(self, input_shape=None):
        self.strength = self.add_weight(
            name="strength", shape=(), dtype="float32", initializer="ones", trainable=False,
            autocast=False,
        )  # fmt: skip
        super().build(input_shape)

    def call(self, inputs, training=False):
        if not training:
            return inputs
        changed = self.layer(inputs, training=True) - inputs
        return inputs + tf.cast(self.strength, inputs.dtype) * changed


@keras.saving.register_keras_serializable("ganedu")
class JoinLabels(keras.layers.Layer):
    """Joins the one-hot vector of each label to a layer's input, as further channels.

    Called as ``JoinLabels(classes)([h, y])``:

        out[i, ..., C + k] = 1 if y_i = k, else 0        k = 0 ... classes - 1

    the same at all positions.

    Args:
        classes: the number of classes.

    Input: h ``[N, C]`` or ``[N, H, W, C]``, any float type, and y ``[N]``, integers.  A label
    outside 0 ... classes - 1 makes a vector of zeros, without an error.
    Output: ``[N, C + classes]`` or ``[N, H, W, C + classes]``, of h's type under every policy.

    Raises:
        ValueError: classes not a positive whole number, anything but such a pair of inputs.

    Source: Radford et al. 2016, section 8.1 and its code for MNIST (claim B-cgan).
    """

    def __init__(self, classes: int, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.classes = checks.whole("classes", classes, 1)

    def build(self, input_shape):
        ranks = [np.ndim(shape) and len(shape) for shape in input_shape]
        if ranks not in ([2, 1], [4, 1]) or input_shape[0][-1] is None:
            raise ValueError(
                "JoinLabels takes [h, y], h [N, C] or [N, H, W, C] with C known and y [N], not "
                f"shapes {input_shape}"
            )
        super().build(input_shape)

    def call(self, inputs):
        h, y = inputs
        if not y.dtype.is_integer:
            raise ValueError(f"y has dtype {y.dtype.name}; labels must be integers")
        one_hot = tf.one_hot(tf.cast(y, "int32"), self.classes, dtype=h.dtype)
        if h.shape.rank == 4:
            one_hot = one_hot[:, None, None] * tf.ones_like(h[..., :1])  # [N, H, W, classes]
        return tf.concat([h, one_hot], axis=-1)

    def get_config(self):
        return {**super().get_config(), "classes": self.classes}
