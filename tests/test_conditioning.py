"""Labels in networks and in the GAN: where they enter, what they change, what is refused."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from helpers import refuses

from ganedu import data, networks
from ganedu.experiments import recipes
from ganedu.game.objectives import NonSaturating
from ganedu.game.per_class import PerClass
from ganedu.game.terms import ClassLoss
from ganedu.gan import GAN
from ganedu.networks import DiscriminatorConfig, GeneratorConfig, conditioning

G = {"latent_size": 4, "projection": (7, 7, 4), "filters": (4,), "classes": 10}
D = {"filters": (4, 8), "classes": 10}
RNG = np.random.default_rng(0)
X = RNG.uniform(-1, 1, (6, 28, 28, 1)).astype("float32")
Z = RNG.normal(size=(6, 4)).astype("float32")
Y = np.arange(6, dtype="int32")


def adams():
    return [keras.optimizers.Adam(1e-3) for _ in range(2)]


def conditional(way="projection", head=True, **options):
    networks = (
        GeneratorConfig(**G, conditioning=way or "input").build(),
        DiscriminatorConfig(**D, conditioning=way, class_head=head).build(),
    )
    gan = GAN(*networks, classes=10)
    gan.compile(*adams(), NonSaturating(), **{"run_eagerly": True} | options)
    return gan


@pytest.mark.parametrize("way", conditioning.NAMED)
def test_the_label_changes_what_comes_out(way):
    g = GeneratorConfig(**G, conditioning=way).build()
    d = DiscriminatorConfig(**D, conditioning=way, init_stddev=0.2).build()
    for network, first in ((g, Z), (d, X)):
        one, same, other = (np.asarray(network([first, y])) for y in (Y, Y, (Y + 1) % 10))
        np.testing.assert_array_equal(one, same)
        assert (np.abs(one - other).reshape(6, -1).max(1) > 1e-6).all()


@pytest.mark.parametrize("way", conditioning.NAMED)
@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_networks_of_other_shapes(way, policy):
    shape = {"image_shape": (16, 24, 3), "classes": 4, "conditioning": way}
    g = GeneratorConfig(latent_size=3, projection=(4, 6, 8), filters=(4,), **shape).build(0, policy)
    d = DiscriminatorConfig(filters=(4,), **shape).build(0, policy)
    x = g([Z[:, :3], Y % 4]).numpy()
    assert x.shape == (6, 16, 24, 3) and x.dtype == "float32"
    assert d([x, Y % 4]).shape == (6, 1)


def test_how_many_weights_each_way_adds():
    """Counted by hand: one-hot joined to z: 10 more rows; to images and maps: 10 more channels."""
    plain = GeneratorConfig(**{**G, "classes": 0}).build().count_params()
    plain_d = DiscriminatorConfig(**{**D, "classes": 0}).build().count_params()
    rows = 10 * 7 * 7 * 4
    added = {"input": rows, "projection": rows, "every_layer": rows + 25 * 10 * (4 + 1)}
    features = 7 * 7 * 8
    added_d = {
        "input": 25 * 10 * 4,
        "projection": 10 * features,
        "every_layer": 25 * 10 * (4 + 8) + 10,
    }
    for way in conditioning.NAMED:
        g = GeneratorConfig(**G, conditioning=way).build()
        d = DiscriminatorConfig(**D, conditioning=way).build()
        assert g.count_params() - plain == added[way]
        assert d.count_params() - plain_d == added_d[way]
    head = DiscriminatorConfig(**D, class_head=True).build()
    assert head.count_params() - plain_d == features * 10 + 10


def test_projection_by_hand():
    """d(x, y) = v . h + b + e_y . h, from the weights of a built network."""
    d = DiscriminatorConfig(**D, conditioning="projection", init_stddev=0.2).build()
    h = np.asarray(keras.Model(d.inputs, d.get_layer("features").output)([X, Y]))
    (dense,) = [layer for layer in d.layers if isinstance(layer, keras.layers.Dense)]
    (embed,) = [layer for layer in d.layers if isinstance(layer, keras.layers.Embedding)]
    v, b = dense.get_weights()
    (e,) = embed.get_weights()
    expected = h @ v[:, 0] + b + (e[Y] * h).sum(1)
    np.testing.assert_allclose(np.asarray(d([X, Y]))[:, 0], expected, rtol=1e-5, atol=1e-5)


def test_joined_input_is_the_image_and_constant_planes():
    d = DiscriminatorConfig(**D, conditioning="input").build()
    first = next(layer for layer in d.layers if isinstance(layer, keras.layers.Conv2D))
    joined = np.asarray(keras.Model(d.inputs, first.input)([X, Y]))
    planes = np.broadcast_to(np.eye(10)[Y][:, None, None], (6, 28, 28, 10))
    np.testing.assert_array_equal(joined, np.concatenate([X, planes], -1).astype("float32"))


def test_the_label_reaches_every_layer():
    d = DiscriminatorConfig(**D, conditioning="every_layer").build()
    g = GeneratorConfig(**G, conditioning="every_layer").build()
    for network, kinds in ((d, (keras.layers.Conv2D, keras.layers.Dense)),
                           (g, (keras.layers.Conv2DTranspose, keras.layers.Dense))):  # fmt: skip
        weighted = [layer for layer in network.layers if isinstance(layer, kinds)]
        first = network.inputs[0].shape[-1]
        sources = [first, *(layer.output.shape[-1] for layer in weighted)]
        assert all("join" in layer.input._keras_history.operation.name
                   or "features" in layer.input._keras_history.operation.name
                   for layer in weighted), sources  # fmt: skip


def test_the_class_head_does_not_see_the_label():
    """With projection and head, the class logits depend on the image alone."""
    d = DiscriminatorConfig(**D, conditioning="projection", class_head=True, init_stddev=0.2).build()
    one, other = np.asarray(d([X, Y])), np.asarray(d([X, (Y + 1) % 10]))
    np.testing.assert_array_equal(one[:, 1:], other[:, 1:])
    assert (one[:, 0] != other[:, 0]).all()


def test_configs_travel_as_json():
    for config in (
        GeneratorConfig(**G, conditioning="projection", normalization="virtual"),
        DiscriminatorConfig(**D, conditioning="projection", class_head=True,
                            normalization="spectral", minibatch_kernels=3, activation="maxout"),
    ):  # fmt: skip
        there = json.loads(json.dumps(config.to_dict()))
        assert networks.config_from_dict(there) == config
        one, two = (c.build(seed=3) for c in (config, networks.config_from_dict(there)))
        for a, b in zip(one.get_weights(), two.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("options", [
    {"normalization": "virtual"}, {"activation": "maxout"},
    {"normalization": "virtual", "latent_distribution": "uniform", "reference_size": 5},
])  # fmt: skip
def test_generators_with_parts_train(options):
    g = GeneratorConfig(**G, conditioning="input", **options).build()
    d = DiscriminatorConfig(
        **D, conditioning="input", normalization="spectral", minibatch_kernels=3, activation="maxout"
    ).build()
    gan = GAN(g, d, classes=10)
    gan.compile(*adams(), NonSaturating(), run_eagerly=True)
    before = [w.copy() for w in g.get_weights()]
    gan.fit(X, Y, batch_size=3, epochs=2, verbose=0)
    assert any((a != b).any() for a, b in zip(before, g.get_weights(), strict=True))
    images = gan.sample(labels=[1, 2, 3], seed=0)
    assert images.shape == (3, 28, 28, 1) and np.isfinite(images).all()
    if options.get("normalization") == "virtual":  # no image depends on its batch mates
        np.testing.assert_allclose(images[:1], gan.images_from(gan.latents(3, 0)[:1], [1]), atol=1e-5)


def test_sample_by_label():
    gan = conditional()
    a, b = gan.sample(labels=[3, 3, 7], seed=1), gan.sample(labels=np.array([3, 3, 7]), seed=1)
    np.testing.assert_array_equal(a, b)
    assert a.shape == (3, 28, 28, 1)
    np.testing.assert_array_equal(gan.sample(12, seed=1), gan.sample(labels=np.arange(12) % 10, seed=1))
    np.testing.assert_allclose(
        gan.sample(labels=np.arange(7), seed=1, batch_size=2), gan.sample(labels=np.arange(7), seed=1),
        rtol=1e-4, atol=1e-6)  # fmt: skip


def test_fakes_carry_the_labels_of_the_real_batch():
    gan, asked = conditional(), []
    made = gan.generate
    gan.generate = lambda n, y=None: (asked.append(np.asarray(y)), made(n, y))[1]
    gan.train_step((tf.constant(X), tf.constant(Y)))
    np.testing.assert_array_equal(asked, [Y])


def test_class_accuracies_are_reported():
    logs = conditional().train_step((tf.constant(X), tf.constant(Y)))
    assert {"c_acc_real", "c_acc_fake"} <= set(logs)
    assert "c_acc_real" not in {m.name for m in conditional("input", False).metrics}


def test_balanced_batches_train_a_conditional_gan():
    batches = data.Batches(
        (X * 100 + 100).astype("uint8").repeat(4, 0), np.repeat(Y, 4), batch_size=6,
        class_weights="balanced",
    )  # fmt: skip
    history = conditional().fit(batches, epochs=1, verbose=0).history
    assert np.isfinite(history["g_loss"]).all()


def bad_labels(y):
    return lambda: conditional().fit(X, y, batch_size=3, verbose=0)


BAD = {
    "no labels": (lambda: conditional().fit(X, verbose=0), ["y is None", "0 to 9"]),
    "labels of another length": (bad_labels(Y[:3]), ["shape (3,)", "(6,)"]),
    "labels that are fractions": (bad_labels(Y + 0.5), ["float64", "whole numbers"]),
    "labels out of range": (bad_labels(Y + 9), ["9 to 14", "0 to 9"]),
    "one-hot labels": (bad_labels(np.eye(10)[Y]), ["shape (6, 10)"]),
    "labels to sample out of range": (lambda: conditional().sample(labels=[10]), ["10 to 10"]),
    "n and labels": (lambda: conditional().sample(3, labels=[1]), ["n is 3", "1 labels"]),
    "a head that reads the label": (
        lambda: DiscriminatorConfig(**D, conditioning="input", class_head=True), ["class_head", "projection"]),
    "classes without conditioning": (lambda: GeneratorConfig(**G), ["classes is 10", "go together"]),
    "conditioning without classes": (
        lambda: GeneratorConfig(conditioning="input", filters=(64,)), ["classes is 0", "go together"]),
    "unknown conditioning": (
        lambda: GeneratorConfig(**G, conditioning="film"), ["'film'", "'projection'"]),
    "a GAN without classes": (
        lambda: GAN(GeneratorConfig(**G, conditioning="input").build(),
                    DiscriminatorConfig(**D, conditioning="input").build()), ["classes is 0", "2 inputs"]),
    "a D that knows no labels": (
        lambda: GAN(GeneratorConfig(**G, conditioning="input").build(),
                    DiscriminatorConfig(filters=(4,)).build(), classes=10), ["neither takes labels"]),
    "a head of another size": (
        lambda: GAN(GeneratorConfig(**G, conditioning="input").build(),
                    DiscriminatorConfig(filters=(4,), classes=4, class_head=True).build(), classes=10), ["(11,)"]),
    "class loss without a head": (
        lambda: conditional("input", False, class_loss=ClassLoss()), ["class_loss", "no class head"]),
    "validation without measures": (
        lambda: conditional().evaluate(X, Y, verbose=0), ["measures"]),
    "one class of a conditional recipe": (
        lambda: recipes.Recipe(**(recipes.get("cgan-digits", "quick").__dict__ | {"only_class": 3})),
        ["only_class is 3"]),
    "a class that is not there": (
        lambda: data.one_class(data.load("digits"), 10), ["no images of class 10"]),
    "images that do not share out among the classes": (
        lambda: data.first(data.load("digits"), 44), ["n_images is 44", "a multiple of 10"]),
    "more images than there are": (
        lambda: data.first(data.load("digits"), 10_010), ["n_images is 10010", "at most 10000"]),
    "no images": (lambda: data.first(data.load("digits"), 0), ["n_images is 0"]),
    "no GANs per class": (lambda: PerClass([]), ["gans is empty"]),
    "a conditional GAN per class": (lambda: PerClass([conditional()]), ["gans[0] is conditional"]),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input(case):
    refuses(*BAD[case])


class Grey:
    """A generator that paints everything in its own grey."""

    classes, image_shape = 0, (2, 2, 1)

    def __init__(self, grey):
        self.grey = grey

    def sample(self, n, seed=None, ema=True):
        return np.full((n, 2, 2, 1), self.grey, "float32")


def test_one_gan_per_class_is_used_like_a_conditional_one():
    both = PerClass([Grey(-0.5), Grey(0.0), Grey(0.5)])
    images = both.sample(labels=[2, 0, 1, 2])
    np.testing.assert_array_equal(images[:, 0, 0, 0], [0.5, -0.5, 0.0, 0.5])
    np.testing.assert_array_equal(both.sample(4)[:, 0, 0, 0], [-0.5, 0.0, 0.5, -0.5])
    for bad in ({"labels": [3]}, {"n": 0}, {"n": 2, "labels": [1]}):
        with pytest.raises(ValueError):
            both.sample(**bad)


def test_one_class_recipe_trains_on_that_class_alone():
    recipe = recipes.Recipe(**(recipes.get("digits", "quick").__dict__ | {"only_class": 3}))
    batches = recipe.batches()
    assert len(batches.images) == 900 and set(batches.labels) == {3}  # 100 are held out


def test_a_recipe_of_few_images_differs_in_nothing_else():
    whole = recipes.get("cgan-digits", "quick")
    recipe = recipes.Recipe(**(whole.__dict__ | {"n_images": 40}))
    few, many = recipe.batches(seed=3), whole.batches(seed=3)
    assert len(few) == len(many)
    seen = np.concatenate([np.asarray(images) for images, _ in few.from_epoch(0).take(40)])
    assert len(np.unique(seen.reshape(len(seen), -1), axis=0)) == 40
    np.testing.assert_array_equal(few.images[:4], many.images[many.labels == 0][:4])
    np.testing.assert_array_equal(few.labels, np.resize(np.repeat(np.arange(10), 4), 9000))


def test_few_images_of_a_set_without_labels():
    plain = data.load("digits")._replace(labels=None, class_names=())
    few = data.first(plain, 30)
    assert few.labels is None and len(few.images) == len(plain.images)
    np.testing.assert_array_equal(few.images[30:60], plain.images[:30])
    assert len(np.unique(data.first(data.one_class(data.load("digits"), 3), 7).images, axis=0)) == 7
