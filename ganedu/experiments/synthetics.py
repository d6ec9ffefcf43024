"""Rows for what synthetic images teach: claims B-base to B-once on two data sets, and A-label.

A GAN trains on the classifier's own 1,000 real images, or on all of them, which is a leak: the
classifier then learns, by way of the GAN, from images that it is said not to have.
"""

from dataclasses import replace

from ..networks import NAMED
from .recipes import get

CLAIMS = ("B-base", "B-ratio", "B-without8", "B-confidence", "B-turn", "B-once")
OWN = {"n_images": 1000, "drawn": True}
SHARES = {40: 24_000, 60: 36_000, 80: 48_000}  # percent of MNIST, images
HELD = {"held_out": 500}  # what stops the classifiers: no GAN has seen it


def rows():
    """What `sweeps.Row` takes, for each experiment: dicts of its arguments."""
    bfloat16, float32 = "mixed_bfloat16", "float32"  # the first is slow without matrix units
    digits = replace(get("cgan-mnist-short", "standard"), **HELD)
    clothes = replace(
        get("cgan-fashion", "standard"), data="fashion_mnist", epochs=3, epoch_images=20_000, **HELD
    )
    generator, discriminator = NAMED["lean"]  # ten GANs a run
    one_each = replace(
        get("digits", "standard"), data="mnist", generator=generator, discriminator=discriminator,
        per_class=3, epochs=2, epoch_images=8000, **HELD
    )  # fmt: skip
    made = [
        (CLAIMS, "own", replace(digits, **OWN), "teaching", 20.0, bfloat16),
        (CLAIMS, "all", digits, "teaching_gan", 18.0, bfloat16),
        (CLAIMS[:2], "fashion-own", replace(clothes, **OWN), "teaching_short", 7.0, float32),
        (CLAIMS[:2], "fashion-all", clothes, "teaching_short", 7.0, float32),
    ]
    made += [
        (("A-label",), f"share-{share}", replace(one_each, n_images=n), "ladder", 10.0, float32)
        for share, n in SHARES.items()
    ]
    names = ("claims", "setting", "recipe", "measure", "minutes", "precision")
    return [dict(zip(names, row, strict=True)) | {"seeds": 5} for row in made] + _looks()


def _looks():
    """The stand-ins: a smaller conditional GAN, and short ones of each class."""
    shared = {"minutes": 0.5, "seeds": 1, "precision": "float32", "stand_in": True}
    own = replace(get("cgan-digits", "quick"), epochs=2, epoch_images=5000, **OWN, **HELD)
    generator, discriminator = NAMED["lean"]
    share = replace(
        get("digits", "quick"), generator=generator, discriminator=discriminator, per_class=1,
        epochs=1, epoch_images=3000, sheets_per_epoch=1, n_images=8000, **HELD
    )  # fmt: skip
    return [
        {"claims": CLAIMS, "setting": "quick-own", "recipe": own, "measure": "teaching_glance"} | shared,
        {"claims": ("A-label",), "setting": "quick-share-80", "recipe": share, "measure": "ladder_glance"}
        | shared | {"minutes": 1.5},
    ]
