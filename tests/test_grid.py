"""Every combination of conditioning, objective and update order trains a step and resumes exactly."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from ganedu.experiments import runs
from ganedu.game import objectives, orders, terms
from ganedu.gan import GAN
from ganedu.networks import DiscriminatorConfig, GeneratorConfig

CLASSES = 3
# How G and D get their labels: conditioning of G, conditioning of D, a class head in D.
CONDITIONINGS = {
    "unconditional": (None, None, False),
    "input": ("input", "input", False),
    "every layer": ("every_layer", "every_layer", False),
    "projection": ("projection", "projection", False),
    "class head": ("input", None, True),
    "projection and class head": ("projection", "projection", True),
}
RNG = np.random.default_rng(0)
X = RNG.uniform(-1, 1, (6, 4, 4, 1)).astype("float32")
Y = np.array([0, 1, 2, 0, 1, 2], "int32")


def tiny(conditioning):
    for_g, for_d, head = CONDITIONINGS[conditioning]
    shape = {"image_shape": (4, 4, 1), "filters": (4,), "kernel_sizes": 3}
    generator = GeneratorConfig(
        latent_size=2, projection=(2, 2, 4), filters=(4,), kernel_sizes=3, strides=(2, 1),
        image_shape=(4, 4, 1), conditioning=for_g, classes=CLASSES if for_g else 0,
    )  # fmt: skip
    discriminator = DiscriminatorConfig(
        **shape, dropout=0.2, conditioning=for_d, class_head=head,
        classes=CLASSES if for_d or head else 0,
    )  # fmt: skip
    networks = generator.build(seed=1), discriminator.build(seed=2)
    return GAN(*networks, classes=CLASSES if for_g else 0)


def compiled(gan):
    """Its objective and order are set afterwards: making optimizers 108 times would take long."""
    pair = [keras.optimizers.SGD(0.01, momentum=0.9) for _ in range(2)]
    gan.compile(*pair, objectives.NonSaturating(), run_eagerly=True)
    return gan


def step(gan):
    x, y = tf.constant(X), tf.constant(Y)
    return gan.train_step((x, y) if gan.classes else x)


def state(gan):
    return {name: v.numpy() for name, v in gan.state().items()}


def play(gan):
    """A step of each objective in each order, one after the other; its name and the state after it."""
    for objective in objectives.NAMED:
        for order in orders.NAMED:
            gan.objective, gan.order = objectives.get(objective), orders.get(order)
            step(gan)
            yield f"{objective}, {order}", state(gan)


@pytest.mark.parametrize("conditioning", CONDITIONINGS)
@pytest.mark.slow
def test_every_combination_steps_and_resumes_exactly(conditioning, tmp_path):
    one, two = compiled(tiny(conditioning)), compiled(tiny(conditioning))
    step(one)  # no momentum, average or random state is as it was at the start
    before = state(one)
    runs.save_state(tmp_path / "state.npz", one, epoch=1)
    runs.load_state(tmp_path / "state.npz", two)
    for (case, after), (_, again) in zip(play(one), play(two), strict=True):
        assert after.keys() == again.keys()
        for name, value in after.items():
            assert np.isfinite(value).all(), f"{name}: {case}"
            assert np.array_equal(value, again[name]), f"{name}: {case}"
        for part in ("generator/", "discriminator/"):
            moved = [(before[n] != after[n]).any() for n in after if n.startswith(part)]
            assert any(moved), f"{part} did not move: {case}"
        before = after


@pytest.mark.slow
@pytest.mark.parametrize("conditioning", ["every layer", "projection and class head"])
def test_in_a_graph_with_everything_on(conditioning):
    """Terms, a balance rule, smoothing and augmentation together, through `fit`."""
    from ganedu.game.augment import Translation
    from ganedu.game.balance import LossRatio

    gan = tiny(conditioning)
    adams = [keras.optimizers.Adam(0.01) for _ in range(2)]
    gan.compile(
        *adams,
        objectives.NonSaturating(0.9),
        terms=[terms.FeatureMatching(0.1)],
        balance=LossRatio(1.0, 1.0),
        augment=Translation(0.25),
    )
    history = gan.fit(X, Y, batch_size=2, epochs=3, verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    assert 9 <= history["d_updates"][-1] + history["g_updates"][-1] < 18
