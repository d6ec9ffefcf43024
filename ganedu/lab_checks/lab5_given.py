"""What lab 5 is given: Student's quantile, knobs with their recorded runs, a training to try one."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..experiments import recipes, records
from ..measures import intervals, readers
from .common import Wrong, brief

WAYS = ("higher", "lower", "none")


def student(v):
    """The 97.5% quantile of Student's t with v degrees of freedom, v at least 1."""
    return intervals.student(v if v < 1 else int(v))


def guessed(guesses, what):
    """What was guessed for `what`, in words: whatever stands in the notebook's cell."""
    found = guesses.get(what) if isinstance(guesses, dict) else guesses
    return "nothing" if found is None else str(found)


def a_word(said):
    """What the student's `call` says, if it is one of the three words.

    Raises:
        Wrong: if it is not.
    """
    if not (isinstance(said, str) and said in WAYS):
        lost = ": is `return` missing?" if said is None else ""
        raise Wrong(f"call gives {brief(said)}{lost}; it must be one of "
                    f"{', '.join(map(repr, WAYS))}")
    return str(said)


class Knob(NamedTuple):
    """A setting, and the baseline that it is tried on: what is turned, claim, settings, quality."""

    turned: str
    claim: str
    setting: str
    against: str
    quality: str


# Three on our small GAN, which are recorded, and three of report B, which take longer.
KNOBS = {
    "beta1": Knob("our GAN: Adam's beta_1 is 0.9 in place of 0",
                  "A-arch", "rule-adam-beta", "rule-none", "inception_score"),
    "d-norm": Knob("our GAN: no batch normalisation in D",
                   "A-arch", "rule-d-norm", "rule-none", "inception_score"),
    "d-relu": Knob("our GAN: D has ReLU in place of LeakyReLU",
                   "A-arch", "rule-d-relu", "rule-none", "inception_score"),
    "vbn": Knob("report B's CGAN: virtual batch normalisation in G",
                "B-vbn", "cgan-vbn", "cgan", "success"),
    "keep-0.9": Knob("report B's CGAN: 10% dropout in place of 40%, in G and in D",
                     "B-keep", "cgan-keep-0.9", "cgan", "success"),
    "lr-low": Knob("report B's CGAN: learning rate 2e-5 in place of 2e-4",
                   "B-lr", "cgan-lr-low", "cgan", "success"),
}  # fmt: skip

# Pairs of settings for the question of Task 6: all of claim A-arch.
PAIRS = (
    *((f"rule-{name}", "rule-none") for name in (
        "adam-beta", "adam-kept", "d-norm", "d-norm-first", "d-relu", "g-leaky", "g-norm", "init")),
    ("digits", "digits-plain"),
)  # fmt: skip


def runs_of(claim, setting, root=None):
    """The recorded runs of a setting, one a seed; [] if there are none, or no records at all."""
    return records.by_setting(records.root() if root is None else root, claim).get(setting, [])


def both(name, root=None):
    """The recorded runs of a knob, and those of its baseline: two lists."""
    knob = KNOBS[name]
    return runs_of(knob.claim, knob.setting, root), runs_of(knob.claim, knob.against, root)


def tiny():
    """Chapter 3's recipe on narrower networks, for 85 steps of 16 images at twice its rate."""
    recipe = recipes.get("cgan-digits", "quick")
    return replace(recipe, generator=replace(recipe.generator, projection=(7, 7, 48), filters=(24,)),
                   discriminator=replace(recipe.discriminator, filters=(16, 32)), batch_size=16,
                   epochs=1, epoch_images=85 * 16, learning_rate=2e-3)


def slower(recipe, base):
    """The recipe of the student's `turned`, if it can be trained and differs from `base`.

    Raises:
        Wrong: if not, before the trainings.
    """
    if not isinstance(recipe, recipes.Recipe) or recipe.rates == base.rates:
        what = "rates that base has" if isinstance(recipe, recipes.Recipe) else brief(recipe)
        raise Wrong(f"turned(base, 0.1) gives {'the ' * what.startswith('rates')}{what}: see the "
                    "check of `turned`. Nothing was trained")
    return recipe


_compiled = {}  # a recipe without its rates -> a GAN whose training step is compiled


def _variables(gan):
    optimizers = gan.generator_optimizer, gan.discriminator_optimizer
    return sum((part.variables for part in optimizers), list(gan.variables))


def fitted(recipe, seed):
    """Trains by the recipe: the GAN, and the logs of its epochs, a dictionary of lists.

    To compile a training step takes longer than the trainings of a lab.  So recipes that differ in their
    rates alone share one GAN, which is given all that a new one of that recipe and seed starts from: the
    next training overwrites it.
    """
    new, key = recipe.build(seed), repr(replace(recipe, learning_rate=1.0, d_learning_rate=None))
    gan = _compiled.setdefault(key, new)
    if gan is not new:
        for variable, value in zip(_variables(gan), _variables(new), strict=True):
            variable.assign(value)
    return gan, gan.fit(recipe.batches(seed), epochs=recipe.epochs, verbose=0).history


def trained(recipe, seed):
    """Trains by the recipe; the success rate of 500 samples, and D's last gap: a dictionary."""
    gan, history = fitted(recipe, seed)
    asked = np.repeat(np.arange(10), 50)
    read = readers.load("digits").probabilities(gan.sample(labels=asked, seed=seed)).argmax(1)
    gap = history["d_out_real"][-1] - history["d_out_fake"][-1]
    return {"success": float((read == asked).mean()), "gap": float(gap)}
