"""Our layers against NumPy and against Keras's own."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers import close, normal

from ganedu.networks import fast

# Batch normalisation


def norms(x, **settings):
    """Ours and Keras's, with the same gamma and beta."""
    settings = {"momentum": 0.9, "epsilon": 1e-5, **settings}
    ours = fast.BatchNormalization(**settings)
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
        fast.BatchNormalization(**settings)


def test_batch_norm_refuses_other_ranks():
    with pytest.raises(ValueError, match=r"\(2, 3, 4\)"):
        fast.BatchNormalization().build((2, 3, 4))


# Dropout


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("rate", [0.001, 0.3, 0.5, 0.999])
def test_dropout_keeps_the_expected_value(rate, dtype):
    n = 400_001
    layer = fast.Dropout(rate, seed=0, dtype=dtype)
    y = np.asarray(tf.cast(layer(tf.ones(n, dtype), training=True), "float32"))
    drop = min(max(round(256 * rate), 1), 255) / 256
    assert abs(drop - rate) <= 1 / 256
    kept = y != 0
    close(np.unique(y[kept]), [1 / (1 - drop)], 1e-6 if dtype == "float32" else 4e-3)
    # Five standard deviations of a binomial share.
    assert abs(kept.mean() - (1 - drop)) < 5 * np.sqrt(drop * (1 - drop) / n)


def test_dropout_masks_are_independent_of_place_and_call():
    layer = fast.Dropout(0.5, seed=0)
    x = tf.ones((64, 5, 7, 3))
    a, b = (layer(x, training=True).numpy().ravel() > 0 for _ in range(2))
    spread = 5 * np.sqrt(0.25 / a.size)
    for other in b, np.roll(a, 1), np.roll(a, 4), np.roll(a, 105):
        assert abs((a == other).mean() - 0.5) < spread


def test_dropout_passes_the_gradient_through_its_own_mask():
    layer = fast.Dropout(0.3, seed=0)
    x, dy = tf.constant(normal(31, 7)), tf.constant(normal(31, 7, seed=1))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x, training=True)
    close(tape.gradient(y, x, dy), dy * y / x)


def test_dropout_is_the_identity_when_off():
    x = normal(5, 3)
    assert (fast.Dropout(0.7)(x, training=False).numpy() == x).all()
    assert (fast.Dropout(0)(x, training=True).numpy() == x).all()


def test_dropout_goes_on_from_its_restored_variables():
    x = tf.ones((9, 11))
    layer, other = fast.Dropout(0.4, seed=1), fast.Dropout(0.4, seed=2)
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
        fast.Dropout(rate)


# Both


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_a_model_of_our_layers_survives_saving(tmp_path, policy):
    model = keras.Sequential(
        [
            keras.Input((7, 7, 2)),
            keras.layers.Dense(3, dtype=policy),
            fast.BatchNormalization(
                gamma_initializer=keras.initializers.RandomNormal(1, 0.02, seed=0), dtype=policy
            ),
            fast.Dropout(0.25, seed=3, dtype=policy),
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
