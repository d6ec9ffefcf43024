"""What is added to the two losses: further terms, and the loss of D's class head.

A term is an object with two methods, each one number added to that network's loss:

    d(gan, x, x_fake, y)    added to D's loss on the fakes
    g(gan, x, x_fake, y)    added to G's loss

It sees the images, so it can call the networks again; a term's price is these calls.  A term
that owns variables lists them as `variables`: they are then in a run's checkpoints.
"""

import tensorflow as tf

from .. import checks, named
from .objectives import mean


class FeatureMatching:
    """G's images shall look to D, on average, like real ones (Salimans et al. 2016, section 3.1).

        L_G = weight * sum over f of (mean f(x) - mean f(G(z)))^2

    with f the input of D's last layer, the features that D judges by (claim B-ideas).  (The
    authors' CIFAR-10 code takes the mean of absolute differences instead.)  Added to the
    adversarial loss; with `DiscriminatorOnly` it replaces it, as in the paper.
    """

    def __init__(self, weight=1.0):
        self.weight = checks.number("weight", weight, "(0, inf)")

    def d(self, gan, x, x_fake, y):
        return 0.0

    def g(self, gan, x, x_fake, y):
        f, f_fake = (tf.cast(gan.features(images, y), tf.float32) for images in (x, x_fake))
        gap = tf.reduce_mean(tf.stop_gradient(f), 0) - tf.reduce_mean(f_fake, 0)
        return self.weight * tf.reduce_sum(gap**2)


class ClassLoss:
    """What the class head adds (ACGAN, Odena et al. 2017, section 4).

    With c the head's class logits and y the label that was asked for:

        D adds  real  * mean(-log softmax(c(x))_y)    + fake * mean(-log softmax(c(G(z, y)))_y)
        G adds  generated * mean(-log softmax(c(G(z, y)))_y)

    Odena et al. have all three at 1.  We leave `fake` at 0: a head that learns from fakes learns
    the generator's mistakes as if they were right.  With WGAN-GP, Gulrajani et al. (2017) use
    1 in D on real and 0.1 in G.

    Args:
        real, fake, generated: the three weights, at least 0.
    """

    def __init__(self, real=1.0, fake=0.0, generated=1.0):
        self.real = checks.number("real", real, "[0, inf)")
        self.fake = checks.number("fake", fake, "[0, inf)")
        self.generated = checks.number("generated", generated, "[0, inf)")

    @property
    def weights(self):
        """(real, fake, generated)."""
        return self.real, self.fake, self.generated

    @classmethod
    def get(cls, weights):
        """The object itself, or that of weights (real, fake, generated); None is all by default.

        Raises:
            ValueError: for anything else.
        """
        if isinstance(weights, cls):
            return weights
        weights = () if weights is None or weights is cls else weights
        if not isinstance(weights, list | tuple) or len(weights) > 3:
            raise ValueError(
                f"class_loss is {checks.short(weights)}; give terms.ClassLoss(real, fake, generated)"
            )
        return cls(*weights)

    def __call__(self, classes, y):
        """mean(-log softmax(classes)_y) for class logits [N, K] and labels [N]."""
        classes = tf.cast(classes, tf.float32)
        return mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=classes))


NAMED = {"feature_matching": FeatureMatching}


def get(terms):
    """The terms of these names (see `NAMED`), a tuple; objects are given back as they are."""
    return named.get_all("terms", NAMED, terms, ("d", "g"))
