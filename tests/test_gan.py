"""The training loop: who is called in which order, which weights each loss moves, the numbers."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from ganedu.game import orders
from ganedu.game.objectives import NonSaturating, Saturating
from ganedu.game.orders import Alternating, Apart, Sequential, Simultaneous
from ganedu.gan import GAN

RATE = 0.1


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def tiny(w=0.5, v=-0.3, order=None, objective=None, **kwargs):
    """G(z) = w z and D(x) = v x on 1x1 images, plain SGD: a step that can be done by hand."""
    generator = keras.Sequential(
        [
            keras.Input((1,)),
            keras.layers.Dense(1, use_bias=False),
            keras.layers.Reshape((1, 1, 1)),
        ]
    )
    discriminator = keras.Sequential(
        [keras.Input((1, 1, 1)), keras.layers.Flatten(), keras.layers.Dense(1, use_bias=False)]
    )
    generator.set_weights([np.array([[w]])])
    discriminator.set_weights([np.array([[v]])])
    gan = GAN(generator, discriminator, **kwargs)
    optimizers = [keras.optimizers.SGD(RATE) for _ in range(2)]
    gan.compile(*optimizers, objective or NonSaturating(), order or Sequential(), run_eagerly=True)
    return gan


def latents_of(gan, n, batches):
    """The latents that a model with this seed will draw, without touching it."""
    twin = keras.random.SeedGenerator(0)
    return [np.asarray(keras.random.normal((n, 1), seed=twin))[:, 0] for _ in range(batches)]


X = np.array([0.9, -0.4, 0.3], np.float32)


# Each reference does the order's arithmetic in NumPy: gradients of softplus by hand.
def d_grad_real(v, x):
    return np.mean(-sigmoid(-v * x) * x)


def d_grad_fake(v, x_fake):
    return np.mean(sigmoid(v * x_fake) * x_fake)


def g_grad(v, w, z):
    return np.mean(-sigmoid(-v * w * z) * v * z)


def sequential(w, v, zs):
    (z,) = zs
    v = v - RATE * (d_grad_real(v, X) + d_grad_fake(v, w * z))
    return w - RATE * g_grad(v, w, z), v


def simultaneous(w, v, zs):
    (z,) = zs
    new_v = v - RATE * (d_grad_real(v, X) + d_grad_fake(v, w * z))
    return w - RATE * g_grad(v, w, z), new_v


def alternating(w, v, zs):
    first, fresh = zs
    v = v - RATE * d_grad_real(v, X)
    v = v - RATE * d_grad_fake(v, w * first)
    return w - RATE * g_grad(v, w, fresh), v


@pytest.mark.parametrize(
    "order, reference, draws",
    [
        (Sequential(), sequential, 1),
        (Simultaneous(), simultaneous, 1),
        (Alternating(), alternating, 2),
    ],
)
def test_step_by_hand(order, reference, draws):
    gan = tiny(order=order)
    expected = reference(0.5, -0.3, latents_of(gan, 3, draws))
    gan.train_step(X.reshape(3, 1, 1, 1))
    found = gan.generator.get_weights()[0].item(), gan.discriminator.get_weights()[0].item()
    assert found == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("g", ["before", "after"])
@pytest.mark.parametrize("fakes", ["shared", "fresh"])
@pytest.mark.parametrize("d", ["once", "twice"])
def test_the_three_changes_apart_by_hand(g, fakes, d):
    """Each of the eight steps, and three of them are the orders with names (claim A-step)."""
    gan, w, v = tiny(order=Apart(g, fakes, d)), 0.5, -0.3
    z, *fresh = latents_of(gan, 3, 1 + (fakes == "fresh"))
    mine, old = (*fresh, z)[0], v
    if d == "twice":
        v = v - RATE * d_grad_real(v, X)
        v = v - RATE * d_grad_fake(v, w * z)
    else:
        v = v - RATE * (d_grad_real(v, X) + d_grad_fake(v, w * z))
    expected = w - RATE * g_grad(old if g == "before" else v, w, mine), v
    gan.train_step(X.reshape(3, 1, 1, 1))
    found = gan.generator.get_weights()[0].item(), gan.discriminator.get_weights()[0].item()
    assert found == pytest.approx(expected, rel=1e-5)
    named = {("before", "shared", "once"): Simultaneous, ("after", "shared", "once"): Sequential,
             ("after", "fresh", "twice"): Alternating}.get((g, fakes, d))  # fmt: skip
    if named:
        twin = tiny(order=named())
        twin.train_step(X.reshape(3, 1, 1, 1))
        assert found[0] == pytest.approx(twin.generator.get_weights()[0].item(), rel=1e-6)
        assert found[1] == pytest.approx(twin.discriminator.get_weights()[0].item(), rel=1e-6)


def test_steps_apart_refuse_other_words():
    for words in ({"g": "first"}, {"fakes": "new"}, {"d": 2}):
        with pytest.raises(ValueError, match=f"{next(iter(words))} is"):
            Apart(**words)


def test_the_three_orders_differ():
    results = [reference(0.5, -0.3, latents_of(None, 3, draws))
               for reference, draws in [(sequential, 1), (simultaneous, 1), (alternating, 2)]]  # fmt: skip
    for a, b in itertools.combinations(results, 2):
        assert abs(np.subtract(a, b)).max() > 1e-4


class Recorder:
    """A dummy network that writes down each call."""

    def __init__(self, network, calls, name):
        self.network, self.calls, self.name = network, calls, name

    def __call__(self, x, training=False):
        assert training
        self.calls.append(self.name)
        return self.network(x, training=training)

    def __getattr__(self, attribute):
        return getattr(self.network, attribute)


@pytest.mark.parametrize(
    "order, expected",
    [
        (Sequential(), "G D D moveD D moveG"),
        (Simultaneous(), "G D D moveD moveG"),
        (Alternating(), "D moveD G D moveD G D moveG"),
    ],
)
def test_who_is_called_in_which_order(order, expected):
    gan, calls = tiny(order=order), []
    for name in ("generator", "discriminator"):
        network, letter = getattr(gan, name), name[0].upper()
        object.__setattr__(gan, name, Recorder(network, calls, letter))
        optimizer = getattr(gan, f"{name}_optimizer")
        moved = optimizer.apply

        def record(grads, weights, moved=moved, letter=letter):
            calls.append(f"move{letter}")
            return moved(grads, weights)

        optimizer.apply = record
    gan.order(gan, tf.constant(X.reshape(3, 1, 1, 1)))
    assert " ".join(calls) == expected


@pytest.mark.parametrize("order", orders.NAMED)
@pytest.mark.parametrize("still", ["generator", "discriminator"])
def test_each_loss_moves_its_own_network_only(order, still):
    """With one learning rate at 0 that network stays, whatever the other does."""
    gan = tiny(order=order)
    getattr(gan, f"{still}_optimizer").learning_rate = 0.0
    before = {n: getattr(gan, n).get_weights()[0].item() for n in ("generator", "discriminator")}
    gan.train_step(X.reshape(3, 1, 1, 1))
    for name, old in before.items():
        new = getattr(gan, name).get_weights()[0].item()
        assert (new == old) == (name == still)


def test_metrics_by_hand():
    gan = tiny(order=Simultaneous())
    (z,) = latents_of(gan, 3, 1)
    d_real, d_fake = -0.3 * X, -0.3 * 0.5 * z
    logs = gan.train_step(X.reshape(3, 1, 1, 1))
    expected = {
        "d_loss_real": np.log1p(np.exp(-d_real)).mean(),
        "d_loss_fake": np.log1p(np.exp(d_fake)).mean(),
        "g_loss": np.log1p(np.exp(-d_fake)).mean(),
        "d_acc_real": (d_real > 0).mean(),
        "d_acc_fake": (d_fake < 0).mean(),
        "d_out_real": sigmoid(d_real).mean(),
        "d_out_fake": sigmoid(d_fake).mean(),
    }
    assert [m.name for m in gan.metrics] == list(expected)
    counts = {"d_updates": 1, "g_updates": 1}
    assert {k: float(v) for k, v in logs.items()} == pytest.approx(expected | counts, rel=1e-5)


def test_average_warms_up():
    gan, average = tiny(ema=0.99), 0.5
    for step in range(1, 6):
        gan.train_step(X.reshape(3, 1, 1, 1))
        decay = min(0.99, step / (step + 9))
        w = gan.generator.get_weights()[0].item()
        average = decay * average + (1 - decay) * w
    assert gan.ema_generator.get_weights()[0].item() == pytest.approx(average, rel=1e-5)
    assert int(gan.steps) == 5


def test_average_has_a_ceiling():
    gan = tiny(ema=0.2)
    gan.g_updates.assign(1000)
    gan.train_step(X.reshape(3, 1, 1, 1))
    w = gan.generator.get_weights()[0].item()
    assert gan.ema_generator.get_weights()[0].item() == pytest.approx(0.2 * 0.5 + 0.8 * w)


def test_no_average():
    gan = tiny(ema=0)
    assert gan.ema_generator is gan.generator


def test_saturating_gradient_vanishes_where_the_other_does_not():
    d = tf.constant([-8.0])
    for objective, expected in [(NonSaturating(), -sigmoid(8.0)), (Saturating(), -sigmoid(-8.0))]:
        with tf.GradientTape() as tape:
            tape.watch(d)
            loss = objective.g_fake(d)
        assert tape.gradient(loss, d).numpy()[0] == pytest.approx(expected, rel=1e-4)


def test_objectives_are_cross_entropies():
    """The oracle is scikit-learn's: a classifier's log loss with real = 1, fake = 0."""
    from sklearn.metrics import log_loss

    d = np.random.default_rng(0).normal(0, 3, 50).astype("float32")
    p, objective = sigmoid(d.astype("float64")), NonSaturating()
    ones, zeros = np.ones(50), np.zeros(50)
    assert float(objective.d_real(d)) == pytest.approx(log_loss(ones, p, labels=[0, 1]), rel=1e-5)
    assert float(objective.d_fake(d)) == pytest.approx(log_loss(zeros, p, labels=[0, 1]), rel=1e-5)
    assert float(objective.g_fake(d)) == pytest.approx(log_loss(ones, p, labels=[0, 1]), rel=1e-5)
    assert float(Saturating().g_fake(d)) == pytest.approx(-float(objective.d_fake(d)))


def test_losses_of_extreme_logits_are_finite():
    for objective in (NonSaturating(), Saturating()):
        for d in (-1e4, 1e4):
            for loss in (objective.d_real, objective.d_fake, objective.g_fake):
                assert np.isfinite(loss(np.array([d], "float32")))


def test_sample_by_seed():
    gan = tiny()
    a, b, other = gan.sample(5, seed=3), gan.sample(5, seed=3), gan.sample(5, seed=4)
    assert a.shape == (5, 1, 1, 1) and a.dtype == np.float32
    np.testing.assert_array_equal(a, b)
    assert (a != other).any()
    assert (gan.sample(5) != gan.sample(5)).any()


def test_sampling_by_seed_leaves_training_alone():
    one, two = tiny(), tiny()
    one.sample(5, seed=3)
    for gan in (one, two):
        gan.train_step(X.reshape(3, 1, 1, 1))
    assert one.generator.get_weights() == two.generator.get_weights()


def test_batches_of_samples_do_not_change_them():
    gan = tiny()
    whole, parts = gan.sample(7, seed=1), gan.sample(7, seed=1, batch_size=2)
    np.testing.assert_allclose(whole, parts, rtol=1e-6)


def test_uniform_latents():
    z = np.asarray(tiny(latent_distribution="uniform").latents(1000, seed=0))
    assert z.min() >= -1 and z.max() <= 1 and abs(z.std() - 3**-0.5) < 0.05
    z = np.asarray(tiny(latent_distribution="uniform01").latents(1000, seed=0))
    assert z.min() >= 0 and z.max() <= 1 and abs(z.mean() - 0.5) < 0.05 and abs(z.std() - 12**-0.5) < 0.03
    assert abs(np.asarray(tiny().latents(1000, seed=0)).std() - 1) < 0.1


def test_fit_takes_arrays_and_datasets():
    x = np.random.default_rng(0).uniform(-1, 1, (12, 1, 1, 1)).astype("float32")
    labelled = tf.data.Dataset.from_tensor_slices((x, np.arange(12))).batch(4)
    for data in (x, tf.data.Dataset.from_tensor_slices(x).batch(4), labelled):
        history = tiny().fit(data, epochs=2, batch_size=4 if data is x else None, verbose=0)
        assert len(history.history["g_loss"]) == 2


def test_graph_and_eager_agree():
    x = np.random.default_rng(0).uniform(-1, 1, (12, 1, 1, 1)).astype("float32")
    weights = []
    for eager in (True, False):
        gan = tiny()
        optimizers = [keras.optimizers.Adam(0.01) for _ in range(2)]
        gan.compile(*optimizers, NonSaturating(), run_eagerly=eager)
        gan.fit(tf.data.Dataset.from_tensor_slices(x).batch(4), epochs=3, verbose=0)
        weights.append(gan.generator.get_weights()[0].item())
    assert weights[0] == pytest.approx(weights[1], rel=1e-5)
