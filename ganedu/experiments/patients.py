"""Rows for the clinic: a sick recipe for each state that it names, and healthy ones beside them.

Each sick recipe is a named one at quick scale, cut short, with one setting changed as a student may
change it by mistake: `SICK` says which, and what comes of it.  Its own state must be the first that the
clinic names.  The healthy recipes are the four of both bundled data sets as they are; whatever the clinic
names there is a false alarm.  Their records lie in the folder "clinic", which is no report's claim.

The settings and the limits of `clinic.states` were found with seeds from 100 on; the records are of the
seeds from 0 on, on which nothing was tuned.
"""

import functools
from dataclasses import replace

from .. import networks
from ..clinic import STATES, Diagnosis, Evidence, gather
from ..clinic.diagnosis import of_recipe
from ..clinic.states import HEALTHY
from .ablations import changed
from .measuring import rounded
from .recipes import get

CLAIMS = ("clinic",)
LOOKS = 1000  # generated images that the clinic sees, as `diagnose` does
SEEDS, WELL_SEEDS = 10, 5


def bases():
    """The quick recipes that are made sick, on the lean networks: {name: recipe}."""
    generator, discriminator = networks.NAMED["lean"]
    digits = replace(get("digits", "quick"), generator=generator, discriminator=discriminator)
    named = {"digits": digits, "cgan-digits": get("cgan-digits", "quick"), "cgan-head": get("cgan-head", "quick")}
    return {name: replace(recipe, sheets_per_epoch=2) for name, recipe in named.items()}


# State -> setting, base, the change as `ablations.changed` takes it, images an epoch; two epochs each.
SICK = {
    # The balance rule the wrong way round (claim B-balance): the loser waits, and that is G for good.
    "discriminator too strong": ("sick-dstrong", "digits", {"balance": ("loss_ratio", 2.0, 2.0, "behind")}, 2000),
    # A hundredth of G's rate: D stays fooled by the one image that fooled it first.
    "mode collapse": ("sick-collapse", "digits", {"d_learning_rate": 1e-5}, 3000),
    # One number in z: all images of a class lie on a line.
    "partial mode collapse": ("sick-partial", "cgan-digits", {"g": {"latent_size": 1}}, 3000),
    # Two classes never drawn.
    "lost classes": ("sick-lost", "cgan-digits", {"class_weights": (1,) * 8 + (0, 0)}, 5000),
    "diverged": ("sick-diverged", "digits", {"learning_rate": 1.0}, 1000),
    "wrong pixel range": ("sick-range", "cgan-digits", {"g": {"output": "sigmoid"}}, 1000),
    # numpy's random.rand for z: much the same number in all latents, and the label is heard above it.
    "generator ignores its latent": (
        "sick-latent", "cgan-digits", {"g": {"latent_distribution": "uniform01"}}, 4000,
    ),
    # Only the class head tells of labels, and G is not paid by it.
    "generator ignores its label": ("sick-label", "cgan-head", {"class_loss": (1.0, 0.0, 0.0)}, 3000),
    # Two images of each digit.
    "memorising": ("sick-memory", "cgan-digits", {"n_images": 20}, 4000),
}  # fmt: skip
EPOCHS = 2
WELL = {"digits": 1.0, "fashion": 1.0, "cgan-digits": 0.5, "cgan-fashion": 0.5}  # minutes of a run


def rows():
    """What `sweeps.Row` takes, for each experiment: dicts of its arguments, rules as plain tuples."""
    shared = {"claims": CLAIMS, "precision": "float32"}  # the same on any machine
    made = []
    healthy = bases()
    for state, (setting, base, change, images) in SICK.items():
        recipe = changed(replace(healthy[base], epochs=EPOCHS, epoch_images=images), change)
        made.append(shared | {
            "setting": setting, "recipe": recipe, "measure": f"checkup: {state}", "seeds": SEEDS,
            "minutes": 0.4, "rules": (("named", "all but one", ">=", 1),),
        })  # fmt: skip
    settings = [f"well-{name}" for name in WELL]
    for (name, minutes), setting in zip(WELL.items(), settings, strict=True):
        beside = tuple(s for s in settings if s != setting)
        made.append(shared | {
            "setting": setting, "recipe": get(name, "quick"), "measure": f"checkup: {HEALTHY}",
            "seeds": WELL_SEEDS, "minutes": minutes, "rules": (("named", "all but one", ">=", 1, beside),),
        })  # fmt: skip
    return made


def checkup(state, gan, recipe, history=None, diverged=""):
    """What the clinic says of a trained GAN, and whether that is the state it was to show.

        named      1 if `state` is the first that is named, else 0
        state      the names of all, the one that explains most first
        evidence   what was measured, of 1,000 generated images beside the recipe's own

    Args:
        state: the name of a state, or "healthy".
        gan: the trained `GAN`; None if the training diverged.
        recipe: its `Recipe`; what it holds out is what the GAN has not seen.
        history: the logs of its epochs.
        diverged: what stopped being a number, in words, if something did.
    """
    if diverged:  # in the epoch after the last that has logs
        evidence = Evidence.of_diverged(len(history or ()))
    else:
        evidence = gather(gan, **of_recipe(recipe, gan.seed), history=history, n=LOOKS)
    names = Diagnosis.of(evidence).names
    return rounded({"named": int(names[0] == state), "state": list(names), "evidence": evidence.known()})


NAMED = {f"checkup: {name}": functools.partial(checkup, name)
         for name in (*(state.name for state in STATES), HEALTHY)}  # fmt: skip
