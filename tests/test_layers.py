"""Our layers against NumPy and against Keras's own."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from ganedu import layers


def rng(seed=0):
    return np.random.default_rng(seed)


def normal(*shape, seed=0):
    return rng(seed).normal(size=shape).astype("float32")


def close(a, b, tolerance=1e-5):
    """Equal within `tolerance` of the largest element."""
    a, b = np.asarray(a, "float64"), np.asarray(b, "float64")
    assert a.shape == b.shape
    assert np.abs(a - b).max() <= tolerance * max(np.abs(b).max(), 1e-3)


# Batch normalisation


def norms(x, **settings):
    """Ours and Keras's, with the same gamma and beta."""
    settings = {"momentum": 0.9, "epsilon": 1e-5, **settings}
    ours = layers.BatchNormalization(**settings)
    theirs = keras.layers.BatchNormalization(**settings)
    gamma, beta = 1 + normal(x.shape[-1], seed=1), normal(x.shape[-1], seed=2)
    for layer in ours, theirs:
        layer.build(x.shape)
        layer.gamma.assign(gamma)
        layer.beta.assign(beta)
    return ours, theirs


@pytest.mark.parametrize(
    "shape", [(5, 7), (3, 4, 5, 6), (7, 1, 3, 2), (129, 2, 2, 3), (1, 3, 3, 2)]
)
def test_batch_norm_is_the_formula(shape):
    x = 3 + 2 * normal(*shape)
    layer, _ = norms(x)
    y = layer(x, training=True)
    axes = tuple(range(len(shape) - 1))
    mean, variance = x.mean(axes), x.var(axes)
    gamma, beta = layer.gamma.numpy(), layer.beta.numpy()
    close(y, gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta)
    close(layer.moving_mean, 0.1 * mean)
    close(layer.moving_variance, 0.9 + 0.1 * variance)
    moved = layer.moving_mean.numpy(), layer.moving_variance.numpy()
    close(layer(x, training=False), gamma * (x - moved[0]) / np.sqrt(moved[1] + 1e-5) + beta)
    assert (layer.moving_mean.numpy() == moved[0]).all()


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape", [(9, 7), (3, 4, 5, 6), (33, 7, 7, 8)])
def test_batch_norm_is_keras(shape, training):
    x, dy = tf.constant(1 + normal(*shape)), tf.constant(normal(*shape, seed=3))
    results = []
    for layer in norms(x):
        for step in range(3):  # the moving statistics move
            layer(x + step, training=True)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, training=training)
        gradients = tape.gradient(y, [x, *layer.trainable_variables], dy)
        results.append([y, *gradients, *layer.variables])
    for a, b in zip(*results, strict=True):
        close(a, b)


def test_batch_norm_second_derivative_is_keras():
    x = tf.constant(normal(6, 3, 3, 4))
    results = []
    for layer in norms(x):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = tf.reduce_sum(tf.sin(layer(x, training=True)))
            penalty = tf.reduce_sum(inner.gradient(y, x) ** 2)
        results.append(outer.gradient(penalty, x))
    close(*results, tolerance=1e-4)


def test_batch_norm_in_bfloat16_keeps_float32_statistics():
    x = 2 + normal(65, 5, 5, 6)
    ours, exact = norms(x, dtype="mixed_bfloat16")[0], norms(x)[0]
    y = ours(tf.cast(x, "bfloat16"), training=True)
    assert y.dtype == tf.bfloat16
    assert {v.dtype for v in ours.variables} == {"float32"}
    close(tf.cast(y, "float32"), exact(x, training=True), 0.02)
    close(ours.moving_variance, exact.moving_variance, 0.01)
    # A step far below bfloat16's resolution at 1 must not be lost.
    ours.moving_mean.assign(tf.ones(6))
    ours.momentum = 1 - 1e-4
    ours(tf.cast(x, "bfloat16"), training=True)
    assert (ours.moving_mean.numpy() > 1).all()


def test_frozen_batch_norm_uses_and_keeps_its_moving_statistics():
    x = normal(8, 3)
    layer, _ = norms(x)
    layer.trainable = False
    close(layer(x, training=True), layer(x, training=False), 0)
    assert (layer.moving_mean.numpy() == 0).all()


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"momentum": 1}, "momentum"),
        ({"epsilon": 1e-6}, "epsilon"),
        ({"epsilon": -1}, "epsilon"),
    ],
)
def test_batch_norm_refuses(settings, message):
    with pytest.raises(ValueError, match=message):
        layers.BatchNormalization(**settings)


def test_batch_norm_refuses_other_ranks():
    with pytest.raises(ValueError, match=r"\(2, 3, 4\)"):
        layers.BatchNormalization().build((2, 3, 4))


# Dropout


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("rate", [0.001, 0.3, 0.5, 0.999])
def test_dropout_keeps_the_expected_value(rate, dtype):
    n = 400_001
    layer = layers.Dropout(rate, seed=0, dtype=dtype)
    y = np.asarray(tf.cast(layer(tf.ones(n, dtype), training=True), "float32"))
    drop = min(max(round(256 * rate), 1), 255) / 256
    assert abs(drop - rate) <= 1 / 256
    kept = y != 0
    close(np.unique(y[kept]), [1 / (1 - drop)], 1e-6 if dtype == "float32" else 4e-3)
    # Five standard deviations of a binomial share.
    assert abs(kept.mean() - (1 - drop)) < 5 * np.sqrt(drop * (1 - drop) / n)


