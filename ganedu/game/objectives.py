"""What the two networks minimise: objectives on logits.

An objective is a small object with three methods.  Each takes logits of shape [N] (the
discriminator's raw output: positive means "real", negative means "fake") and gives one number,
the mean loss over the batch:

    d_real(d_real)   what D minimises on real images
    d_fake(d_fake)   what D minimises on generated images
    g_fake(d_fake)   what G minimises, through D, on its own images

The discriminator's two halves are apart because the update orders of `ganedu.game.orders` use them
apart.  Everything is written with softplus(t) = log(1 + exp(t)), which is
-log sigmoid(-t) without ever taking the logarithm of a number that has rounded to zero.

What an objective cannot say, because it sees logits only, is a term: see `ganedu.game.terms`.
"""

import tensorflow as tf

from .. import checks, named


def mean(t):
    return tf.reduce_mean(tf.cast(t, tf.float32))


def mean_softplus(t):
    return mean(tf.math.softplus(tf.cast(t, tf.float32)))


class NonSaturating:
    """The loss that GANs are trained with (Goodfellow et al. 2014, section 3).

    With D = sigmoid(d):

        L_D = -log D(x) - log(1 - D(G(z))) = softplus(-d_real) + softplus(d_fake)
        L_G = -log D(G(z))                 = softplus(-d_fake)

    The gradient of L_G with respect to the logit is -(1 - D(G(z))): close to -1 when D calls
    the image fake with confidence, so G learns most where it is worst.

    With one-sided label smoothing (Salimans et al. 2016, section 3.4; claim B-smooth) D's
    target on real images is alpha below 1, and on fakes stays 0:

        L_real = -alpha log D(x) - (1 - alpha) log(1 - D(x)) = softplus(-d_real) + (1 - alpha) d_real

    D's best answer is then alpha p_data / (p_data + p_g), alpha/2 where the two are equal.  A
    fake target above 0 would add p_g to the numerator: D would praise G's own errors.

    Args:
        alpha: D's target on real images, above 0.5 and at most 1 (no smoothing).
    """

    def __init__(self, alpha=1.0):
        self.alpha = checks.number("alpha", alpha, "(0.5, 1]")

    def d_real(self, d_real):
        return mean_softplus(-d_real) + (1 - self.alpha) * mean(d_real)

    def d_fake(self, d_fake):
        return mean_softplus(d_fake)

    def g_fake(self, d_fake):
        return mean_softplus(-d_fake)


class Saturating(NonSaturating):
    """The minimax game as it is written down (Goodfellow et al. 2014, equation 1; claim C-wgan).

    D's losses are those of `NonSaturating`; G minimises

        L_G = log(1 - D(G(z))) = -softplus(d_fake)

    whose gradient with respect to the logit is -D(G(z)): close to 0 when D calls the image fake
    with confidence, so a G that is far behind hardly learns.
    """

    def g_fake(self, d_fake):
        return -mean_softplus(d_fake)


class Hinge:
    """The hinge loss (Lim and Ye 2017, section 3; Miyato et al. 2018, equations 16 and 17).

        L_D = mean(max(0, 1 - d_real)) + mean(max(0, 1 + d_fake))
        L_G = -mean(d_fake)

    D stops caring about an image once it is right by a margin of 1; G's pull never fades.
    """

    def d_real(self, d_real):
        return mean(tf.nn.relu(1.0 - d_real))

    def d_fake(self, d_fake):
        return mean(tf.nn.relu(1.0 + d_fake))

    def g_fake(self, d_fake):
        return -mean(d_fake)


class LeastSquares:
    """Least squares GAN (Mao et al. 2017, equation 9): targets 1 for real, 0 for fake.

        L_D = mean((d_real - 1)^2) / 2 + mean(d_fake^2) / 2
        L_G = mean((d_fake - 1)^2) / 2

    The logit itself is pulled to the target, so an image that D is too sure of pulls as well.
    Here 0 is "fake" and 1 is "real": an accuracy that counts signs says little.
    """

    def d_real(self, d_real):
        return mean((d_real - 1.0) ** 2) / 2

    def d_fake(self, d_fake):
        return mean(d_fake**2) / 2

    def g_fake(self, d_fake):
        return mean((d_fake - 1.0) ** 2) / 2


class DiscriminatorOnly:
    """D plays as `objective` says; G has no adversarial loss, a term must take its place.

    So Salimans et al. trained with feature matching: `FeatureMatching` is then all that G
    minimises.
    """

    def __init__(self, objective="non_saturating"):
        self.objective = objective
        objective = get(objective)
        self.d_real, self.d_fake = objective.d_real, objective.d_fake

    def g_fake(self, d_fake):
        return 0.0 * mean(d_fake)


def smoothed(alpha=0.9):
    """`NonSaturating` with one-sided label smoothing."""
    return NonSaturating(alpha)


NAMED = {
    "non_saturating": NonSaturating,
    "saturating": Saturating,
    "smoothed": smoothed,
    "hinge": Hinge,
    "least_squares": LeastSquares,
    "discriminator_only": DiscriminatorOnly,
}


def get(name):
    """The objective of that name (see `NAMED`); an objective is given back as it is."""
    return named.get("objective", NAMED, name, ("d_real", "d_fake", "g_fake"))
