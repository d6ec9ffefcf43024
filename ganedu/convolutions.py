"""Keras's two convolutions, with better gradients in bfloat16 on a CPU.

`Conv2D` and `Conv2DTranspose` compute what the Keras layers of the same names compute; in
float32, or on a GPU, they are those layers.  In bfloat16 on a CPU, TensorFlow's gradients of
the filters are slow where a map is small, and its bias gradients are wrong: both are replaced
here.

This module imports nothing else of the package.
"""

import keras
import tensorflow as tf

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
    x = tf.pad(x, [[0, 0], [top, max(bottom, 0)], [left, max(right, 0)], [0, 0]])
    dw = tf.nn.conv2d(
        tf.transpose(x, [3, 1, 2, 0]),
        tf.transpose(dy, [1, 2, 0, 3]),
        strides=1,
        padding="VALID",
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
    """Whether ``filter_gradient`` is used: on a CPU, in bfloat16, for maps up to 7x7.

    ``large`` and ``small`` are the shapes on the two sides of the convolution.  On an
    AMX CPU, batch 128, the rewrite takes 0.2 to 0.5 of Conv2DBackpropFilter's time where
    the small map is 4x4, 0.6 to 1.1 at 7x7, more at 8x8 and above; in float32 it never wins.
    """
    return (
        _bfloat16_on_cpu(layer, inputs)
        and None not in (*large[1:3], *small[1:3])
        and small[1] * small[2] <= 49
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
