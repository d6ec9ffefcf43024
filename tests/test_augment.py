"""Augmentations against NumPy."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from ganedu.game import augment


def images(*shape):
    return np.random.default_rng(0).uniform(-0.9, 0.9, shape).astype("float32")


def shifted(x, dy, dx, fill):
    """One image [H, W, C] moved down by dy and to the right by dx, pixel by pixel."""
    y = np.full_like(x, fill)
    height, width, _ = x.shape
    for row in range(height):
        for column in range(width):
            if 0 <= row - dy < height and 0 <= column - dx < width:
                y[row, column] = x[row - dy, column - dx]
    return y


def shifts(x, y, s_h, s_w, fill=-1.0):
    """The (dy, dx) that made y of x, of every image; each must be one that was allowed."""
    found = []
    for a, b in zip(x, np.asarray(y), strict=True):
        every = [(dy, dx) for dy in range(-s_h, s_h + 1) for dx in range(-s_w, s_w + 1)]
        made = [shift for shift in every if (shifted(a, *shift, fill) == b).all()]
        assert len(made) == 1
        found += made
    return np.array(found)


@pytest.mark.parametrize(
    "shape, settings, s_h, s_w",
    [
        ((6, 16, 16, 1), {}, 2, 2),
        ((6, 12, 20, 3), {}, 2, 3),  # 12/8 = 1.5 and 20/8 = 2.5: halves round up
        ((6, 7, 4, 2), {"share": 0.3, "fill": 0.0}, 2, 1),
        ((6, 3, 5, 1), {"share": 0.0}, 0, 0),
    ],
)
def test_translation_shifts_by_whole_pixels(shape, settings, s_h, s_w):
    x = images(*shape)
    y = augment.Translation(**settings)(x, keras.random.SeedGenerator(0))
    assert y.shape == shape and y.dtype == tf.float32
    shifts(x, y, s_h, s_w, settings.get("fill", -1.0))


def test_translation_may_push_all_of_an_image_out():
    x = images(40, 3, 3, 1)
    y = augment.Translation(1.0, fill=0.5)(x, keras.random.SeedGenerator(0)).numpy()
    assert (y == 0.5).all((1, 2, 3)).any() and not (y == 0.5).all((1, 2, 3)).all()


def test_every_shift_is_as_likely_and_rows_do_not_follow_columns():
    n = 4900
    x = np.tile(images(1, 8, 8, 1), (n, 1, 1, 1))
    y = augment.Translation(0.375)(x, keras.random.SeedGenerator(1)).numpy()
    # Where the image's largest pixel went: looked up among all 49 shifted images.
    every = {shifted(x[0], dy, dx, -1.0).tobytes(): (dy, dx)
             for dy in range(-3, 4) for dx in range(-3, 4)}  # fmt: skip
    counts = np.zeros((7, 7))
    for image in y:
        dy, dx = every[image.tobytes()]
        counts[dy + 3, dx + 3] += 1
    # Five standard deviations of a binomial count, mean 100.
    assert np.abs(counts - 100).max() < 5 * np.sqrt(100 * 48 / 49)
    assert np.abs(counts.sum(0) - 700).max() < 5 * np.sqrt(700 * 6 / 7)


def test_translation_goes_on_from_its_seed():
    x, move = images(20, 8, 8, 1), augment.Translation()
    seed, same = keras.random.SeedGenerator(3), keras.random.SeedGenerator(3)
    first, second = move(x, seed).numpy(), move(x, seed).numpy()
    assert (first != second).any()
    assert (move(x, same).numpy() == first).all()
    assert (move(x, 5).numpy() == move(x, 5).numpy()).all()
    # A whole number as seed does not tie rows to columns.
    assert len({abs(dy - dx) for dy, dx in shifts(x, move(x, 5), 1, 1)}) > 1


def test_translation_of_bfloat16_in_a_graph_of_unknown_batch_size():
    x = tf.cast(images(9, 16, 16, 2), "bfloat16")
    seed = keras.random.SeedGenerator(0)
    move = tf.function(
        lambda x: augment.Translation()(x, seed),
        input_signature=[tf.TensorSpec((None, 16, 16, 2), "bfloat16")],
    )
    first, second = move(x), move(x[:4])
    assert first.dtype == tf.bfloat16 and second.shape == (4, 16, 16, 2)
    x, first, second = (tf.cast(a, "float32").numpy() for a in (x, first, second))
    found = shifts(x, first, 2, 2)
    assert (found[:4] != shifts(x[:4], second, 2, 2)).any()


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_the_gradient_is_shifted_back(dtype):
    x = tf.cast(images(5, 8, 9, 3), dtype)
    dy = tf.cast(images(5, 8, 9, 3)[::-1], dtype)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = augment.Translation(0.25)(x, 2)
    dx = tf.cast(tape.gradient(y, x, dy), "float32").numpy()
    x, y, dy = (tf.cast(a, "float32").numpy() for a in (x, y, dy))
    for i, (down, right) in enumerate(shifts(x, y, 2, 2)):
        assert (dx[i] == shifted(dy[i], -down, -right, 0.0)).all()


def test_second_derivatives_as_in_a_gradient_penalty():
    x = tf.constant(images(3, 8, 8, 1))

    @tf.function
    def second(x):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = tf.reduce_sum(augment.Translation()(x, 2) ** 3)
            penalty = tf.reduce_sum(inner.gradient(y, x) ** 2)
        return outer.gradient(penalty, x), augment.Translation()(x, 2)

    # Of a pixel still in the picture y = x^3, (dy/dx)^2 = 9 x^4, and the slope of that 36 x^3.
    slope, y = second(x)
    for i, (down, right) in enumerate(shifts(x.numpy(), y, 1, 1)):
        seen = shifted(np.ones((8, 8, 1)), -down, -right, 0.0)
        assert np.abs(slope[i] - 36 * x[i] ** 3 * seen).max() < 1e-5 * 36


def test_by_name():
    assert isinstance(augment.NAMED["translation"](0.25, 0.0), augment.Translation)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: augment.Translation(-0.1), "share is -0.1"),
        (lambda: augment.Translation(1.5), "share is 1.5"),
        (lambda: augment.Translation(float("nan")), "share"),
        (lambda: augment.Translation(fill=-2), "fill is -2"),
        (lambda: augment.Translation()(images(8, 8, 1), 0), r"x has shape \(8, 8, 1\)"),
    ],
)
def test_translation_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()