def test_dropout_masks_are_independent_of_place_and_call():
    layer = layers.Dropout(0.5, seed=0)
    x = tf.ones((64, 5, 7, 3))
    a, b = (layer(x, training=True).numpy().ravel() > 0 for _ in range(2))
    spread = 5 * np.sqrt(0.25 / a.size)
    for other in b, np.roll(a, 1), np.roll(a, 4), np.roll(a, 105):
        assert abs((a == other).mean() - 0.5) < spread


def test_dropout_passes_the_gradient_through_its_own_mask():
    layer = layers.Dropout(0.3, seed=0)
    x, dy = tf.constant(normal(31, 7)), tf.constant(normal(31, 7, seed=1))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x, training=True)
    close(tape.gradient(y, x, dy), dy * y / x)


def test_dropout_is_the_identity_when_off():
    x = normal(5, 3)
    assert (layers.Dropout(0.7)(x, training=False).numpy() == x).all()
    assert (layers.Dropout(0)(x, training=True).numpy() == x).all()


def test_dropout_goes_on_from_its_restored_variables():
    x = tf.ones((9, 11))
    layer, other = layers.Dropout(0.4, seed=1), layers.Dropout(0.4, seed=2)
    draw = tf.function(lambda: layer(x, training=True))
    draw()
    for target, source in zip(other.variables, layer.variables, strict=True):
        target.assign(source)
    following = [draw().numpy() for _ in range(3)]
    assert not (following[0] == following[1]).all()
    for expected in following:
        assert (other(x, training=True).numpy() == expected).all()


@pytest.mark.parametrize("rate", [-0.1, 1, 1.5, float("nan")])
def test_dropout_refuses(rate):
    with pytest.raises(ValueError, match="rate"):
        layers.Dropout(rate)


# Convolutions


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
    ours = layers.filter_gradient(
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
    monkeypatch.setattr(layers, "_rewrite_pays", lambda *_: request.param == "rewritten")
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
    pair = [getattr(module, name)(**settings) for module in (layers, keras.layers)]
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
        for module in (layers, keras.layers)
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
    for a, b in zip(*results, strict=True):
        close(a, b, 0.02)


@pytest.mark.parametrize("name", ["Conv2D", "Conv2DTranspose"])
@pytest.mark.parametrize("size", [3, 14])
def test_bias_gradients_in_bfloat16_do_not_stall(name, size):
    """Summed in bfloat16, ones stop counting at 256."""
    layer = getattr(layers, name)(2, 3, padding="same", dtype="mixed_bfloat16")
    x = tf.ones((64, size, size, 1))

    def gradient():
        with tf.GradientTape() as tape:
            y = tf.reduce_sum(tf.cast(layer(x), "float32"))
        return tape.gradient(y, layer.bias)

    for gradient in gradient, tf.function(gradient):
        close(gradient(), [64 * size**2] * 2, 2**-8)


def test_the_rewrite_is_used_for_small_maps_in_bfloat16_only(monkeypatch):
    used = []
    original = layers.filter_gradient

    def spy(x, dy, *settings):
        used.append(tuple(dy.shape[1:3]))
        return original(x, dy, *settings)

    monkeypatch.setattr(layers, "filter_gradient", spy)
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])

    def train(layer, size):
        with tf.GradientTape() as tape:
            y = layer(tf.ones((2, size, size, 3)))
        assert tape.gradient(y, layer.trainable_variables)[0] is not None
        return used.pop() if used else None

    def conv(**settings):
        return layers.Conv2D(4, 4, 2, padding="same", **settings)

    def transposed(**settings):
        return layers.Conv2DTranspose(4, 4, 2, padding="same", **settings)

    assert train(conv(dtype="mixed_bfloat16"), 14) == (7, 7)
    assert train(transposed(dtype="mixed_bfloat16"), 7) == (7, 7)
    assert train(conv(dtype="mixed_bfloat16"), 16) is None
    assert train(transposed(dtype="mixed_bfloat16"), 8) is None
    assert train(conv(), 14) is None
    assert train(transposed(), 7) is None
    assert train(layers.Conv2D(4, 3, dilation_rate=2, dtype="mixed_bfloat16"), 9) is None
    output_padding = {"output_padding": 1, "padding": "same", "dtype": "mixed_bfloat16"}
    assert train(layers.Conv2DTranspose(4, 3, 2, **output_padding), 4) is None
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["a GPU"])
    assert train(conv(dtype="mixed_bfloat16"), 14) is None


# All of them


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_a_model_of_our_layers_survives_saving(tmp_path, policy):
    model = keras.Sequential(
        [
            keras.Input((7, 7, 2)),
            layers.Conv2DTranspose(3, 5, 2, padding="same", use_bias=False, dtype=policy),
            layers.BatchNormalization(
                gamma_initializer=keras.initializers.RandomNormal(1, 0.02, seed=0), dtype=policy
            ),
            layers.Dropout(0.25, seed=3, dtype=policy),
            layers.Conv2D(4, 5, 2, padding="same", dtype=policy),
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
    # Batch statistics and masks too: the dropout streams go on together.
    assert (model(x, training=True).numpy() == loaded(x, training=True).numpy()).all()
