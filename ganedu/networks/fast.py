"""Keras layers made cheaper on a CPU: batch norm, dropout, the two convolutions.

All compute what the Keras layers of the same names compute; only how they do so differs.  They
matter because, with bfloat16 arithmetic, a step on a CPU is no longer spent on multiplications
but on batch norm, dropout and the gradients of the filters.

`Conv2D` and `Conv2DTranspose` are, in float32 or on a GPU, Keras's.  In bfloat16 on a CPU,
TensorFlow's gradients of the filters are slow where a map is small, and its bias gradients are
wrong: both are replaced here.

This module imports nothing else of the package.
"""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("ganedu")
class BatchNormalization(keras.layers.Layer):
    """Batch normalisation in one fused operation, statistics always in float32.

    Per channel, over the batch and all positions:

        y = gamma (x - mean) / sqrt(variance + epsilon) + beta

    where mean and (biased) variance are the batch's own in training, and the moving ones
    otherwise:  moving = momentum * moving + (1 - momentum) * batch.  A frozen layer
    (``trainable = False``) uses the moving ones, as in Keras.

    Args:
        momentum: weight of the past.  0.9 where Keras has 0.99: after 0.99 the start
            values still weigh 37% after 100 steps, and a run of a few hundred steps would
            be sampled with statistics of networks long gone.  0.9 and 1e-5 are also
            Torch's, with which DCGAN was written.
        epsilon: added to the variance; at least 1e-5 here, the fused operation's limit.
        gamma_initializer, beta_initializer: as in Keras.

    Input: ``[N, H, W, C]`` or ``[N, C]``, any float type; the output has the same.
    The moving variance is the biased one, as in Keras.  On several devices use
    ``keras.layers.BatchNormalization(synchronized=True)``: this layer normalises each
    device's share by itself.

    Raises:
        ValueError: momentum outside [0, 1), epsilon below 1e-5, an input of another rank
            or with an unknown number of channels.

    Source: Ioffe and Szegedy 2015, algorithm 1.
    """

    def __init__(
        self,
        momentum: float = 0.9,
        epsilon: float = 1e-5,
        gamma_initializer="ones",
        beta_initializer="zeros",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum must be at least 0 and below 1, not {momentum!r}")
        if not epsilon >= 1e-5:
            raise ValueError(f"epsilon must be at least 1e-5, not {epsilon!r}")
        self.momentum = momentum
        self.epsilon = epsilon
        self.gamma_initializer = keras.initializers.get(gamma_initializer)
        self.beta_initializer = keras.initializers.get(beta_initializer)

    def build(self, input_shape):
        if len(input_shape) not in (2, 4) or input_shape[-1] is None:
            raise ValueError(
                "BatchNormalization needs an input [N, C] or [N, H, W, C] with C known, "
                f"not {tuple(input_shape)}"
            )

        def weight(name, initializer, trainable):
            # float32 under every policy, and not cast on use: bfloat16's 8 bits
            # would lose the small updates of the moving statistics.
            return self.add_weight(
                name=name,
                shape=(input_shape[-1],),
                initializer=initializer,
                dtype="float32",
                autocast=False,
                trainable=trainable,
            )

        self.gamma = weight("gamma", self.gamma_initializer, True)
        self.beta = weight("beta", self.beta_initializer, True)
        self.moving_mean = weight("moving_mean", "zeros", False)
        self.moving_variance = weight("moving_variance", "ones", False)
        super().build(input_shape)

    def call(self, inputs, training=None):
        # (Not inputs[:, None, None]: the gradient of that costs more than the layer.)
        x = inputs
        if inputs.shape.rank == 2:
            x = tf.reshape(inputs, [-1, 1, 1, inputs.shape[-1]])
        training = bool(training) and self.trainable
        # In training the operation takes no statistics in and gives the batch's out.
        y, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            x,
            scale=self.gamma,
            offset=self.beta,
            mean=None if training else tf.convert_to_tensor(self.moving_mean),
            variance=None if training else tf.convert_to_tensor(self.moving_variance),
            epsilon=self.epsilon,
            is_training=training,
        )
        if training:
            # The operation normalises by the biased variance and returns the unbiased.
            n = tf.cast(tf.size(x) // x.shape[-1], tf.float32)
            variance *= tf.maximum(n - 1, 1) / n
            self.moving_mean.assign_add((1 - self.momentum) * (mean - self.moving_mean))
            self.moving_variance.assign_add(
                (1 - self.momentum) * (variance - self.moving_variance)
            )
        return tf.reshape(y, tf.shape(inputs)) if inputs.shape.rank == 2 else y

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "gamma_initializer": keras.initializers.serialize(self.gamma_initializer),
            "beta_initializer": keras.initializers.serialize(self.beta_initializer),
        }


