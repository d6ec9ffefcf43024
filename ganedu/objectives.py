"""What the two networks minimise.

An objective is a small object with three methods.  Each takes logits of shape [N] (the
discriminator's raw output: positive means "real", negative means "fake") and gives one number,
the mean loss over the batch:

    d_real(d_real)   what D minimises on real images
    d_fake(d_fake)   what D minimises on generated images
    g_fake(d_fake)   what G minimises, through D, on its own images

The discriminator's two halves are apart because the update orders of `ganedu.gan` use them
apart.  Everything is written with softplus(t) = log(1 + exp(t)), which is
-log sigmoid(-t) without ever taking the logarithm of a number that has rounded to zero.
"""

import tensorflow as tf


def mean_softplus(t):
    return tf.reduce_mean(tf.math.softplus(tf.cast(t, tf.float32)))


class NonSaturating:
    """The loss that GANs are trained with (Goodfellow et al. 2014, section 3).

    With D = sigmoid(d):

        L_D = -log D(x) - log(1 - D(G(z))) = softplus(-d_real) + softplus(d_fake)
        L_G = -log D(G(z))                 = softplus(-d_fake)

    The gradient of L_G with respect to the logit is -(1 - D(G(z))): close to -1 when D calls
    the image fake with confidence, so G learns most where it is worst.
    """

    def d_real(self, d_real):
        return mean_softplus(-d_real)

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


NAMED = {"non_saturating": NonSaturating, "saturating": Saturating}


def get(name):
    """The objective of that name (see `NAMED`); an objective is given back as it is."""
    if not isinstance(name, str):
        return name
    if name not in NAMED:
        raise ValueError(f"objective is {name!r}; choose one of {', '.join(NAMED)}")
    return NAMED[name]()
