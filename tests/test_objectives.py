"""Objectives, the class loss and further terms against NumPy and hand-computed steps."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from ganedu.game import objectives
from ganedu.game.objectives import (
    DiscriminatorOnly,
    Hinge,
    LeastSquares,
    NonSaturating,
)
from ganedu.game.terms import ClassLoss, FeatureMatching
from ganedu.gan import GAN

D = np.random.default_rng(0).normal(0, 2, 64).astype("float32")


def sigmoid(t):
    return 1 / (1 + np.exp(-t.astype("float64")))


def close(found, expected):
    assert float(found) == pytest.approx(float(expected), rel=1e-5, abs=1e-6)


def test_hinge():
    close(Hinge().d_real(D), np.maximum(0, 1 - D).mean())
    close(Hinge().d_fake(D), np.maximum(0, 1 + D).mean())
    close(Hinge().g_fake(D), -D.mean())


def test_least_squares():
    close(LeastSquares().d_real(D), ((D - 1) ** 2).mean() / 2)
    close(LeastSquares().d_fake(D), (D**2).mean() / 2)
    close(LeastSquares().g_fake(D), ((D - 1) ** 2).mean() / 2)


def test_smoothing_is_a_target_of_alpha_on_real_images_alone():
    p, alpha = sigmoid(D), 0.9
    cross_entropy = -(alpha * np.log(p) + (1 - alpha) * np.log(1 - p)).mean()
    close(NonSaturating(alpha).d_real(D), cross_entropy)
    for name in ("d_fake", "g_fake"):
        close(getattr(NonSaturating(alpha), name)(D), getattr(NonSaturating(), name)(D))
    close(objectives.get("smoothed").d_real(D), cross_entropy)
    close(objectives.get(("smoothed", 0.8)).d_real(D), NonSaturating(0.8).d_real(D))


def test_with_smoothing_the_best_discriminator_says_alpha_p_over_p_plus_q():
    """At a point with densities p, q: minimise p L_real(d) + q L_fake(d) on a fine grid of d."""
    d = np.linspace(-6, 6, 24001).astype("float32")
    for p, q, alpha in [(1.0, 1.0, 1.0), (1.0, 1.0, 0.9), (0.2, 0.8, 0.9)]:
        objective = NonSaturating(alpha)
        each = [tf.vectorized_map(f, d[:, None]) for f in (objective.d_real, objective.d_fake)]
        loss = p * np.asarray(each[0], "float64") + q * np.asarray(each[1], "float64")
        best = 1 / (1 + np.exp(-d[loss.argmin()]))
        assert best == pytest.approx(alpha * p / (p + q), abs=2e-3)


@pytest.mark.parametrize("name", objectives.NAMED)
def test_losses_are_finite_and_have_finite_gradients_at_extreme_logits(name):
    objective = objectives.get(name)
    d = tf.constant([-1e4, 0.0, 1e4])
    for loss in (objective.d_real, objective.d_fake, objective.g_fake):
        with tf.GradientTape() as tape:
            tape.watch(d)
            value = loss(d)
        assert np.isfinite(value) and np.isfinite(tape.gradient(value, d)).all()


def test_class_loss():
    c = np.random.default_rng(1).normal(size=(20, 4)).astype("float32")
    y = np.arange(20) % 4
    p = np.exp(c) / np.exp(c).sum(1, keepdims=True)
    close(ClassLoss()(c, y), -np.log(p[np.arange(20), y]).mean())


@pytest.mark.parametrize(
    "bad, word",
    [
        (lambda: NonSaturating(0.5), "alpha is 0.5"),
        (lambda: NonSaturating(1.1), "alpha is 1.1"),
        (lambda: ClassLoss(real=-1), "real is -1"),
        (lambda: FeatureMatching(0), "weight is 0"),
        (lambda: objectives.get("hinged"), "did you mean 'hinge'"),
        (lambda: objectives.get(("hinge", 1, 2)), "does not take"),
    ],
)
def test_bad_settings(bad, word):
    with pytest.raises(ValueError, match=word):
        bad()


# A GAN that can be worked out by hand: G(z, y) = w z, D(x) = [v x, u_0 x, u_1 x].
RATE, W, V = 0.1, 0.5, -0.3
U = np.array([0.7, -0.2])
X = np.array([0.9, -0.4, 0.3], np.float32)
Y = np.array([0, 1, 1], np.int32)


def by_hand(head, **options):
    z, y = keras.Input((1,)), keras.Input((), dtype="int32")
    x = keras.layers.Reshape((1, 1, 1))(keras.layers.Dense(1, use_bias=False)(z))
    generator = keras.Model([z, y] if head else z, x)
    image = keras.Input((1, 1, 1))
    flat = keras.layers.Flatten()(image)
    d = keras.Model(image, keras.layers.Dense(3 if head else 1, use_bias=False)(flat))
    generator.set_weights([np.array([[W]])])
    d.set_weights([np.array([[V, *U]]) if head else np.array([[V]])])
    gan = GAN(generator, d, classes=2 if head else 0)
    sgd = [keras.optimizers.SGD(RATE) for _ in range(2)]
    gan.compile(*sgd, order="simultaneous", run_eagerly=True, **options)
    return gan


def latents():
    return np.asarray(keras.random.normal((3, 1), seed=keras.random.SeedGenerator(0)))[:, 0]


def test_step_with_a_class_head_by_hand():
    weights = ClassLoss(real=1.0, fake=0.5, generated=0.25)
    gan = by_hand(True, objective=LeastSquares(), class_loss=weights)
    gan.train_step((tf.constant(X.reshape(3, 1, 1, 1)), tf.constant(Y)))
    fake = W * latents()

    def of_logits(x):
        """Gradient of the mean class loss with respect to the class logits u x, [N, 2]."""
        p = np.exp(np.outer(x, U))
        return (p / p.sum(1, keepdims=True) - np.eye(2)[Y]) / 3

    v = V - RATE * np.mean((V * X - 1) * X + V * fake * fake)
    u = U - RATE * (of_logits(X).T @ X + 0.5 * of_logits(fake).T @ fake)
    pull = np.mean((V * fake - 1) * V * latents())  # through the logit
    pull += 0.25 * (of_logits(fake) @ U) @ latents()  # through the class logits
    np.testing.assert_allclose(gan.discriminator.get_weights()[0][0], [v, *u], rtol=1e-5)
    np.testing.assert_allclose(gan.generator.get_weights()[0].item(), W - RATE * pull, rtol=1e-5)


@pytest.mark.parametrize("alone", [True, False])
def test_feature_matching_by_hand(alone):
    """D's last layer has the image as its input: f(x) = x, so the term is (mean x - mean w z)^2."""
    objective = DiscriminatorOnly(Hinge()) if alone else Hinge()
    gan = by_hand(False, objective=objective, terms=[FeatureMatching(2.0)])
    logs = gan.train_step(tf.constant(X.reshape(3, 1, 1, 1)))
    z = latents()
    gap = X.mean() - W * z.mean()
    close(logs["g_loss"], 2 * gap**2 - (0 if alone else V * W * z.mean()))
    pull = -4 * gap * z.mean() - (0 if alone else V * z.mean())
    close(gan.generator.get_weights()[0].item(), W - RATE * pull)
    hinge = -np.mean((1 - V * X > 0) * X) + np.mean((1 + V * W * z > 0) * W * z)
    close(gan.discriminator.get_weights()[0].item(), V - RATE * hinge)


def test_feature_matching_sums_over_features():
    """Two features against NumPy: the sum of squares of the gaps, not their mean."""

    class Two:
        def features(self, x, y):
            return tf.constant(x)

    f, f_fake = np.random.default_rng(2).normal(size=(2, 5, 7)).astype("float32")
    expected = ((f.mean(0) - f_fake.mean(0)) ** 2).sum()
    close(FeatureMatching().g(Two(), f, f_fake, None), expected)


def test_what_d_sees_is_augmented_in_every_pass():
    """With an augmentation that blackens every image, D's logits are all alike."""
    gan = by_hand(False, objective=NonSaturating(), augment=lambda x, seed: 0 * x - 1)
    gan.train_step(tf.constant(X.reshape(3, 1, 1, 1)))
    # All six images are -1 for D: real and fake pull on v with the same size.
    pull = -1 / (1 + np.exp(-V)) * -1 + 1 / (1 + np.exp(V)) * -1
    close(gan.discriminator.get_weights()[0].item(), V - RATE * pull)
    assert gan.generator.get_weights()[0].item() == pytest.approx(W)  # no gradient passes
