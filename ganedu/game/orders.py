"""Update orders: who moves when in a training step (claim A-step).

An order is a small object, called (gan, x) or, where the GAN is conditional, (gan, x, y).  It
makes fakes, has D judge, moves both networks, and gives a `Step`.  In a conditional GAN the
fakes are made for the labels of the real batch, so that real and fake labels come in the same
proportions, whatever the class weights.
"""

from typing import NamedTuple

import tensorflow as tf

from .. import checks, named


class Step(NamedTuple):
    """What one training step saw: D's judgements (`GAN.judge`) and mean losses."""

    d_real: tf.Tensor
    d_fake: tf.Tensor
    d_loss_real: tf.Tensor
    d_loss_fake: tf.Tensor
    g_loss: tf.Tensor


class Sequential:
    """D moves once, on both its losses; then G moves through the new D, on the same fakes.

    The fakes are made once and shared, real and fake go through D in separate passes (joined
    in one batch, batch norm would mix their statistics).  Our default: the cheapest order that
    trains well.  Report D's loop (3.4), as far as it says: not whether G sees the same fakes.
    """

    def __call__(self, gan, x, y=None):
        with tf.GradientTape() as g_tape:
            x_fake = gan.generate(tf.shape(x)[0], y)
            with g_tape.stop_recording():
                with tf.GradientTape() as d_tape:
                    d_real, d_loss_real = gan.judge_real(x, y)
                    d_fake, d_loss_fake = gan.judge_fake(x_fake, y)
                    d_loss = d_loss_real + d_loss_fake + gan.d_terms(x, x_fake, y)
                gan.update_discriminator(d_tape, d_loss)
            g_loss = gan.g_loss(gan.judge(x_fake, y), y) + gan.g_terms(x, x_fake, y)
        gan.update_generator(g_tape, g_loss)
        return Step(d_real, d_fake, d_loss_real, d_loss_fake, g_loss)


class Simultaneous:
    """D and G move at once, both by what they saw before either moved.

    One batch of fakes, one pass, both gradients: report A's *fast* step (claim A-step) and the
    step of TensorFlow's DCGAN tutorial.
    """

    def __call__(self, gan, x, y=None):
        with tf.GradientTape() as g_tape:
            x_fake = gan.generate(tf.shape(x)[0], y)
            with tf.GradientTape() as d_tape:  # D's gradient ends at the images
                d_real, d_loss_real = gan.judge_real(x, y)
                d_fake, d_loss_fake = gan.judge_fake(x_fake, y)
                d_loss = d_loss_real + d_loss_fake + gan.d_terms(x, x_fake, y)
            g_loss = gan.g_loss(d_fake, y) + gan.g_terms(x, x_fake, y)
        # The tapes remember the weights that the pass read, so G's gradient is that of the old
        # D although D moves first here.
        gan.update_discriminator(d_tape, d_loss)
        gan.update_generator(g_tape, g_loss)
        return Step(d_real, d_fake, d_loss_real, d_loss_fake, g_loss)


class Alternating:
    """Three updates: D on real images, D on fakes, then G on a fresh batch of fakes.

    Report A's *slow* step (claim A-step): every update sees the networks as the one before
    left them, and G never learns on images that D was just trained on.
    """

    def __call__(self, gan, x, y=None):
        n = tf.shape(x)[0]
        with tf.GradientTape() as tape:
            d_real, d_loss_real = gan.judge_real(x, y)
        gan.update_discriminator(tape, d_loss_real)

        x_fake = gan.generate(n, y)
        with tf.GradientTape() as tape:
            d_fake, d_loss_fake = gan.judge_fake(x_fake, y)
            d_loss = d_loss_fake + gan.d_terms(x, x_fake, y)
        gan.update_discriminator(tape, d_loss)

        with tf.GradientTape() as tape:
            x_fake = gan.generate(n, y)
            g_loss = gan.g_loss(gan.judge(x_fake, y), y) + gan.g_terms(x, x_fake, y)
        gan.update_generator(tape, g_loss)
        return Step(d_real, d_fake, d_loss_real, d_loss_fake, g_loss)


class Apart:
    """Any of the eight steps that report A's three changes make, so that each can be tried alone.

    Its fast step is Apart(), its slow one Apart("after", "fresh", "twice"): between the two, G's
    turn, G's images and D's updates all change at once (claim A-step).  `Simultaneous`,
    `Sequential` = Apart("after") and `Alternating` are three of the eight, and shorter.

    Args:
        g: "before" or "after": whether G's gradient is that of D as it was, or as it has become.
        fakes: "shared" or "fresh": whether G learns on the fakes that D saw, or on new ones.
        d: "once" or "twice": whether D moves on both its losses together, or on real images
            first and then on fakes, judged by a D that has moved.
    """

    def __init__(self, g="before", fakes="shared", d="once"):
        self.g = checks.choice("g", g, ("before", "after"))
        self.fakes = checks.choice("fakes", fakes, ("shared", "fresh"))
        self.d = checks.choice("d", d, ("once", "twice"))

    def __call__(self, gan, x, y=None):
        def g_loss(x_mine):
            return gan.g_loss(gan.judge(x_mine, y), y) + gan.g_terms(x, x_mine, y)

        move_discriminator = self._once if self.d == "once" else self._twice
        with tf.GradientTape() as g_tape:
            x_fake = gan.generate(tf.shape(x)[0], y)
            x_mine = gan.generate(tf.shape(x)[0], y) if self.fakes == "fresh" else x_fake
            if self.g == "before":  # judged now; the tape remembers the weights that it read
                loss = g_loss(x_mine)
            with g_tape.stop_recording():
                seen = move_discriminator(gan, x, x_fake, y)
            if self.g == "after":
                loss = g_loss(x_mine)
        gan.update_generator(g_tape, loss)
        return Step(*seen, loss)

    def _once(self, gan, x, x_fake, y):
        """D moves on both losses; gives (d_real, d_fake, loss on real, loss on fakes)."""
        with tf.GradientTape() as tape:
            d_real, d_loss_real = gan.judge_real(x, y)
            d_fake, d_loss_fake = gan.judge_fake(x_fake, y)
            loss = d_loss_real + d_loss_fake + gan.d_terms(x, x_fake, y)
        gan.update_discriminator(tape, loss)
        return d_real, d_fake, d_loss_real, d_loss_fake

    def _twice(self, gan, x, x_fake, y):
        """The same, on real images first, then on fakes."""
        with tf.GradientTape() as tape:
            d_real, d_loss_real = gan.judge_real(x, y)
        gan.update_discriminator(tape, d_loss_real)
        with tf.GradientTape() as tape:
            d_fake, d_loss_fake = gan.judge_fake(x_fake, y)
            loss = d_loss_fake + gan.d_terms(x, x_fake, y)
        gan.update_discriminator(tape, loss)
        return d_real, d_fake, d_loss_real, d_loss_fake


NAMED = {
    "sequential": Sequential,
    "simultaneous": Simultaneous,
    "alternating": Alternating,
    "apart": Apart,
}


def get(name):
    """The update order of that name (see `NAMED`); an order is given back as it is."""
    return named.get("order", NAMED, name, ("__call__",))
