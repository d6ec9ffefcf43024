"""The auditor: each rule is found broken where it is broken, and nowhere else."""

import keras
import numpy as np
import pytest
from helpers import refuses

from ganedu import networks
from ganedu.game.objectives import NonSaturating
from ganedu.gan import GAN
from ganedu.networks import DiscriminatorConfig, GeneratorConfig
from ganedu.networks.audit import audit

G = {"projection": (7, 7, 8), "filters": (4,), "latent_size": 6}
D = {"filters": (4, 8)}


def broken(thing):
    return [(f.network, f.rule) for f in audit(thing).broken]


def test_a_dcgan_keeps_every_rule():
    assert broken((GeneratorConfig(**G), DiscriminatorConfig(**D))) == []


@pytest.mark.parametrize("name", ["small", "A-faces", "D-ref"])
def test_the_reports_dcgans_keep_every_rule(name):
    assert broken(networks.NAMED[name]) == []


@pytest.mark.parametrize(
    "config, rule",
    [
        (GeneratorConfig(**G, activation="leaky_relu"), "ReLU in hidden layers"),
        (GeneratorConfig(**G, normalization=None), "batch norm after every layer but the output"),
        (
            GeneratorConfig(projection=(7, 7, 8), filters=(4, 4), strides=(2, 1, 2)),
            "filters halve from layer to layer",
        ),
        (GeneratorConfig(**G, init_stddev=0.1), "weights start as N(0, 0.02^2), gamma as N(1, 0.02^2)"),
        (DiscriminatorConfig(**D, leak=0.1), "LeakyReLU 0.2 in hidden layers"),
        (
            DiscriminatorConfig(**D, normalize_first=True),
            "batch norm after every layer but the first and the output",
        ),
    ],
)
def test_one_setting_breaks_one_rule(config, rule):
    assert [r for _, r in broken(config)] == [rule]


def keras_pair(g_layers, d_layers):
    g = keras.Sequential([keras.Input((6,)), *g_layers])
    d = keras.Sequential([keras.Input((28, 28, 1)), *d_layers])
    return g, d


def test_a_wrong_hand_made_pair():
    normal = {"kernel_initializer": keras.initializers.RandomNormal(0, 0.02)}
    g, d = keras_pair(
        [
            keras.layers.Dense(64, activation="relu", **normal),
            keras.layers.Dense(14 * 14 * 2, activation="relu", **normal),
            keras.layers.Reshape((14, 14, 2)),
            keras.layers.UpSampling2D(),
            keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid", name="out", **normal),
        ],
        [
            keras.layers.Conv2D(4, 3, padding="same", activation="relu", name="first", **normal),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(4, 3, name="second", **normal),
            keras.layers.BatchNormalization(name="norm"),
            keras.layers.Flatten(),
            keras.layers.Dense(8, activation=keras.layers.LeakyReLU(0.2), **normal),
            keras.layers.Dense(1, activation="sigmoid", name="logit", **normal),
        ],
    )
    where = {(f.network, f.rule): f.where for f in audit((g, d)).broken}
    assert "up_sampling2d" in where[
        "generator", "grows by strided transposed convolutions, no pooling or fixed upsampling"
    ]
    assert "out" in where["generator", "tanh at the output"]
    assert ("generator", "one dense layer at most, the projection of z") in where
    assert "max_pooling2d" in where["discriminator", "shrinks by strided convolutions, no pooling"]
    assert "first" in where["discriminator", "LeakyReLU 0.2 in hidden layers"]
    assert ("discriminator", "no hidden dense layer") in where
    assert "logit" in where["discriminator", "one logit at the end, no sigmoid"]
    assert "second" in where["discriminator", "no bias where batch norm follows at once"]
    start = where["discriminator", "weights start as N(0, 0.02^2), gamma as N(1, 0.02^2)"]
    assert start == "norm"


def test_a_compiled_gan_is_asked_about_its_optimizers():
    gan = GAN(GeneratorConfig(**G).build(), DiscriminatorConfig(**D).build())
    gan.compile(
        keras.optimizers.Adam(2e-4, 0.5), keras.optimizers.SGD(0.1), NonSaturating()
    )
    (finding,) = audit(gan).broken
    assert finding.network == "discriminator" and "SGD" in finding.where


def test_a_sigmoid_at_the_output_is_named_and_makes_0_to_1():
    sick = GeneratorConfig(**G, output="sigmoid")
    (finding,) = audit(sick).broken
    assert finding.rule == "tanh at the output"
    z = np.random.default_rng(0).normal(0, 9, (20, sick.latent_size)).astype("float32")
    x, usual = (np.asarray(config.build(0)(z)) for config in (sick, GeneratorConfig(**G)))
    np.testing.assert_allclose(x, (np.tanh(np.arctanh(usual) / 2) + 1) / 2, rtol=1e-3)  # the same network
    refuses(lambda: GeneratorConfig(**G, output="relu"), ["output is 'relu'", "'tanh', 'sigmoid'"])


def test_text_and_table():
    report = audit(GeneratorConfig(**G, activation="tanh"))
    assert "where: " in str(report) and "why it matters" in str(report)
    table = report._repr_html_()
    assert table.count("<tr>") == len(report) + 1 and "✗" in table


def test_one_network_alone():
    import ganedu

    g, d = GeneratorConfig(**G).build(), DiscriminatorConfig(**D).build()
    assert {f.network for f in ganedu.audit(g)} == {"generator"}
    assert {f.network for f in ganedu.audit(d)} == {"discriminator"}


def test_something_else():
    with pytest.raises(TypeError, match="cannot audit a int"):
        audit(3)
