"""The recipes by name and scale: `get`.

`GANEDU_SCALE` chooses the scale where no argument does; `quick` where neither does.
"""

import os
from dataclasses import replace

from .. import checks, networks
from .recipe import SCALES, Recipe


def scale_from_environment():
    """The scale that GANEDU_SCALE names, or "quick".

    Raises:
        ValueError: if it names none.
    """
    scale = os.environ.get("GANEDU_SCALE", "") or "quick"
    if scale not in SCALES:
        raise ValueError(f"GANEDU_SCALE is {scale!r}; choose one of {', '.join(SCALES)}")
    return scale


def get(name, scale=None):
    """The recipe of that name and scale (default: GANEDU_SCALE, else "quick").

    Raises:
        ValueError: if there is no such recipe, or not at that scale; names what there is.
    """
    known = {r.name for r in RECIPES}
    if name not in known:
        raise ValueError(f"recipe is {name!r}; choose one of {', '.join(sorted(known))}")
    wanted = scale or scale_from_environment()
    checks.choice("scale", wanted, SCALES)
    at = {r.scale: r for r in RECIPES if r.name == name}
    if wanted not in at:
        raise ValueError(f"recipe {name!r} has no scale {wanted!r}; it has {', '.join(at)}")
    return at[wanted]


def _named(name):
    generator, discriminator = networks.NAMED[name]
    return {"name": name, "claim": name, "generator": generator, "discriminator": discriminator}


def _ours(name, scale, epochs, data, networks_of, **changes):
    """Ours, for 28x28 images and two cores, on networks of `networks.NAMED`."""
    generator, discriminator = networks.NAMED[networks_of]
    settings = {
        "generator": generator,
        "discriminator": discriminator,
        "learning_rate": 1e-3,
        "beta_1": 0.0,
        "batch_size": 32,
        "ema": 0.99,
        "sheets_per_epoch": 4 if scale == "quick" else 1,
        "held_out": 1000,
    }
    return Recipe(name=name, scale=scale, data=data, epochs=epochs, **(settings | changes))


def _faces(name, size, **changes):
    """Drawn faces without what is round them, as report A crops its own (claim A-crop).

    Batches of 8: of as many images they make four times the steps of 32, in little more time.
    """
    return _ours(name, "standard", data="faces", networks_of=name, epoch_images=20_000, beta_1=0.5,
                 data_options={"size": size, "crop": 0.7, "n": 20_000}, batch_size=8, ema=0.999,
                 **changes)  # fmt: skip


def _conditional(name, scale, epochs, data, networks_of, told=None, head=False, **changes):
    """The same with ten classes: `told` and `head` say how D is told the label.

    z has 64 numbers: with the 10 of `digits` the images of one class were more alike.
    """
    generator, discriminator = networks.NAMED[networks_of]
    generator = replace(generator, latent_size=64)
    return _ours(
        name, scale, epochs, data, networks_of,
        claim="B-cgan",
        generator=replace(generator, conditioning=told or "input", classes=10),
        discriminator=replace(discriminator, conditioning=told, classes=10, class_head=head),
        class_weights="balanced",
        **changes,
    )  # fmt: skip


# The ways to tell the networks the label, on the same networks and with the same settings.
_WAYS = {
    "input": {"told": "input"},
    "every_layer": {"told": "every_layer"},
    "projection": {"told": "projection"},
    "head": {"head": True},
}
_BEST = {"told": "projection", "head": True}
# Paid less by the class head, G makes images that vary more and are less easy to read.
_FREER = {**_BEST, "class_loss": (1.0, 0.0, 0.2)}


def _report_b(scale, conditional=False, part=1, **changes):
    """Report B's DCGAN or, with the label at the input of both networks, its CGAN.

    part: widths and batches are divided by it, and the rate is multiplied.
    """
    generator, discriminator = networks.NAMED["B-ref"]
    told = {"conditioning": "input", "classes": 10} if conditional else {}
    width = discriminator.filters[0] // part
    settings = {
        "generator": replace(generator, projection=(7, 7, 2 * width), filters=(width,), **told),
        "discriminator": replace(discriminator, filters=(width, 2 * width), **told),
        "batch_size": 200 // part,
        "learning_rate": 2e-4 * part,
        "class_weights": "balanced" if conditional else None,
        "note": "the report also skips updates by a balance rule (claim B-balance), left out here",
    }  # fmt: skip
    name = "B-ref-cgan" if conditional else "B-ref"
    return Recipe(name=name, scale=scale, claim="B-cgan" if conditional else "B-ref", **(settings | changes))


