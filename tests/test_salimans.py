"""Virtual batch norm, minibatch discrimination, maxout and joined labels against NumPy."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers import close, normal

from ganedu.networks import layers


def differ(a, b):
    assert np.abs(np.asarray(a) - np.asarray(b)).max() > 0.01


def gradients(model, *inputs):
    """Of a curved function of what the model gives, by each of its trained weights."""
    with tf.GradientTape() as tape:
        y = model(*inputs, training=True)
        phases = tf.range(y.shape[-1], dtype="float32")
        loss = tf.reduce_sum(tf.sin(tf.cast(y, "float32") + phases))
    return tape.gradient(loss, model.trainable_variables)


def alive(gradients):
    assert gradients
    for g in gradients:
        assert np.isfinite(g).all() and np.abs(g).max() > 0


# Virtual batch norm


def virtual_batch_norm(x, n, gamma, beta, epsilon=1e-5):
    """The formula as it is written, one example at a time, in float64."""
    x = x.astype("float64")
    space = tuple(range(x.ndim - 2))  # of one example
    m_r = x[:n].mean((0, *(axis + 1 for axis in space)))
    q_r = (x[:n] ** 2).mean((0, *(axis + 1 for axis in space)))
    y = np.empty_like(x)
    for i in range(len(x)):
        if i < n:
            m, q = m_r, q_r
        else:
            m = x[i].mean(space) / (n + 1) + n * m_r / (n + 1)
            q = (x[i] ** 2).mean(space) / (n + 1) + n * q_r / (n + 1)
        y[i] = gamma * (x[i] - m) / np.sqrt(epsilon + q - m**2) + beta
    return y


def norm(shape, n, **settings):
    layer = layers.VirtualBatchNormalization(n, **settings)
    layer.build(shape)
    gamma, beta = 1 + normal(shape[-1], seed=1), normal(shape[-1], seed=2)
    layer.set_weights([gamma, beta])
    return layer, gamma, beta


SHAPES = [((9, 7), 4), ((7, 4, 5, 6), 3), ((130, 1, 1, 3), 128), ((5, 2, 3, 2), 1), ((3, 4), 3)]


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape, n", SHAPES)
def test_virtual_batch_norm_is_the_formula(shape, n, training):
    x = 3 + 2 * normal(*shape)
    x[n:] -= 1.5  # the live examples lie elsewhere than the reference
    layer, gamma, beta = norm(shape, n)
    close(layer(x, training=training), virtual_batch_norm(x, n, gamma, beta))


def test_virtual_batch_norm_is_not_batch_norm_of_the_live_examples():
    """Nor of the whole batch, nor of groups of it: what others call virtual batch norm."""
    x = 3 + 2 * normal(8, 3, 3, 5)
    x[4:] -= 1.5
    layer, gamma, beta = norm(x.shape, 4)
    y = layer(x)[4:]

    def batch_norm(x):
        return gamma * (x - x.mean((0, 1, 2))) / np.sqrt(x.var((0, 1, 2)) + 1e-5) + beta

    differ(y, batch_norm(x[4:]))
    differ(y, batch_norm(x)[4:])
    differ(y, np.concatenate([batch_norm(x[4:6]), batch_norm(x[6:])]))
    # Nor, for a live example, of the reference alone.
    differ(y, gamma * (x[4:] - x[:4].mean((0, 1, 2))) / x[:4].std((0, 1, 2)) + beta)


def test_virtual_batch_norm_far_from_zero():
    """Where q - m^2 in float32 is rounding and nothing else."""
    x = 3000 + normal(9, 4, 4, 3)
    layer, gamma, beta = norm(x.shape, 5)
    close(layer(x), virtual_batch_norm(x, 5, gamma, beta), 1e-3)


def test_gradients_flow_through_the_reference_and_the_example_but_not_its_mates():
    x = tf.constant(normal(6, 2, 2, 3))
    layer, *_ = norm(x.shape, 4)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(tf.sin(layer(x)[4]))
    dx = tape.gradient(y, x).numpy()
    assert (np.abs(dx).max((1, 2, 3)) > 0).tolist() == [True] * 5 + [False]
    # One number of the reference, moved: the slope is that of the formula.
    moved = []
    for step in -1e-3, 1e-3:
        other = x.numpy().astype("float64")
        other[1, 0, 1, 2] += step
        moved.append(np.sin(virtual_batch_norm(other, 4, *layer.get_weights())[4]).sum())
    close(dx[1, 0, 1, 2], (moved[1] - moved[0]) / 2e-3, 1e-3)


def generator(n=5, policy="float32", classes=0):
    """Latents [N, 4] (and labels [N]) -> images [N, 6, 6, 2], virtual batch norm throughout."""
    z = keras.Input((4,))
    h, inputs = layers.PrependReference(normal(n, 4, seed=7), dtype=policy)(z), [z]
    if classes:
        y = keras.Input((), dtype="int32")
        inputs.append(y)
        y = layers.PrependReference(np.arange(n) % classes, dtype=policy)(y)
        h = layers.JoinLabels(classes, dtype=policy)([h, y])
    normals = [keras.initializers.RandomNormal(0, 0.5, seed=seed) for seed in range(3)]
    h = keras.layers.Dense(27, use_bias=False, kernel_initializer=normals[0], dtype=policy)(h)
    h = layers.VirtualBatchNormalization(n, dtype=policy)(h)
    h = keras.layers.Reshape((3, 3, 3), dtype=policy)(keras.layers.ReLU(dtype=policy)(h))
    h = keras.layers.Conv2DTranspose(
        8, 3, 2, "same", use_bias=False, kernel_initializer=normals[1], dtype=policy
    )(h)
    gamma = keras.initializers.RandomNormal(1, 0.02, seed=5)
    h = layers.VirtualBatchNormalization(n, gamma_initializer=gamma, dtype=policy)(h)
    if classes:
        h = layers.JoinLabels(classes, dtype=policy)([h, y])
    h = layers.Maxout(2, dtype=policy)(h)
    h = keras.layers.Conv2D(2, 3, 1, "same", kernel_initializer=normals[2], dtype=policy)(h)
    x = keras.layers.Activation("tanh", dtype="float32")(h)
    x = layers.DropReference(n, dtype=policy)(x)
    return keras.Model(inputs if classes else z, x)


def change(model):
    """Gives every weight another value, labels other labels."""
    for v in model.weights:
        labels = "reference" in v.path and len(v.shape) == 1
        v.assign(v[::-1] if labels else v + 0.1 * normal(*v.shape, seed=3))


def test_an_image_does_not_depend_on_its_batch_mates():
    model, z = generator(), normal(8, 4)
    alone = np.concatenate([model(z[i : i + 1], training=True) for i in range(8)])
    close(model(z, training=True), alone)
    close(model(z, training=False), alone)
    close(model.predict(z, batch_size=3, verbose=0), alone)
    assert model.output_shape == (None, 6, 6, 2)


def test_the_reference_passes_through_the_current_weights():
    """A factor on all weights before a norm changes nothing, for old statistics it would."""
    model, z = generator(), normal(3, 4)
    before = model(z)
    dense = model.get_layer(index=2)
    dense.set_weights([100 * dense.get_weights()[0]])
    close(model(z), before, 1e-3)  # but for epsilon


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_a_generator_with_labels_in_a_graph_of_unknown_batch_size(policy):
    model = generator(classes=4, policy=policy)
    assert {v.dtype for v in model.weights} == {"float32"}
    assert model.output.dtype == "float32"
    signature = [tf.TensorSpec((None, 4), "float32"), tf.TensorSpec((None,), "int32")]
    make = tf.function(lambda z, y: model([z, y], training=True), input_signature=signature)
    z, y = normal(6, 4), np.array([0, 1, 2, 3, 0, 1], "int32")
    for count in 6, 2:
        x = make(z[:count], y[:count])
        assert x.dtype == tf.float32 and x.shape == (count, 6, 6, 2)
        close(x, model([z, y])[:count], 1e-5 if policy == "float32" else 0.05)
    differ(make(z, y), make(z, (y + 1) % 4))
    alive(gradients(model, [z, y]))


def test_in_mixed_bfloat16_statistics_are_float32():
    x = 2 + normal(65, 5, 5, 6)
    exact, gamma, beta = norm(x.shape, 40)
    mixed, *_ = norm(x.shape, 40, dtype="mixed_bfloat16")
    y = mixed(x)
    assert y.dtype == tf.bfloat16
    # Only the input and the output are rounded: bfloat16 has steps of 2**-8.
    rounded = tf.cast(tf.cast(x, "bfloat16"), "float32").numpy()
    close(tf.cast(y, "float32"), virtual_batch_norm(rounded, 40, gamma, beta), 2**-8)
    close(tf.cast(generator(policy="mixed_bfloat16")(x[:9, 0, 0, :4]), "float32"),
          generator()(x[:9, 0, 0, :4]), 0.1)  # fmt: skip


def test_latents_and_images_are_not_rounded_to_bfloat16():
    z = normal(3, 4)
    reference = normal(2, 4, seed=1)
    joined = layers.PrependReference(reference, dtype="mixed_bfloat16")(z)
    assert (joined.numpy() == np.concatenate([reference, z])).all()
    dropped = layers.DropReference(2, dtype="mixed_bfloat16")(joined)
    assert (dropped.numpy() == z).all()


@pytest.mark.parametrize("classes", [0, 4])
def test_a_clone_takes_the_weights_and_the_reference(classes):
    model = generator(classes=classes)
    clone = keras.models.clone_model(model)
    inputs = [normal(5, 4), np.arange(5, dtype="int32") % 4][: 2 if classes else 1]
    inputs = inputs if classes else inputs[0]
    # The reference is in the config too; from then on it is a weight like any other.
    kinds = [[v for v in m.weights if "reference" in v.path] for m in (model, clone)]
    for a, b in zip(*kinds, strict=True):
        assert (a.numpy() == b.numpy()).all() and not a.trainable
    change(model)
    differ(clone(inputs), model(inputs))
    clone.set_weights(model.get_weights())
    close(clone(inputs), model(inputs), 0)
    for e, w in zip(clone.weights, model.weights, strict=True):
        e.assign_add(0.1 * (w - e))
    close(clone(inputs), model(inputs), 0)


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize("classes", [0, 4])
def test_a_generator_survives_saving(tmp_path, classes, policy):
    model = generator(classes=classes, policy=policy)
    inputs = [normal(5, 4), np.arange(5, dtype="int32") % 4] if classes else normal(5, 4)
    change(model)
    model.save(tmp_path / "g.keras")
    loaded = keras.models.load_model(tmp_path / "g.keras")
    assert [type(a) for a in loaded.layers] == [type(a) for a in model.layers]
    assert loaded.layers[-1].dtype_policy.name == policy
    close(loaded(inputs), model(inputs), 0)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: layers.VirtualBatchNormalization(0), "reference_size is 0; give a whole number"),
        (lambda: layers.VirtualBatchNormalization(2.5), "reference_size is 2.5; give a whole number"),
        (lambda: layers.VirtualBatchNormalization(2, epsilon=0), "epsilon"),
        (lambda: layers.VirtualBatchNormalization(2).build((2, 3, 4)), r"\(2, 3, 4\)"),
        (lambda: layers.VirtualBatchNormalization(2).build((None, None)), "C known"),
        (lambda: layers.VirtualBatchNormalization(8).build((5, 3)), "PrependReference"),
        (lambda: layers.DropReference(-1), "reference_size is -1; give a whole number"),
        (lambda: layers.DropReference(True), "reference_size is True; give a whole number"),
        (lambda: layers.PrependReference(3.0), r"reference has shape \(\)"),
        (lambda: layers.PrependReference(np.zeros((0, 4))), r"reference has shape \(0, 4\)"),
        (lambda: layers.PrependReference(["a"]), "reference, of dtype"),
        (lambda: layers.PrependReference([[1, np.nan]]), "finite"),
        (lambda: layers.PrependReference(np.zeros((2, 4)))(np.zeros((3, 5), "float32")),
         r"\('n', 5\)"),
        (lambda: layers.PrependReference([0.5, 1])(np.zeros(3, "int32")), "fractions"),
    ],
)  # fmt: skip
def test_virtual_batch_norm_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# Minibatch discrimination


def closeness(f, T):
    """o by the double loop of the paper, in float64."""
    M = np.einsum("na,abc->nbc", f.astype("float64"), T.astype("float64"))
    o = np.zeros(M.shape[:2])
    for i in range(len(f)):
        for j in range(len(f)):
            if j != i:
                o[i] += np.exp(-np.abs(M[i] - M[j]).sum(-1))
    return o


@pytest.mark.parametrize(
    "n, a, b, c", [(7, 5, 4, 3), (2, 3, 1, 1), (1, 3, 2, 2), (20, 30, 6, 5)]
)
def test_minibatch_discrimination_is_the_double_loop(n, a, b, c):
    f = normal(n, a)
    start = keras.initializers.RandomNormal(0, 0.3, seed=0)
    layer = layers.MinibatchDiscrimination(b, c, start)
    y = layer(f)
    assert layer.T.shape == (a, b, c) and y.shape == (n, a + b)
    close(y[:, :a], f, 0)
    close(y[:, a:], closeness(f, layer.T.numpy()))


def test_a_collapsed_batch_is_as_close_as_can_be():
    layer = layers.MinibatchDiscrimination(4, 3)
    close(layer(np.tile(normal(1, 6), (9, 1)))[:, 6:], np.full((9, 4), 8))
    T = layers.MinibatchDiscrimination(100, 5)
    T.build((None, 200))
    assert abs(T.T.numpy().std() - 0.02) < 0.001 and abs(T.T.numpy().mean()) < 0.001


def test_two_minibatch_discriminations_start_different():
    pair = [layers.MinibatchDiscrimination(4, 3) for _ in range(2)]
    for layer in pair:
        layer.build((None, 6))
    differ(*(layer.T for layer in pair))


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_minibatch_discrimination_learns_clones_and_is_saved(tmp_path, policy):
    model = keras.Sequential(
        [
            keras.Input((6,)),
            layers.MinibatchDiscrimination(
                4, 3, keras.initializers.RandomNormal(0, 0.3, seed=0), dtype=policy
            ),
            layers.Maxout(2, dtype=policy),
        ]
    )
    assert model.output_shape == (None, 5)
    f = normal(8, 6)
    signature = [tf.TensorSpec((None, 6))]
    y = tf.function(model, input_signature=signature)(f)
    dtype = "float32" if policy == "float32" else "bfloat16"
    assert y.dtype == model.outputs[0].dtype == dtype
    close(tf.cast(y, "float32"), tf.cast(model(f), "float32"), 1e-5)
    rounded = tf.cast(tf.cast(f, y.dtype), "float32").numpy()
    o = closeness(rounded, model.weights[0].numpy())
    close(tf.cast(y, "float32")[:, 3:], o.reshape(8, 2, 2).max(-1),
          1e-5 if policy == "float32" else 2**-8)  # fmt: skip
    alive(gradients(model, f))
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    model.save(tmp_path / "d.keras")
    for other in clone, keras.models.load_model(tmp_path / "d.keras"):
        close(tf.cast(other(f), "float32"), tf.cast(model(f), "float32"), 0)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: layers.MinibatchDiscrimination(0), "kernels is 0; give a whole number"),
        (lambda: layers.MinibatchDiscrimination(3, 1.5), "size is 1.5; give a whole number"),
        (lambda: layers.MinibatchDiscrimination().build((2, 3, 3, 4)), "flatten"),
        (lambda: layers.MinibatchDiscrimination().build((2, None)), "A known"),
    ],
)
def test_minibatch_discrimination_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# Maxout


@pytest.mark.parametrize("shape, pieces", [((4, 6), 2), ((2, 3, 4, 6), 3), ((2, 5, 6), 6)])
def test_maxout_is_the_largest_of_neighbouring_channels(shape, pieces):
    x = tf.constant(normal(*shape))
    layer = layers.Maxout(pieces)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x)
    expected = np.stack(
        [
            x.numpy()[..., c * pieces : (c + 1) * pieces].max(-1)
            for c in range(shape[-1] // pieces)
        ],
        axis=-1,
    )
    close(y, expected, 0)
    # The gradient goes to the largest alone.
    dy = normal(*y.shape, seed=1)
    largest = x.numpy() == np.repeat(expected, pieces, -1)
    close(tape.gradient(y, x, dy), np.repeat(dy, pieces, -1) * largest)


def test_maxout_of_unknown_sizes():
    x = keras.Input((None, None, 6))
    assert layers.Maxout(3)(x).shape == (None, None, None, 2)
    model = keras.Model(x, layers.Maxout(3)(x))
    assert model(normal(2, 5, 4, 6)).shape == (2, 5, 4, 2)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: layers.Maxout(1), "pieces is 1; .* at least 2"),
        (lambda: layers.Maxout(2.0), "pieces is 2.0"),
        (lambda: layers.Maxout(4).build((2, 6)), r"divide .*\(2, 6\)"),
        (lambda: layers.Maxout(2).build((2, 6, None)), "divide"),
    ],
)
def test_maxout_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# Labels


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("kind", ["int32", "int64", "uint8"])
def test_labels_are_joined_as_further_channels(dtype, kind):
    y = np.array([2, 0, 1, 2], kind)
    one_hot = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]], "float32")
    for policy in "float32", "mixed_bfloat16":  # the type is h's in any case
        flat = tf.cast(normal(4, 5), dtype)
        out = layers.JoinLabels(3, dtype=policy)([flat, y])
        assert out.dtype == dtype and out.shape == (4, 8)
        close(tf.cast(out, "float32"), tf.concat([tf.cast(flat, "float32"), one_hot], 1), 0)
        maps = tf.cast(normal(4, 2, 3, 5), dtype)
        out = tf.cast(layers.JoinLabels(3, dtype=policy)([maps, y]), "float32").numpy()
        assert out.shape == (4, 2, 3, 8)
        close(out[..., :5], tf.cast(maps, "float32"), 0)
        for place in np.ndindex(2, 3):
            close(out[:, *place, 5:], one_hot, 0)


def test_a_label_outside_the_classes_is_all_zeros():
    out = layers.JoinLabels(3)([normal(4, 2), np.array([-1, 3, 100, 1])])
    close(out[:, 2:], [[0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 1, 0]], 0)


def test_gradients_pass_the_labels_by():
    h = tf.constant(normal(2, 3, 3, 4))
    with tf.GradientTape() as tape:
        tape.watch(h)
        out = layers.JoinLabels(5)([h, np.array([4, 0])])
    dy = normal(*out.shape, seed=1)
    close(tape.gradient(out, h, dy), dy[..., :4], 0)


def test_joined_labels_of_unknown_sizes():
    h, y = keras.Input((None, None, 4), dtype="bfloat16"), keras.Input((), dtype="int32")
    out = layers.JoinLabels(5)([h, y])
    assert out.shape == (None, None, None, 9) and out.dtype == "bfloat16"
    model = keras.Model([h, y], out)
    assert model([normal(2, 3, 5, 4), np.array([1, 2])]).shape == (2, 3, 5, 9)


def join(h, y, **settings):
    return layers.JoinLabels(3, **settings)([h, y])


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: layers.JoinLabels(0), "classes is 0; give a whole number"),
        (lambda: layers.JoinLabels("10"), "classes is '10'; give a whole number"),
        (lambda: join(normal(2, 4), np.zeros((2, 1), int)), r"y \[N\], not shapes .*\(2, 1\)"),
        (lambda: join(normal(2, 4, 4), np.zeros(2, int)), r"\(2, 4, 4\)"),
        (lambda: join(normal(2, 4), np.zeros(2, "float32")), "y has dtype float32"),
        (lambda: layers.JoinLabels(3)(normal(2, 4)), "takes"),
    ],
)
def test_joining_labels_refuses(make, message):
    with pytest.raises(ValueError, match=message):
        make()
