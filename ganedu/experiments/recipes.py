"""Recipes: everything a training needs but its seed, by name and scale.

Three scales, one code path:

    quick      seconds to a minute on a laptop, bundled data
    standard   minutes on two cores; what the book's records hold
    paper      a report's own settings, on its own data; wants a GPU

`GANEDU_SCALE` chooses where no argument does; `quick` where neither does.
"""

import dataclasses
import os
from dataclasses import replace

import keras

from .. import checks, data, named, networks
from ..game import augment, balance, objectives, orders, terms
from ..gan import GAN

SCALES = ("quick", "standard", "paper")
PARTS = {"generator": networks.GeneratorConfig, "discriminator": networks.DiscriminatorConfig}
TRANSFORMS = {
    t.__name__: t
    for t in (data.centre_crop, data.resize, data.to_rgb, data.flip, data.rotate, data.scale)
}


@dataclasses.dataclass(frozen=True)
class Recipe:
    """Data, networks and how to train them, in plain values.

    Args:
        name, scale: what it is called.
        claim: the claim id whose settings these are, or "".
        data: name for `ganedu.data.load`, or a folder.
        prepare: names of transforms (`TRANSFORMS`) in their order, each [name, *arguments].
        generator, discriminator: `GeneratorConfig`, `DiscriminatorConfig`.
        objective, order, balance, augment: names from `ganedu.game.objectives`, `ganedu.game.orders`,
            `ganedu.game.balance`, `ganedu.game.augment`, or [name, *arguments].
        class_loss: weights (real, fake, generated) of the class head's loss, see
            `terms.ClassLoss`.
        terms: names from `terms.NAMED`, each [name, *arguments].
        class_weights: of the batches, as in `data.Batches`.
        only_class: train on the images of this class alone; None for all.
        held_out: training images that are kept back, and on which a run measures after each
            epoch which one is best: `data.hold_out` says which they are, at most a tenth.  0
            trains on all, measures nothing and knows no best epoch.
        n_images: train on so many different images alone, see `data.first`; None for all.
        layers: "fast", ours where they do faster what Keras's do, or "keras".
        learning_rate: of G's Adam, and of D's unless `d_learning_rate` is given.
        beta_1, beta_2: Adam's.
        batch_size, epochs: as in `fit`.
        epoch_images: an epoch is about so many images, in place of a pass over all: then a run of
            few passes has a curve and a film too, and loses little when it is stopped.
        ema: decay of the averaged generator.
        sheets_per_epoch: how often the sample sheet is drawn.
        note: what the source leaves open, and what we took.
    """

    name: str
    scale: str
    data: str
    generator: networks.GeneratorConfig
    discriminator: networks.DiscriminatorConfig
    epochs: int
    claim: str = ""
    prepare: tuple = (("scale",),)
    objective: str | tuple = "non_saturating"
    order: str | tuple = "sequential"
    class_loss: tuple | None = None
    terms: tuple = ()
    balance: str | tuple = "always"
    augment: str | tuple | None = None
    class_weights: str | tuple | None = None
    only_class: int | None = None
    held_out: int = 0
    n_images: int | None = None
    epoch_images: int | None = None
    layers: str = "fast"
    learning_rate: float = 2e-4
    d_learning_rate: float | None = None
    beta_1: float = 0.5
    beta_2: float = 0.999
    batch_size: int = 128
    ema: float = 0.0
    sheets_per_epoch: int = 1
    note: str = ""

    def __post_init__(self):
        for name in ("name", "data", "claim", "note"):
            if not isinstance(getattr(self, name), str):
                raise ValueError(f"{name} is {getattr(self, name)!r}; it must be text")
        checks.choice("scale", self.scale, SCALES)
        for name, kind in PARTS.items():
            if not isinstance(getattr(self, name), kind):
                raise ValueError(f"{name} is {getattr(self, name)!r}; give a {kind.__name__}")
        for name in ("epochs", "batch_size", "sheets_per_epoch"):
            checks.whole(name, getattr(self, name), 1)
        for name in ("learning_rate", "d_learning_rate"):
            if (name, getattr(self, name)) != ("d_learning_rate", None):
                checks.number(name, getattr(self, name), "(0, inf)")
        for name in ("beta_1", "beta_2", "ema"):
            checks.number(name, getattr(self, name), "[0, 1)")
        checks.whole("held_out", self.held_out)
        for name in ("n_images", "epoch_images"):
            if getattr(self, name) is not None:
                checks.whole(name, getattr(self, name), 1)
        checks.choice("layers", self.layers, ("fast", "keras"))
        for name in ("prepare", "terms"):
            given = getattr(self, name)
            if not isinstance(given, list | tuple):
                raise ValueError(f"{name} is {given!r}; give a list of [name, *arguments]")
            made = tuple((t,) if isinstance(t, str) else tuple(t) for t in given)
            object.__setattr__(self, name, made)
        for name in ("objective", "order", "class_loss", "balance", "augment", "class_weights"):
            if isinstance(value := getattr(self, name), list):  # JSON has no tuples
                object.__setattr__(self, name, tuple(value))
        if self.only_class is not None and self.generator.classes:
            raise ValueError(
                f"only_class is {self.only_class}, but the generator is conditional; train an "
                "unconditional one on one class, or a conditional one on all"
            )
        if self.generator.classes != self.discriminator.classes:
            raise ValueError(
                f"the generator has {self.generator.classes} classes, the discriminator "
                f"{self.discriminator.classes}: make them equal"
            )
        self.transforms()
        self.parts()

    def transforms(self):
        """The transforms that `prepare` names."""
        made = []
        for name, *arguments in self.prepare:
            if name not in TRANSFORMS:
                raise ValueError(
                    f"prepare names {name!r}; choose from {', '.join(TRANSFORMS)}"
                )
            made.append(TRANSFORMS[name](*arguments))
        return tuple(made)

    def parts(self):
        """What `GAN.compile` takes beside the optimizers: the objects that the names stand for."""
        made = {
            "objective": objectives.get(self.objective),
            "order": orders.get(self.order),
            "terms": [named.get("terms", terms.NAMED, term) for term in self.terms],
            "balance": balance.get(self.balance),
        }
        if self.augment is not None:
            made["augment"] = named.get("augment", augment.NAMED, self.augment)
        if self.class_loss is not None:
            made["class_loss"] = terms.ClassLoss(*self.class_loss)
        return made

    def images(self, data_dir=None):
        """What to train on, and what is held out of it (None if nothing is): two `data.Data`."""
        loaded, held = data.load(self.data, data_dir=data_dir), None
        if self.only_class is not None:
            loaded = data.one_class(loaded, self.only_class)
        if self.held_out:
            loaded, held = data.hold_out(loaded, self.held_out)
        if self.n_images is not None:
            loaded = data.first(loaded, self.n_images)
        return loaded, held

    def batches(self, seed=0, data_dir=None):
        """The training batches, in the order that the seed gives."""
        loaded, _ = self.images(data_dir)
        if self.generator.classes:
            names = loaded.class_names
            if len(names) != self.generator.classes:
                raise ValueError(
                    f"the recipe's networks have {self.generator.classes} classes, "
                    f"{self.data} has {len(names)}: they must be equal"
                )
        options = {"class_weights": self.class_weights} if self.class_weights else {}
        if self.epoch_images is not None:
            options["steps_per_epoch"] = max(1, self.epoch_images // self.batch_size)
        return data.make_batches(
            loaded, batch_size=self.batch_size, seed=seed, prepare=self.transforms(), **options
        )

    def build_networks(self, seed=0, precision="float32"):
        """The untrained generator and discriminator."""
        checks.seed("seed", seed)
        return (
            self.generator.build(seed, precision, self.layers),
            self.discriminator.build(seed + 1, precision, self.layers),
        )

    def build(self, seed=0, precision="float32", measures=()):
        """The compiled, untrained GAN; `measures` as in `GAN.compile`."""
        pair = self.build_networks(seed, precision)
        gan = GAN(
            *pair,
            self.generator.latent_distribution,
            seed=seed,
            ema=self.ema,
            classes=self.generator.classes,
        )
        rates = (self.learning_rate, self.d_learning_rate or self.learning_rate)
        optimizers = [keras.optimizers.Adam(rate, self.beta_1, self.beta_2) for rate in rates]
        gan.compile(*optimizers, **self.parts(), measures=measures)
        return gan

    def to_dict(self):
        """The recipe as plain JSON values."""
        values = dataclasses.asdict(self)
        for part in PARTS:
            values[part] = getattr(self, part).to_dict()
        return values

    @classmethod
    def from_dict(cls, values):
        """The recipe that `to_dict` gave, also after a trip through JSON.

        Raises:
            ValueError: in one line, which setting is unknown, missing or wrong.
        """
        if not isinstance(values, dict):
            raise ValueError(f"the recipe is {values!r}; it must be names and values")
        known = {field.name: field for field in dataclasses.fields(cls)}
        for name in values:
            if name not in known:
                raise ValueError(f"a recipe has no setting {name!r}{checks.hint(name, known)}")
        for name, field in known.items():
            if field.default is dataclasses.MISSING and name not in values:
                raise ValueError(f"the recipe lacks {name!r}")
        parts = {name: networks.config_from_dict(values[name]) for name in PARTS}
        return cls(**values | parts)


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


def _report_a(scale, part, size=32, **changes):
    """Report A's DCGAN for digits, its filters divided by `part`: its slow step, its Adam.

    At 64x64 on D-ref's networks: A gives none for digits of that size.
    """
    name = "A-mnist" if size == 32 else "A-mnist-64"
    generator, discriminator = networks.NAMED["A-mnist" if size == 32 else "D-ref"]
    (h, w, filters), shape = generator.projection, (size, size, 1)
    narrow = [tuple(f // part for f in net.filters) for net in (generator, discriminator)]
    return Recipe(
        name=name, scale=scale, claim="A-mnist" if size == 32 else "A-step",
        generator=replace(generator, image_shape=shape, projection=(h, w, filters // part), filters=narrow[0]),
        discriminator=replace(discriminator, image_shape=shape, filters=narrow[1]),
        prepare=(("resize", size), ("scale",)), order="alternating",
        note="filters are open in the report",
        **changes,
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
    _report_a(**_STAND_IN, batch_size=32, learning_rate=8e-4),
    *(_report_a(part=2, size=size, **_SHORT | {"epochs": 3}) for size in (32, 64)),
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
