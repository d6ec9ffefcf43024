"""Our convolutions against NumPy and against Keras's own."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers import close, normal

from ganedu.networks import fast


def numpy_filter_gradient(x, dy, kernel_size, strides, padding):
    """dw[i, j, c, f] = sum of x[n, s p + i, s q + j, c] dy[n, p, q, f], one tap at a time."""
    pads = [(0, 0)]
    for size, out, k, s in zip(x.shape[1:3], dy.shape[1:3], kernel_size, strides, strict=True):
        total = max((out - 1) * s + k - size, 0) if padding == "same" else 0
        pads.append((total // 2, total - total // 2))
    x = np.pad(x, [*pads, (0, 0)])
    (s, t), (rows, columns) = strides, dy.shape[1:3]
    dw = np.empty((*kernel_size, x.shape[-1], dy.shape[-1]))
    for i, j in np.ndindex(*kernel_size):
        seen = x[:, i : i + s * rows : s, j : j + t * columns : t][:, :rows, :columns]
        dw[i, j] = np.einsum("npqc,npqf->cf", seen, dy)
    return dw


def check_filter_gradient(shape, filters, kernel_size, strides, padding):
    options = {"filters": filters, "kernel_size": kernel_size, "strides": strides}
    layer = keras.layers.Conv2D(**options, padding=padding)
    x, dy = normal(*shape), normal(*layer.compute_output_shape(shape), seed=2)
    ours = fast.filter_gradient(
        tf.constant(x), tf.constant(dy), kernel_size, strides, padding
    )
    close(ours, numpy_filter_gradient(x, dy, kernel_size, strides, padding))


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("strides", [(1, 1), (2, 2), (3, 3), (1, 2)])
@pytest.mark.parametrize(
    "kernel_size", [(1, 1), (2, 3), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7)]
)
def test_filter_gradient_is_its_formula(kernel_size, strides, padding):
    for height, width in (7, 7), (8, 9), (13, 16):
        check_filter_gradient((5, height, width, 3), 4, kernel_size, strides, padding)


@pytest.mark.parametrize(
    "shape, filters, kernel, stride",
    [((2, 64, 64, 3), 8, 4, 2), ((3, 7, 7, 1), 16, 5, 1), ((2, 4, 4, 1024), 1, 4, 1),
     ((2, 8, 8, 1), 1024, 3, 2), ((1, 28, 28, 1), 64, 5, 2), ((130, 14, 14, 2), 3, 5, 2)],
)  # fmt: skip
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_filter_gradient_at_a_gans_sizes(shape, filters, kernel, stride, padding):
    check_filter_gradient(shape, filters, (kernel, kernel), (stride, stride), padding)


@pytest.fixture(params=["rewritten", "plain"])
def path(request, monkeypatch):
    """Both ways through the layers, whatever the machine and the type."""
    monkeypatch.setattr(fast, "_rewrite_pays", lambda *_: request.param == "rewritten")
    return request.param


# name, input [N, H, W, C], settings
CASES = [
    ("Conv2D", (3, 14, 14, 5), {"kernel_size": 5, "strides": 2, "padding": "same"}),
    ("Conv2D", (3, 9, 8, 5), {"kernel_size": 4, "strides": 2, "padding": "valid"}),
    ("Conv2D", (3, 4, 4, 5), {"kernel_size": 4, "strides": 1, "padding": "valid"}),
    ("Conv2D", (3, 7, 7, 5), {"kernel_size": 3, "strides": 1, "padding": "same"}),
    ("Conv2DTranspose", (3, 7, 7, 5), {"kernel_size": 5, "strides": 2, "padding": "same"}),
    ("Conv2DTranspose", (3, 4, 4, 5), {"kernel_size": 4, "strides": 2, "padding": "same"}),
    ("Conv2DTranspose", (3, 7, 7, 5), {"kernel_size": 5, "strides": 1, "padding": "same"}),
    ("Conv2DTranspose", (3, 1, 1, 5), {"kernel_size": 7, "strides": 1, "padding": "valid"}),
    ("Conv2DTranspose", (3, 3, 4, 5), {"kernel_size": 3, "strides": 2, "padding": "valid"}),
    ("Conv2DTranspose", (3, 3, 4, 5), {"kernel_size": 2, "strides": 3, "padding": "valid"}),
]


def pair(name, shape, settings):
    """Ours and Keras's, with equal weights."""
    settings = {"filters": 6, "activation": "tanh", "bias_initializer": "ones", **settings}
    pair = [getattr(module, name)(**settings) for module in (fast, keras.layers)]
    for layer in pair:
        layer.build(shape)
        layer.set_weights([0.2 * w for w in (normal(*w.shape) for w in pair[0].weights)])
    return pair


@pytest.mark.parametrize("name, shape, settings", CASES)
@pytest.mark.parametrize("use_bias", [True, False])
def test_convolutions_are_keras(path, name, shape, settings, use_bias):
    x = tf.constant(normal(*shape, seed=3))
    results = []
    for layer in pair(name, shape, {**settings, "use_bias": use_bias}):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x)
        dy = tf.constant(normal(*y.shape, seed=4))
        results.append([y, *tape.gradient(y, [x, *layer.trainable_variables], dy)])
    for a, b in zip(*results, strict=True):
        close(a, b)


