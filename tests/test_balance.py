"""Balance rules: truth tables by hand, and updates that are really skipped and counted."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from ganedu.game import balance
from ganedu.game.balance import Always, Fixed, LossRatio
from ganedu.game.objectives import NonSaturating
from ganedu.game.orders import NAMED as ORDERS
from ganedu.gan import GAN

# (d_loss_real, d_loss_fake, g_loss): D far ahead, G far ahead, the equilibrium.
D_AHEAD, G_AHEAD, EQUAL = (0.1, 0.1, 3.0), (1.5, 1.5, 0.4), (0.6931, 0.6931, 0.6931)
BOTH, ONLY_D, ONLY_G = (True, True), (True, False), (False, True)


def moves(rule, losses, step=1):
    return tuple(bool(m) for m in rule(step, *map(tf.constant, losses)))


@pytest.mark.parametrize(
    "rule, expected",
    [
        (LossRatio(), (ONLY_G, ONLY_D, BOTH)),
        (LossRatio(hold="behind"), (ONLY_D, ONLY_G, BOTH)),
        (LossRatio(d_loss="mean"), (ONLY_G, ONLY_D, BOTH)),
        # The sum of D's losses is 2 log 2 at the equilibrium: "D <= 1.9 G" stops G there.
        (LossRatio(2.0, 1.9), (ONLY_G, ONLY_D, ONLY_D)),
        (LossRatio(2.0, 1.9, d_loss="mean"), (ONLY_G, ONLY_D, BOTH)),
        (LossRatio(100, 100), (BOTH, BOTH, BOTH)),
        (Always(), (BOTH, BOTH, BOTH)),
    ],
)
def test_who_waits(rule, expected):
    assert tuple(moves(rule, losses) for losses in (D_AHEAD, G_AHEAD, EQUAL)) == expected


def test_somebody_always_moves():
    rng = np.random.default_rng(0)
    for hold in ("ahead", "behind"):
        for losses in rng.normal(0, 2, (200, 3)).astype("float32"):  # negative ones too
            assert any(moves(LossRatio(1.0, 1.0, hold), losses))


def test_fixed_ratio():
    for rule, d, g in [(Fixed(3, 1), 6, 2), (Fixed(1, 2), 3, 6), (Fixed(), 6, 6)]:
        told = [moves(rule, EQUAL, step) for step in range(6)]
        assert (sum(t[0] for t in told), sum(t[1] for t in told)) == (d, g)
        assert all(any(t) for t in told) and told[0] == BOTH


@pytest.mark.parametrize(
    "bad, word",
    [
        (lambda: Fixed(2, 3), "d, g are 2, 3"),
        (lambda: Fixed(0, 1), "d is 0; give a whole number"),
        (lambda: LossRatio(a=0.5), "a is 0.5"),
        (lambda: LossRatio(hold="winner"), "hold is 'winner'"),
        (lambda: LossRatio(d_loss="max"), "d_loss is 'max'"),
        (lambda: balance.get("ratio"), "choose one of always"),
    ],
)
def test_bad_rules(bad, word):
    with pytest.raises(ValueError, match=word):
        bad()


def tiny(rule, order="sequential", eager=True, layers=(None, None)):
    """Plain networks of one weight and one bias; `layers` come after their dense ones."""
    last, judge = ([] if layer is None else [layer] for layer in layers)
    generator = keras.Sequential(
        [keras.Input((1,)), keras.layers.Dense(1), *last, keras.layers.Reshape((1, 1, 1))]
    )
    discriminator = keras.Sequential(
        [keras.Input((1, 1, 1)), keras.layers.Flatten(), keras.layers.Dense(1), *judge]
    )
    gan = GAN(generator, discriminator)
    sgd = [keras.optimizers.SGD(0.1) for _ in range(2)]
    gan.compile(*sgd, NonSaturating(), order, balance=rule, run_eagerly=eager)
    return gan


X = np.random.default_rng(0).uniform(-1, 1, (24, 1, 1, 1)).astype("float32")


@pytest.mark.parametrize("order", ORDERS)
def test_a_network_that_must_wait_stays_and_is_not_counted(order):
    def g_waits(step, *losses):
        return True, False

    gan = tiny(g_waits, order)
    x = tf.constant(X[:4])
    gan.train_step(x)  # the first step moves both
    before = [np.array(w) for w in gan.generator.get_weights()]
    d_before = [np.array(w) for w in gan.discriminator.get_weights()]
    average = [np.array(w) for w in gan.ema_generator.get_weights()]
    logs = gan.train_step(x)
    for old, new in zip(before, gan.generator.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    for old, new in zip(average, gan.ema_generator.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    assert any((o != n).any() for o, n in zip(d_before, gan.discriminator.get_weights(), strict=True))
    each = 2 if order == "alternating" else 1
    assert (int(logs["d_updates"]), int(logs["g_updates"])) == (2 * each, 1)


@pytest.mark.parametrize("eager", [True, False])
def test_fit_counts_the_updates_of_a_fixed_ratio(eager):
    history = tiny(("fixed", 3, 1), eager=eager).fit(X, batch_size=4, epochs=2, verbose=0).history
    assert history["d_updates"] == [6, 12] and history["g_updates"] == [2, 4]


def test_the_rule_sees_the_losses_of_the_step_before():
    seen = []

    def rule(step, *losses):
        seen.append((int(step), *map(float, losses)))
        return True, True

    gan = tiny(rule)
    logs = gan.train_step(tf.constant(X[:4]))
    names = ("d_loss_real", "d_loss_fake", "g_loss")
    assert seen == [(1, *(pytest.approx(float(logs[n])) for n in names))]


class Backward(keras.layers.Layer):
    """Passes x on, and counts the gradients that come back."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seen = tf.Variable(0, trainable=False)

    def call(self, x):
        @tf.custom_gradient
        def counted(x):
            def gradient(dy):
                with tf.control_dependencies([self.seen.assign_add(1)]):
                    return tf.identity(dy)

            return tf.identity(x), gradient

        return counted(x)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("rule, d, g", [(Fixed(3, 1), 6, 2), (Fixed(1, 3), 2, 6), (Always(), 6, 6)])
def test_a_network_that_waits_costs_no_gradient(rule, d, g, order):
    """Each update of G passes G once and D once backwards, each of D passes D twice: in 6 steps."""
    gan = tiny(rule, order, eager=False, layers=[Backward(), Backward()])
    gan.fit(X, batch_size=4, epochs=1, verbose=0)
    in_generator, in_discriminator = (
        next(layer for layer in network.layers if isinstance(layer, Backward)).seen.numpy()
        for network in (gan.generator, gan.discriminator)
    )
    assert (in_generator, in_discriminator) == (g, 2 * d + g)
