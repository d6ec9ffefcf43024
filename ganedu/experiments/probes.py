"""Rows for what a discriminator knows: claims A-probe and A-pool on CIFAR-10, report D's on both sets.

Report A's discriminator saw ImageNet for 10 to 45 epochs; ours sees the training images of CIFAR-10,
without labels, 20,000 to 320,000 of them one after the other.  Report D's own table, of photographs that
are many gigabytes, is there at its own scale.
"""

from dataclasses import replace

from ..networks import NAMED
from .recipes import get

CLAIMS = ("A-probe", "A-pool", "D-probe1", "D-probe2", "D-same", "D-base")
EPOCH = 20_000
EPOCHS = (1, 4, 16)
# What TFDS has of report D's three kinds: it took its faces from FFHQ, its cars from CompCars.
PHOTOGRAPHS = {"pets": "oxford_iiit_pet", "faces": "celeb_a", "cars": "cars196"}
SHARED = {"precision": "float32"}  # the same on any machine


def rows():
    """What `sweeps.Row` takes, for each experiment: dicts of its arguments."""
    cifar = replace(get("cifar", "standard"), epoch_images=EPOCH)
    clothes = replace(get("fashion", "standard"), data="fashion_mnist", epochs=3, epoch_images=EPOCH)
    digits = replace(get("digits", "standard"), data="mnist", epochs=3, epoch_images=EPOCH)
    made = [
        (CLAIMS, f"cifar-{EPOCHS[-1]}", replace(cifar, epochs=EPOCHS[-1]), "probing", 45.0),
        *((CLAIMS[:1], f"cifar-{n}", replace(cifar, epochs=n), "probing_short", 5.0 + n)
          for n in EPOCHS[:-1]),
        (("A-probe", "D-same"), "fashion-probe", clothes, "probing_elsewhere", 8.0),
        (("A-probe", "D-same"), "digits-probe", digits, "probing_elsewhere", 8.0),
        *((CLAIMS[2:], f"coco-{what}", replace(get("D-ref", "paper"), data=name), "probing_everyday", 600.0)
          for what, name in PHOTOGRAPHS.items()),
    ]  # fmt: skip
    names = ("claims", "setting", "recipe", "measure", "minutes")
    return [dict(zip(names, row, strict=True)) | SHARED | {"seeds": 3} for row in made] + _looks()


def _looks():
    """The stand-in: the bundled clothes for a few seconds."""
    generator, discriminator = NAMED["lean"]
    quick = replace(
        get("fashion", "quick"), generator=generator, discriminator=discriminator, epochs=2,
        epoch_images=4000,
    )  # fmt: skip
    return [{
        "claims": CLAIMS, "setting": "quick-probe", "recipe": quick, "measure": "probing_glance",
        "minutes": 0.5, "seeds": 1, "stand_in": True,
    } | SHARED]  # fmt: skip