def _report_a(scale, part, **changes):
    """Report A's DCGAN for digits, its filters divided by `part`: its slow step, its Adam."""
    named = _named("A-mnist")
    h, w, filters = named["generator"].projection
    for network in ("generator", "discriminator"):
        net = named[network]
        named[network] = replace(net, filters=tuple(f // part for f in net.filters))
    named["generator"] = replace(named["generator"], projection=(h, w, filters // part))
    return Recipe(
        **named, scale=scale, prepare=(("resize", 32), ("scale",)), order="alternating",
        note="filters are open in the report", **changes,
    )  # fmt: skip


_STAND_IN = {"scale": "quick", "data": "digits", "part": 4, "epochs": 2, "epoch_images": 5000}
_SHORT = {"scale": "standard", "data": "mnist", "epochs": 5, "epoch_images": 20_000}
_LONG = {"scale": "paper", "data": "mnist", "epochs": 20}

RECIPES = (
    _ours("digits", "quick", 3, "digits", "small"),
    _ours("digits", "standard", 6, "digits", "small"),
    _ours("fashion", "quick", 3, "fashion", "small"),
    _ours("fashion", "standard", 6, "fashion", "small"),
    _conditional("cgan-digits", "quick", 4, "digits", "lean", **_BEST),
    _conditional("cgan-digits", "standard", 6, "digits", "small", **_BEST),
    _conditional("cgan-fashion", "quick", 4, "fashion", "lean", **_FREER),
    _conditional("cgan-fashion", "standard", 6, "fashion", "small", **_FREER),
    _conditional("cgan-mnist", "standard", 5, "mnist", "small", **_FREER),
    _conditional("cgan-mnist-short", "standard", 3, "mnist", "small", epoch_images=20_000, **_FREER),
    # 32x32 colour without labels: for what D learns (claim A-probe).
    _ours("cifar", "standard", 8, "cifar10", "colour", prepare=("flip", "scale"), batch_size=64,
          learning_rate=3e-4, beta_1=0.5, objective=("smoothed", 0.9), epoch_images=20_000),
    _faces("faces", 32, epochs=8, fall=0.5),
    _faces("faces-64", 64, epochs=9),
    *(_conditional(f"cgan-{w}", "quick", 4, "digits", "lean", **how) for w, how in _WAYS.items()),
    Recipe(
        **_named("A-faces"),
        scale="paper",
        data="celeb_a",
        prepare=(("centre_crop", 0.7), ("resize", 64), ("scale",)),
        order="alternating",
        epochs=190,
    ),
    Recipe(
        **_named("A-bedrooms"),
        scale="paper",
        data="lsun/bedroom",
        prepare=(("centre_crop", 0.7), ("resize", 64), ("scale",)),
        order="alternating",
        epochs=9,
        note="D is open in the report; taken from A-faces without dropout",
    ),
    Recipe(
        **_named("A-mnist"),
        scale="paper",
        data="mnist",
        prepare=(("resize", 32), ("rotate", 30), ("scale",)),
        order="alternating",
        epochs=80,
        note="widths and rotation angle are open in the report; the angle is its classifier's",
    ),
    _report_a(**_STAND_IN | {"epoch_images": 4000}, batch_size=32, learning_rate=8e-4),
    _report_a(part=2, **_SHORT | {"epochs": 3}),
    *(_report_b(conditional=c, **how) for c in (False, True) for how in (_STAND_IN, _SHORT, _LONG)),
    Recipe(
        **_named("C-ref"),
        scale="paper",
        data="cifar10",
        prepare=(("resize", 64), ("scale",)),
        epochs=45,
        note="45 of 250 epochs: the report saw no gain after; batch and rate open, D's taken",
    ),
    Recipe(
        **_named("D-ref"),
        scale="paper",
        data="oxford_iiit_pet",
        prepare=(("resize", 64), ("scale",)),
        epochs=100,
        note="the report trained the same on faces (FFHQ) and cars (CompCars): give a folder",
    ),
)
