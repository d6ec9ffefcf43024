"""Balance rules: which network may move at the next step (claim B-balance).

A rule is a small object, called after each training step with the number of the *next* step
(0 for the first) and the losses that the step before saw:

    rule(step, d_loss_real, d_loss_fake, g_loss) -> (d_moves, g_moves)

Both networks are still judged at each step, since the losses decide what happens next; what is
skipped is the gradient and the update, of G's average too.  `GAN.d_updates` and `GAN.g_updates` count the updates that were made, and
`fit` reports them: a rule that stops one network for good shows there and nowhere else.
"""

import tensorflow as tf

from .. import checks, named


class Always:
    """Both networks move at every step."""

    def __call__(self, step, d_loss_real, d_loss_fake, g_loss):
        return True, True


class Fixed:
    """A fixed ratio k:1: one network moves at every step, the other at each k-th.

    Args:
        d, g: how many updates of D to how many of G; one of them must be 1.  Fixed(5, 1) is
            WGAN-GP's five critic updates to one of G; Fixed(2, 1) was proposed in claim
            B-balance and not tried there.
    """

    def __init__(self, d=1, g=1):
        self.d, self.g = checks.whole("d", d, 1), checks.whole("g", g, 1)
        if min(d, g) > 1:
            raise ValueError(f"d, g are {d}, {g}; one of them must be 1")

    def __call__(self, step, d_loss_real, d_loss_fake, g_loss):
        # D moves at each g-th step and G at each d-th: with one of the two at 1, d to g.
        return step % self.g == 0, step % self.d == 0


class LossRatio:
    """A network is held back while the losses are too far apart (report B's "G <= 2D, D <= 2G").

    The report says neither which network its inequality stops nor whether D's loss is the sum
    or the mean of its two halves, and it matters: at the equilibrium of `NonSaturating` the sum
    is 2 log 2 = 1.386 and G's loss log 2 = .693, so that with the sum "D <= 2G" holds only just.
    Both readings are here:

        hold="ahead"     D waits while g_loss > a d_loss, G waits while d_loss > b g_loss:
                         the network that is winning stands still until the other has caught up
        hold="behind"    the other way round: the network that is losing stands still

    With a, b >= 1 and positive losses at most one of them waits.  (A loss can be negative, as
    with `Saturating` or `Hinge`; should both be told to wait, both move.)

    Args:
        a, b: the largest ratios g_loss / d_loss and d_loss / g_loss that are let pass.
        hold: "ahead" or "behind".
        d_loss: "sum" or "mean" of D's losses on real and on fakes.
    """

    def __init__(self, a=2.0, b=2.0, hold="ahead", d_loss="sum"):
        self.a, self.b = (checks.number(n, v, "[1, inf)") for n, v in {"a": a, "b": b}.items())
        self.hold = checks.choice("hold", hold, ("ahead", "behind"))
        self.d_loss = checks.choice("d_loss", d_loss, ("sum", "mean"))

    def __call__(self, step, d_loss_real, d_loss_fake, g_loss):
        d_loss = d_loss_real + d_loss_fake
        if self.d_loss == "mean":
            d_loss /= 2
        d_ahead, g_ahead = g_loss > self.a * d_loss, d_loss > self.b * g_loss
        d_waits, g_waits = (d_ahead, g_ahead) if self.hold == "ahead" else (g_ahead, d_ahead)
        nobody = tf.logical_and(d_waits, g_waits)
        return tf.logical_or(~d_waits, nobody), tf.logical_or(~g_waits, nobody)


NAMED = {"always": Always, "fixed": Fixed, "loss_ratio": LossRatio}


def get(name):
    """The rule of that name (see `NAMED`); a rule is given back as it is."""
    return named.get("balance", NAMED, name, ("__call__",))