@keras.saving.register_keras_serializable("ganedu")
class Dropout(keras.layers.Layer):
    """Dropout whose mask costs one random byte an element instead of a float.

    A training step of report B's networks, the recipes' with most dropout, takes 0.88
    (bfloat16) or 0.94 (float32) of its time with Keras's layer, on two cores.

    In training each element is kept with probability 1 - rate and scaled by
    1 / (1 - rate), so that its expected value stays what it was; otherwise the layer
    does nothing.

    Args:
        rate: the fraction to drop, in [0, 1).  It is rounded to k/256 (0.3 becomes
            77/256 = 0.3008; anything above 0 to at least 1/256), and the scale follows the
            rounded rate, so the expected value is exact.
        seed: of the layer's own ``SeedGenerator``.  The masks depend on that
            generator's state alone, which is among the layer's variables and in its saved
            files: restore it, and the same masks follow.

    Input: any shape, any float type; the output has the same.  There is no
    ``noise_shape``.

    Raises:
        ValueError: rate outside [0, 1).

    Source: Srivastava et al. 2014, section 4 (here scaled in training, not in testing).
    """

    def __init__(self, rate: float, seed: int | None = None, **kwargs):
        super().__init__(**kwargs)
        if not 0 <= rate < 1:
            raise ValueError(f"rate must be at least 0 and below 1, not {rate!r}")
        self.rate = rate
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.built = True

    def call(self, inputs, training=None):
        if not training or self.rate == 0:
            return inputs
        dropped = min(max(round(256 * self.rate), 1), 255)
        size = tf.size(inputs)
        words = tf.random.stateless_uniform(
            [(size + 3) // 4],
            seed=self.seed_generator.next(),
            minval=None,
            maxval=None,
            dtype=tf.uint32,
        )
        octets = tf.reshape(tf.bitcast(words, tf.uint8), [-1])[:size]
        keep = tf.reshape(octets >= dropped, tf.shape(inputs))
        return inputs * (tf.cast(keep, inputs.dtype) * (256 / (256 - dropped)))

    def compute_output_shape(self, input_shape):
        return input_shape

    # Keras leaves the state of a SeedGenerator out of its .keras and .weights.h5 files.
    def save_own_variables(self, store):
        store["seed_state"] = self.seed_generator.state.numpy()

    def load_own_variables(self, store):
        self.seed_generator.state.assign(store["seed_state"][()])

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}


# Filter gradients
#
# A convolution y = conv(x, w) is linear in x and in w.  With <a, b> the sum of products,
# the three maps below are tied by
#
#     <dy, conv(x, w)>  =  <conv_transpose(dy, w), x>  =  <filter_gradient(x, dy), w>
#
# so each one's gradients are the other two.  TensorFlow's own third map
# (Conv2DBackpropFilter) is slow in bfloat16 where the map is small and the filters are
# many; there we compute it by the first one, an ordinary convolution.


def filter_gradient(x, dy, kernel_size, strides, padding):
    """The gradient of <dy, conv(x, w)> with respect to w, as an ordinary convolution.

        dw[i, j, c, f] = sum over n, p, q of  x[n, s p + i, s q + j, c] dy[n, p, q, f]

    Read as a convolution: the channels c are the batch, the examples n the channels, dy
    is the kernel, with holes of the stride s between its taps, and (i, j) are the positions.

    Args:
        x: ``[N, H, W, C]``, H and W known.  dy: ``[N, P, Q, F]``, P and Q known.
        kernel_size, strides: pairs.  padding: ``"same"`` or ``"valid"``.

    Returns:
        ``[*kernel_size, C, F]``.
    """
    pads = []
    for size, out, k, s in zip(x.shape[1:3], dy.shape[1:3], kernel_size, strides, strict=True):
        needed = (out - 1) * s + k  # rows (or columns) of the padded x that conv reads
        before = max(needed - size, 0) // 2 if padding == "same" else 0
        pads.append((before, needed - size - before))
    # A negative pad cuts what conv never reads.
    (top, bottom), (left, right) = pads
    x = x[:, : min(bottom, 0) or None, : min(right, 0) or None]
    # Padded by the convolution, which skips the zeros: up to a third faster than tf.pad first.
    dw = tf.nn.conv2d(
        tf.transpose(x, [3, 1, 2, 0]),
        tf.transpose(dy, [1, 2, 0, 3]),
        strides=1,
        padding=[[0, 0], [top, max(bottom, 0)], [left, max(right, 0)], [0, 0]],
        dilations=strides,
    )
    return tf.transpose(dw, [1, 2, 0, 3])