@pytest.mark.parametrize("name, shape, settings", CASES)
def test_convolutions_second_derivatives_are_keras(path, name, shape, settings):
    """As in a gradient penalty: the gradient, by the weights, of the gradient by the input."""
    x = tf.constant(normal(*shape, seed=3))
    results = []
    for layer in pair(name, shape, settings):

        @tf.function
        def second(layer=layer):
            with tf.GradientTape() as outer:
                outer.watch(x)
                with tf.GradientTape() as inner:
                    inner.watch([x])
                    y = layer(x)
                first = inner.gradient(y, [x, *layer.trainable_variables])
                penalty = tf.add_n([tf.reduce_sum(g**2) for g in first])
            return outer.gradient(penalty, [x, *layer.trainable_variables])

        results.append(second())
    for a, b in zip(*results, strict=True):
        close(a, b, 2e-5)


def test_convolutions_take_an_unknown_batch_size(path):
    x = normal(5, 7, 7, 2)
    ours, theirs = (
        keras.Sequential(
            [
                module.Conv2DTranspose(4, 5, 2, padding="same"),
                module.Conv2D(3, 5, 2, padding="same"),
            ]
        )
        for module in (fast, keras.layers)
    )
    results = []
    for model in ours, theirs:
        model.build((None, 7, 7, 2))
        model.set_weights(ours.get_weights())

        @tf.function(input_signature=[tf.TensorSpec((None, 7, 7, 2))])
        def gradients(x, model=model):
            with tf.GradientTape() as tape:
                y = tf.reduce_sum(tf.sin(model(x)))
            return tape.gradient(y, model.trainable_variables)

        results.append(gradients(x))
        assert model(x).shape == (5, 7, 7, 3)
    for a, b in zip(*results, strict=True):
        close(a, b)


@pytest.mark.parametrize("name, shape, settings", CASES)
def test_convolutions_in_bfloat16_are_near_float32(path, name, shape, settings):
    x = normal(*shape, seed=3)
    results = []
    for dtype in "mixed_bfloat16", "float32":
        layer, _ = pair(name, shape, {**settings, "activation": None, "dtype": dtype})
        with tf.GradientTape() as tape:
            y = tf.cast(layer(x), "float32")
        dy = tf.constant(normal(*y.shape, seed=4))
        gradients = tape.gradient(y, layer.trainable_variables, dy)
        assert {g.dtype for g in gradients} == {tf.float32}
        results.append([y, *gradients])
    # TensorFlow's own filter gradient is 2.4% off on a CPU without bfloat16 instructions.
    tolerance = 0.02 if path == "rewritten" else 0.04
    for a, b in zip(*results, strict=True):
        close(a, b, tolerance)


@pytest.mark.parametrize("name", ["Conv2D", "Conv2DTranspose"])
@pytest.mark.parametrize("size", [3, 14])
def test_bias_gradients_in_bfloat16_do_not_stall(name, size):
    """Summed in bfloat16, ones stop counting at 256."""
    layer = getattr(fast, name)(2, 3, padding="same", dtype="mixed_bfloat16")
    x = tf.ones((64, size, size, 1))

    def gradient():
        with tf.GradientTape() as tape:
            y = tf.reduce_sum(tf.cast(layer(x), "float32"))
        return tape.gradient(y, layer.bias)

    for gradient in gradient, tf.function(gradient):
        close(gradient(), [64 * size**2] * 2, 2**-8)


def test_the_rewrite_is_used_for_small_maps_in_bfloat16_only(monkeypatch):
    used = []
    original = fast.filter_gradient

    def spy(x, dy, *settings):
        used.append(tuple(dy.shape[1:3]))
        return original(x, dy, *settings)

    monkeypatch.setattr(fast, "filter_gradient", spy)
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])

    def train(layer, size):
        with tf.GradientTape() as tape:
            y = layer(tf.ones((2, size, size, 3)))
        assert tape.gradient(y, layer.trainable_variables)[0] is not None
        return used.pop() if used else None

    def conv(**settings):
        return fast.Conv2D(4, 4, 2, padding="same", **settings)

    def transposed(**settings):
        return fast.Conv2DTranspose(4, 4, 2, padding="same", **settings)

    assert train(conv(dtype="mixed_bfloat16"), 14) == (7, 7)
    assert train(transposed(dtype="mixed_bfloat16"), 7) == (7, 7)
    assert train(conv(dtype="mixed_bfloat16"), 16) == (8, 8)
    assert train(transposed(dtype="mixed_bfloat16"), 8) == (8, 8)
    assert train(conv(dtype="mixed_bfloat16"), 18) is None
    assert train(transposed(dtype="mixed_bfloat16"), 9) is None
    assert train(conv(), 14) is None
    assert train(transposed(), 7) is None
    assert train(fast.Conv2D(4, 3, dilation_rate=2, dtype="mixed_bfloat16"), 9) is None
    output_padding = {"output_padding": 1, "padding": "same", "dtype": "mixed_bfloat16"}
    assert train(fast.Conv2DTranspose(4, 3, 2, **output_padding), 4) is None
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["a GPU"])
    assert train(conv(dtype="mixed_bfloat16"), 14) is None


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_a_model_of_our_convolutions_survives_saving(tmp_path, policy):
    model = keras.Sequential(
        [
            keras.Input((7, 7, 2)),
            fast.Conv2DTranspose(3, 5, 2, padding="same", dtype=policy),
            fast.Conv2D(4, 5, 2, padding="same", dtype=policy),
            keras.layers.Flatten(dtype=policy),
            keras.layers.Dense(1, dtype="float32"),
        ]
    )
    model.compile("adam", "mse")
    x = normal(12, 7, 7, 2)
    model.fit(x, normal(12, 1), batch_size=4, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert [type(a) for a in loaded.layers] == [type(a) for a in model.layers]
    assert (model.predict(x, verbose=0) == loaded.predict(x, verbose=0)).all()
