"""Lab 2, the training step: its check.

The step is asked on the GAN G(z) = a z + b, D(x) = w x + c, with images of one pixel, and
compared with the same step on paper.
"""

import keras
import numpy as np
import tensorflow as tf

from ..game import objectives
from ..game.orders import Step
from ..gan import GAN
from .common import Wrong, call, check, run, shown

L = keras.layers
# Where the step stands already written: the library's orders, and what calls them.
WRITTEN = ("ganedu.game.orders", "orders", "Sequential", "Simultaneous", "Alternating", "NAMED",
           "order", "train_step", "fit", "train_on_batch")


class Diary(GAN):
    """A GAN that writes down who is called, and with how many images."""

    def generate(self, n, y=None):
        if np.ndim(n):
            raise Wrong("generate takes a number, n, of fakes, not images")
        self.diary.append(["generate", int(n)])
        return super().generate(n, y)

    def judge(self, x, y=None):
        self.diary.append(["judge", len(x)])
        return super().judge(x, y)

    def update_discriminator(self, tape, d_loss):
        _tape_first("update_discriminator(tape, d_loss)", tape)
        self.diary.append(["D moves", 1])
        super().update_discriminator(tape, d_loss)

    def update_generator(self, tape, g_loss):
        _tape_first("update_generator(tape, g_loss)", tape)
        self.diary.append(["G moves", 1])
        super().update_generator(tape, g_loss)


def _tape_first(words, tape):
    if not isinstance(tape, tf.GradientTape):
        raise Wrong(f"gan.{words}: the tape first, then the loss")


def one_step(order, x, a, b, w, c, rate, seed):
    """A step of the one-pixel GAN G(z) = a z + b, D(x) = w x + c: who did what, and the end."""
    g = keras.Sequential([keras.Input((1,)), L.Dense(1), L.Reshape((1, 1, 1))])
    d = keras.Sequential([keras.Input((1, 1, 1)), L.Flatten(), L.Dense(1)])
    g.set_weights([np.array([[a]]), np.array([b])])
    d.set_weights([np.array([[w]]), np.array([c])])
    gan = Diary(g, d, seed=seed, ema=0)
    gan.compile(keras.optimizers.SGD(rate), keras.optimizers.SGD(rate), objectives.NonSaturating())
    object.__setattr__(gan, "diary", [])
    step = call(order, gan, tf.constant(x, tf.float32), forbidden=WRITTEN, allowed=["Step"], hints=[
        ("non-persistent", "a tape gives its gradient once: one tape for each player"),
        ("No gradients|None for", "a tape must record all that its gradient passes through. D's "
         "tape both judgements and their sum; G's tape how the fakes are made, judged, and g_fake "
         "of that: make the fakes *inside* G's tape"),
        ("expected min_ndim|incompatible|rank|expected axis", "D judges images and g_fake takes "
         "logits: is each given what it takes?"),
        ("unpack|Shapes of all inputs|tuple", "judge_real and judge_fake each give a pair: the "
         "logits and the loss"),
    ])
    if not isinstance(step, Step):
        raise Wrong(f"it gives {'nothing (None)' if step is None else type(step).__name__}; "
                    "return the Step, as the last line of the cell does")
    values = [np.asarray(v) if tf.is_tensor(v) or np.ndim(v) == 0 and v is not None else None
              for v in step]
    weights = [float(v.numpy().item()) for v in (*g.weights, *d.weights)]
    return {"diary": gan.diary, "step": values, "weights": weights}


def by_hand(x, a, b, w, c, rate, seed):
    """The same step with the gradients of chapter 1: the step, and the weights after it."""

    def softplus(t):
        return np.log1p(np.exp(t))

    def sigmoid(t):
        return 1 / (1 + np.exp(-t))

    x = np.ravel(x)
    z = np.ravel(keras.random.normal((len(x), 1), seed=keras.random.SeedGenerator(seed)))
    fake = a * z + b
    d_real, d_fake = w * x + c, w * fake + c
    w = w - rate * (-(sigmoid(-d_real) * x).mean() + (sigmoid(d_fake) * fake).mean())
    c = c - rate * (-sigmoid(-d_real).mean() + sigmoid(d_fake).mean())
    d_new = w * fake + c  # the new D judges the same fakes
    step = [d_real, d_fake, softplus(-d_real).mean(), softplus(d_fake).mean(),
            softplus(-d_new).mean()]
    pull = -sigmoid(-d_new) * w
    return step, [a - rate * (pull * z).mean(), b - rate * pull.mean(), w, c]


@check
def sequential_step(sequential_step, seed):
    rng = np.random.default_rng(seed)
    cases = [(np.array([1.0, 2.0, 0.5, 1.5, 3.0]), (0.5, -1.0, 0.8, 0.1, 0.5, 3)),
             (rng.normal(1, 1, 9), (1.2, 0.3, -0.5, 0.4, 0.3, seed + 11))]
    for x, settings in cases:
        found = run(one_step, sequential_step, x.reshape(-1, 1, 1, 1), *settings)
        _follows(found["diary"], len(x))
        right_step, right_weights = by_hand(x, *settings)
        for_d = "D's loss is the sum of both halves: is judge_real given x, judge_fake the fakes?"
        for_g = "D is right, G is not: is its loss g_fake of the new logits?"
        yours = dict(zip("abwc", found["weights"]))
        expected = dict(zip("abwc", right_weights))
        for name, hint in [("w", for_d), ("c", for_d), ("a", for_g), ("b", for_g)]:
            assert abs(yours[name] - expected[name]) < 1e-4, (
                f"with G(z) = a z + b and D(x) = w x + c, after one step {name} is "
                f"{yours[name]:.4f}; by hand it is {expected[name]:.4f}. {hint}")
        for name, mine, right in zip(Step._fields, found["step"], right_step):
            fits = mine is not None and np.shape(mine) == np.shape(right)
            assert fits and np.allclose(mine, right, atol=1e-4), (
                f"{name} of your Step is {mine if mine is None else shown(mine)}; by hand it is "
                f"{shown(right)}. D's logits and losses are those before it moved, g_loss the one "
                "after")
    return "One step of yours moves every weight as the step on paper does."


def _follows(diary, n):
    """Did things happen in the right order?"""
    called = [name for name, _ in diary]
    assert called.count("generate") == 1, (
        f"fakes are made {called.count('generate')} times; make one batch and share it")
    assert all(many == n for name, many in diary if name in ("generate", "judge")), (
        "each batch must have as many images as there are real ones, and real and fake go through "
        "D separately")
    assert called.count("D moves") == 1 and called.count("G moves") == 1, (
        "D moves once, on the sum of its two losses, and G moves once; here D moved "
        f"{called.count('D moves')} and G {called.count('G moves')} times")
    assert called.index("D moves") < called.index("G moves"), "D moves before G"
    last = len(called) - 1 - called[::-1].index("judge")
    assert called.index("D moves") < last, (
        "G must be judged by the D that has just moved: judge the fakes again after D's update; "
        "g_fake takes the logits of that judgement, not images")