def _maps(kernel_size, strides, padding):
    """The three maps of the comment above, the third by ``filter_gradient``."""
    options = {"strides": strides, "padding": padding.upper()}

    @tf.custom_gradient
    def conv(x, w):
        def gradients(dy):
            return conv_transpose(dy, w, tf.shape(x)), to_filter(x, dy)

        return tf.nn.conv2d(x, w, **options), gradients

    @tf.custom_gradient
    def conv_transpose(dy, w, output_shape):
        def gradients(dx):
            return conv(dx, w), to_filter(dx, dy), None

        return tf.nn.conv2d_transpose(dy, w, output_shape, **options), gradients

    @tf.custom_gradient
    def to_filter(x, dy):
        def gradients(dw):
            return conv_transpose(dy, dw, tf.shape(x)), conv(x, dw)

        return filter_gradient(x, dy, kernel_size, strides, padding), gradients

    return conv, conv_transpose


@tf.custom_gradient
def add_bias(y, bias):
    """y ``[N, H, W, C]`` + bias ``[C]``, with a bias gradient that can be trusted.

    That gradient is the sum of dy over all but the channels.  TensorFlow's own, in bfloat16 on
    a CPU, also keeps the running sum in bfloat16, where 256 + 1 = 256.
    """

    def gradients(dy):
        return dy, tf.reduce_sum(dy, axis=[0, 1, 2])

    return tf.nn.bias_add(y, bias), gradients


def _biased_and_activated(layer, y):
    if layer.use_bias:
        y = add_bias(y, tf.convert_to_tensor(layer.bias))
    return layer.activation(y)


def _bfloat16_on_cpu(layer, inputs) -> bool:
    """Where our convolutions differ from Keras's at all."""
    return (
        inputs.dtype == "bfloat16"
        and layer.data_format == "channels_last"
        and not tf.config.list_physical_devices("GPU")
    )


def _rewrite_pays(layer, inputs, large, small) -> bool:
    """Whether ``filter_gradient`` is used: on a CPU, in bfloat16, for maps up to 8x8.

    ``large`` and ``small`` are the shapes on the two sides of the convolution.  A rule of
    shapes, not a measurement, so that a run computes the same wherever it is trained.  Of
    Conv2DBackpropFilter's time, batch 128, the rewrite takes

        small map                 4x4           7x7           8x8     16x16
        AVX-512 without AMX       0.25          0.5 to 0.6    0.7     1.2
        AMX, padded beforehand    0.2 to 0.5    0.6 to 1.1    more    more

    and without AMX the step of report D's networks is 6% shorter than with maps up to 7x7.
    With AMX it has not been measured since the convolution pads by itself, which is faster.
    In float32 little or nothing is won.
    """
    return (
        _bfloat16_on_cpu(layer, inputs)
        and None not in (*large[1:3], *small[1:3])
        and small[1] * small[2] <= 64
        and layer.padding in ("same", "valid")
        and tuple(layer.dilation_rate) == (1, 1)
        and getattr(layer, "groups", 1) == 1
        and getattr(layer, "output_padding", None) is None
    )


@keras.saving.register_keras_serializable("ganedu")
class Conv2D(keras.layers.Conv2D):
    """``keras.layers.Conv2D``, with better gradients in bfloat16 on a CPU.

    Those of small maps' filters are faster, that of the bias is exact (see ``add_bias``).
    """

    def convolution_op(self, inputs, kernel):
        shape = self.compute_output_shape(inputs.shape)
        if not _rewrite_pays(self, inputs, inputs.shape, shape):
            return super().convolution_op(inputs, kernel)
        conv, _ = _maps(self.kernel_size, self.strides, self.padding)
        return conv(inputs, tf.convert_to_tensor(kernel))

    def call(self, inputs):
        if not _bfloat16_on_cpu(self, inputs):
            return super().call(inputs)
        return _biased_and_activated(self, self.convolution_op(inputs, self.kernel))


@keras.saving.register_keras_serializable("ganedu")
class Conv2DTranspose(keras.layers.Conv2DTranspose):
    """``keras.layers.Conv2DTranspose``, with better gradients in bfloat16 on a CPU.

    Those of small maps' filters are faster, that of the bias is exact (see ``add_bias``).
    """

    def call(self, inputs):
        shape = self.compute_output_shape(inputs.shape)
        if _rewrite_pays(self, inputs, shape, inputs.shape):
            _, conv_transpose = _maps(self.kernel_size, self.strides, self.padding)
            y = conv_transpose(
                inputs,
                tf.convert_to_tensor(self.kernel),
                tf.stack([tf.shape(inputs)[0], *shape[1:]]),
            )
            y = tf.ensure_shape(y, shape)
        elif _bfloat16_on_cpu(self, inputs):
            y = keras.ops.conv_transpose(
                inputs,
                self.kernel,
                strides=self.strides,
                padding=self.padding,
                output_padding=self.output_padding,
                dilation_rate=self.dilation_rate,
            )
        else:
            return super().call(inputs)
        return _biased_and_activated(self, y)
