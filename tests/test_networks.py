"""Configs: what they build, what they refuse, and how they travel as JSON."""

import dataclasses
import json

import keras
import numpy as np
import pytest

from ganedu import networks
from ganedu.networks import DiscriminatorConfig, GeneratorConfig, fast

SMALL = {"projection": (7, 7, 8), "filters": (4,), "latent_size": 6}


def kinds(network, kind):
    return [layer for layer in network.layers if isinstance(layer, kind)]


@pytest.mark.parametrize("name", networks.NAMED)
def test_the_reports_networks_fit_together(name):
    generator, discriminator = networks.NAMED[name]
    assert generator.shapes()[-1] == discriminator.shapes()[0] == generator.image_shape
    # Built at an eighth of the width, the layers are the same and cost nothing.
    *hw, projected = generator.projection
    thin = dataclasses.replace(
        generator,
        projection=(*hw, projected // 8),
        filters=tuple(f // 8 for f in generator.filters),
    )
    thin_d = dataclasses.replace(
        discriminator, filters=tuple(f // 8 for f in discriminator.filters)
    )
    g, d = thin.build(), thin_d.build()
    x = g(np.zeros((2, generator.latent_size), "float32"))
    assert tuple(x.shape) == (2, *generator.image_shape)
    assert tuple(d(x).shape) == (2, 1)


def test_weights_of_a_faces():
    """Counted by hand for report A's faces, version 003 (claim A-faces)."""
    generator, discriminator = networks.NAMED["A-faces"]
    maps = [1024, 512, 256, 128, 64]
    projection = 128 * 4 * 4 * 1024
    convolutions = sum(25 * a * b for a, b in zip(maps, maps[1:], strict=False))
    norms = 4 * sum(maps)  # gamma, beta, two moving statistics
    output = 25 * 64 * 3 + 3
    assert generator.build().count_params() == projection + convolutions + norms + output
    d = 25 * (3 * 128 + 128 * 256 + 256 * 512) + 128 + 4 * (256 + 512) + 8 * 8 * 512 + 1
    assert discriminator.build().count_params() == d


def test_dcgan_rules_are_built_in():
    g, d = GeneratorConfig(**SMALL).build(), DiscriminatorConfig(filters=(4, 8)).build()
    transposed = kinds(g, keras.layers.Conv2DTranspose)
    assert [c.use_bias for c in transposed] == [False, True]
    assert len(kinds(g, fast.BatchNormalization)) == 2  # projection and hidden, not the output
    assert [c.use_bias for c in kinds(d, keras.layers.Conv2D)] == [True, False]
    assert len(kinds(d, fast.BatchNormalization)) == 1  # not the first
    x = g(np.random.default_rng(0).normal(size=(8, 6)).astype("float32"))
    assert np.abs(x).max() <= 1


def test_first_weights():
    g = GeneratorConfig(projection=(7, 7, 64), filters=(32,)).build(seed=3)
    kernels = np.concatenate([k.numpy().ravel() for k in g.trainable_variables if "kernel" in k.name])
    gammas = np.concatenate([k.numpy() for k in g.trainable_variables if "gamma" in k.name])
    assert kernels.mean() == pytest.approx(0, abs=1e-3)
    assert kernels.std() == pytest.approx(0.02, rel=0.05)
    assert gammas.mean() == pytest.approx(1, abs=0.01) and gammas.std() == pytest.approx(0.02, rel=0.3)
    assert all((k.numpy() == 0).all() for k in g.trainable_variables if "beta" in k.name)


def test_the_seed_decides_the_weights():
    config = GeneratorConfig(**SMALL)
    a, b, c = (config.build(seed).get_weights() for seed in (1, 1, 2))
    assert all((x == y).all() for x, y in zip(a, b, strict=True))
    assert any((x != y).any() for x, y in zip(a, c, strict=True))


def test_layers_of_one_shape_start_different():
    d = DiscriminatorConfig(filters=(8, 8, 8), kernel_sizes=3, strides=(1, 2, 2)).build()
    first, second = [c.kernel.numpy() for c in kinds(d, keras.layers.Conv2D)[1:]]
    assert (first != second).any()


def test_settings_reach_the_network():
    g = GeneratorConfig(
        **SMALL, activation="leaky_relu", leak=0.1, dropout=0.4,
        block=("dropout", "norm", "activation"), kernel_sizes=(3, 7),
    ).build()  # fmt: skip
    assert kinds(g, keras.layers.LeakyReLU)[0].negative_slope == pytest.approx(0.1)
    assert [c.kernel_size[0] for c in kinds(g, keras.layers.Conv2DTranspose)] == [3, 7]
    names = [type(layer).__name__ for layer in g.layers]
    start = names.index("Reshape") + 1
    assert names[start : start + 3] == ["Dropout", "BatchNormalization", "LeakyReLU"]
    d = DiscriminatorConfig(filters=(4,), head_noise=0.02, head_dropout=0.2, normalization=None)
    names = [type(layer).__name__ for layer in d.build().layers]
    assert names[-5:] == ["Flatten", "GaussianNoise", "Dropout", "Identity", "Dense"]
    assert "BatchNormalization" not in names
    first = DiscriminatorConfig(filters=(4,), normalize_first=True).build()
    assert kinds(first, fast.BatchNormalization)


def test_bias_stays_where_the_norm_comes_after_the_activation():
    d = DiscriminatorConfig(filters=(4, 8), block=("activation", "norm", "dropout")).build()
    assert all(c.use_bias for c in kinds(d, keras.layers.Conv2D))


def test_mixed_precision_keeps_weights_images_and_logits_in_float32():
    g = GeneratorConfig(**SMALL).build(dtype="mixed_bfloat16")
    d = DiscriminatorConfig(filters=(4, 8)).build(dtype="mixed_bfloat16")
    assert {v.dtype for v in g.trainable_variables + d.trainable_variables} == {"float32"}
    assert kinds(d, keras.layers.Conv2D)[1].compute_dtype == "bfloat16"
    x = g(np.zeros((2, 6), "float32"))
    assert x.dtype == "float32" and d(x).dtype == "float32"


@pytest.mark.parametrize("name", networks.NAMED)
def test_json_and_back(name, tmp_path):
    for config in networks.NAMED[name]:
        config.save(tmp_path / "config.json")
        assert networks.load_config(tmp_path / "config.json") == config
        assert networks.config_from_dict(json.loads(json.dumps(config.to_dict()))) == config


def test_odd_sizes():
    assert DiscriminatorConfig(filters=(4, 8, 8)).shapes()[-1] == (4, 4, 8)  # 28, 14, 7, 4
    wide = GeneratorConfig((28, 56, 1), projection=(7, 14, 8), filters=(4,))
    assert wide.shapes()[-1] == (28, 56, 1)


@pytest.mark.parametrize(
    "kind, settings, shapes",
    [
        (GeneratorConfig, {"projection": (14, 14, 8), "filters": ()}, "14x14x8 28x28x1"),
        (GeneratorConfig, {"projection": (4, 4, 8), "filters": (4, 4), "kernel_sizes": (4, 5, 5), "strides": (1, 2, 2),
                           "padding": ("valid", "same", "same")}, "4x4x8 7x7x4 14x14x4 28x28x1"),
        (GeneratorConfig, {"image_shape": (11, 11, 1), "projection": (5, 5, 4), "filters": (), "kernel_sizes": 3,
                           "padding": "valid"}, "5x5x4 11x11x1"),
        (DiscriminatorConfig, {"filters": (4, 8, 8), "kernel_sizes": (5, 5, 4), "strides": (2, 2, 1),
                               "padding": ("same", "same", "valid")}, "28x28x1 14x14x4 7x7x8 4x4x8"),
        (DiscriminatorConfig, {"filters": (4,), "strides": 3, "padding": "valid"}, "28x28x1 8x8x4"),
    ],
)  # fmt: skip
def test_padding_and_depth_as_the_reports_have_them(kind, settings, shapes):
    """What `shapes` says is what the network's convolutions give."""
    config = kind(**settings)
    expected = [tuple(map(int, shape.split("x"))) for shape in shapes.split()]
    assert config.shapes() == expected
    network = config.build()
    convolutions = [layer for layer in network.layers if "conv" in layer.name]
    assert [layer.output.shape[1:] for layer in convolutions] == expected[1:]
    assert networks.config_from_dict(json.loads(json.dumps(config.to_dict()))) == config


@pytest.mark.parametrize("config, shape", [
    (GeneratorConfig(latent_size=4, projection=(7, 7, 8), filters=(4,), dropout=0.2), (6, 4)),
    (DiscriminatorConfig(filters=(4, 8), head_dropout=0.2), (6, 28, 28, 1)),
])  # fmt: skip
def test_the_same_network_on_keras_layers(config, shape):
    """Of the same first weights, in the same order: a checkpoint of the one fits the other."""
    ours, theirs = (config.build(seed=1, layers=kind) for kind in ("fast", "keras"))
    assert all(type(layer).__module__.startswith("keras") for layer in theirs.layers)
    assert any(type(layer).__module__.startswith("ganedu") for layer in ours.layers)
    assert [type(a).__name__ for a in ours.layers] == [type(b).__name__ for b in theirs.layers]
    for a, b in zip(ours.variables, theirs.variables, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())
    x = np.random.default_rng(0).normal(size=shape).astype("float32")
    np.testing.assert_allclose(ours(x), theirs(x), rtol=1e-4, atol=1e-5)
    norms = kinds(theirs, keras.layers.BatchNormalization)
    assert norms and all((n.momentum, n.epsilon) == (0.9, 1e-5) for n in norms)


@pytest.mark.parametrize(
    "kind, settings, words",
    [
        (GeneratorConfig, {"projection": (8, 8, 128)}, ["8x8x128 -> 16x16x64 -> 32x32x1", "28x28x1"]),
        (GeneratorConfig, {"strides": (2, 2, 2)}, ["strides", "(2, 2, 2)", "2"]),
        (GeneratorConfig, {"filters": ()}, ["7x7x128 -> 14x14x1", "28x28x1"]),
        (DiscriminatorConfig, {"filters": ()}, ["filters is empty"]),
        (DiscriminatorConfig, {"padding": "full"}, ["padding[0] is 'full'", "'same', 'valid'"]),
        (GeneratorConfig, {"padding": ("same",)}, ["padding", "2"]),
        (DiscriminatorConfig, {"filters": (4,), "kernel_sizes": 29, "padding": "valid"}, ["28x28x1 -> 0x0x4", "kernel"]),
        (GeneratorConfig, {"filters": (0,)}, ["filters is 0", "at least 1"]),
        (GeneratorConfig, {"filters": None}, ["filters is None", "at least 1"]),
        (GeneratorConfig, {"latent_size": 0}, ["latent_size"]),
        (GeneratorConfig, {"leak": 0.1}, ["leak is 0.1", "activation is 'relu'", "'leaky_relu' alone"]),
        (GeneratorConfig, {"leak": "0.1"}, ["leak is '0.1'", "[0, 1)"]),
        (GeneratorConfig, {"reference_size": 9}, ["reference_size is 9", "normalization is 'batch'"]),
        (GeneratorConfig, {"init_stddev": 0}, ["init_stddev is 0", "(0, inf)"]),
        (GeneratorConfig, {"classes": "ten"}, ["classes is 'ten'"]),
        (DiscriminatorConfig, {"normalize_first": True, "normalization": None}, ["normalize_first is True", "'batch' alone"]),
        (DiscriminatorConfig, {"normalize_first": 1}, ["normalize_first is 1", "True, False"]),
        (DiscriminatorConfig, {"activation": "relu", "leak": 0.1}, ["leak is 0.1", "'relu'"]),
        (DiscriminatorConfig, {"head_dropout": 1}, ["head_dropout is 1", "[0, 1)"]),
        (DiscriminatorConfig, {"minibatch_kernels": 0.5}, ["minibatch_kernels is 0.5"]),
        (GeneratorConfig, {"latent_distribution": "cauchy"}, ["cauchy", "uniform"]),
        (GeneratorConfig, {"activation": "rellu"}, ["rellu", "leaky_relu"]),
        (GeneratorConfig, {"dropout": 1.0}, ["dropout", "1.0"]),
        (GeneratorConfig, {"block": ("norm", "activation", "norm")}, ["block"]),
        (GeneratorConfig, {"image_shape": (28, 28)}, ["image_shape", "3"]),
        (DiscriminatorConfig, {"kernel_sizes": (5, 5, 5)}, ["kernel_sizes", "2"]),
        (DiscriminatorConfig, {"normalization": "layer"}, ["layer", "batch"]),
        (DiscriminatorConfig, {"head_noise": -1}, ["head_noise", "-1"]),
    ],
)  # fmt: skip
def test_bad_settings_are_named(kind, settings, words):
    with pytest.raises(ValueError) as caught:
        kind(**settings)
    message = str(caught.value)
    assert "\n" not in message
    for word in words:
        assert word in message


def test_bad_json(tmp_path):
    path = tmp_path / "config.json"
    path.write_text("{not json")
    with pytest.raises(ValueError, match="is not a config"):
        networks.load_config(path)
    with pytest.raises(ValueError, match="kind is None"):
        networks.config_from_dict({"filters": (4,)})
    with pytest.raises(ValueError, match="did you mean 'filters'"):
        networks.config_from_dict({"kind": "GeneratorConfig", "filter": (4,)})


def test_settings_that_nothing_heeds_pass_as_defaults():
    """Configs on disk hold every setting; those of reports too, with leak where G has ReLU."""
    for config in (GeneratorConfig(**SMALL), DiscriminatorConfig(activation="relu")):
        assert networks.config_from_dict(config.to_dict()) == config


def test_layers_of_no_such_kind():
    with pytest.raises(ValueError, match="layers is 'slow'; choose one of 'fast', 'keras'"):
        GeneratorConfig(**SMALL).build(layers="slow")
    with pytest.raises(ValueError, match="seed is -1"):
        GeneratorConfig(**SMALL).build(seed=-1)
