"""A recipe: everything a training needs but its seed, in plain values.

Three scales, one code path:

    quick      seconds to a minute on a laptop, bundled data
    standard   minutes on two cores; what the book's records hold
    paper      a report's own settings, on its own data; wants a GPU
"""

import dataclasses

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
        data_options: further arguments of `load`, as {"size": 64}.
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
        drawn: those images are drawn with the run's seed, and not the first ones of each class.
        per_class: as many unconditional GANs as the data has classes, each trained on its own class
            and its share of `n_images` and `held_out`: how many tries each has, see `trainer.train`.
            0: one GAN for all.
        layers: "fast", ours where they do faster what Keras's do, or "keras".
        learning_rate: of G's Adam, and of D's unless `d_learning_rate` is given.
        beta_1, beta_2: Adam's.
        batch_size, epochs: as in `fit`.
        epoch_images: an epoch is about so many images, in place of a pass over all: then a run of
            few passes has a curve and a film too, and loses little when it is stopped.
        fade: D's dropout and noise are turned down to nothing within this share of all steps, see
            `callbacks.Fade`; D must be `fading`.  None: they stay as they are.
        fall: the share of the epochs, the last ones, in which the learning rates fall, see `rate_in`;
            None: they stay.
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
    data_options: dict = dataclasses.field(default_factory=dict)
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
    drawn: bool = False
    per_class: int = 0
    epoch_images: int | None = None
    layers: str = "fast"
    learning_rate: float = 2e-4
    d_learning_rate: float | None = None
    beta_1: float = 0.5
    beta_2: float = 0.999
    batch_size: int = 128
    fade: float | None = None
    fall: float | None = None
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
        if not isinstance(self.data_options, dict):
            raise ValueError(f"data_options is {self.data_options!r}; give a dict, as {{'size': 64}}")
        if (self.fade is not None) != self.discriminator.fading:
            raise ValueError(
                f"fade is {self.fade}, and the discriminator's fading is {self.discriminator.fading}: "
                "give both, or neither"
            )
        for name in ("fade", "fall"):
            if getattr(self, name) is not None:
                checks.number(name, getattr(self, name), "(0, 1]")
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
        checks.choice("drawn", self.drawn, (True, False))
        checks.whole("per_class", self.per_class, 0)
        for name, given in (("only_class", self.only_class), ("per_class", self.per_class or None)):
            if given is not None and self.generator.classes:
                raise ValueError(
                    f"{name} is {given}, but the generator is conditional; train an "
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

    def load(self, split="train", data_dir=None, **options):
        """A split of the data, `options` before `data_options`: a `data.Data`."""
        return data.load(self.data, split, data_dir, **self.data_options | options)

    def images(self, data_dir=None, seed=0):
        """What to train on, and what is held out of it (None if nothing is): two `data.Data`."""
        loaded, held = self.load(data_dir=data_dir), None
        if self.only_class is not None:
            loaded = data.one_class(loaded, self.only_class)
        if self.held_out:
            loaded, held = data.hold_out(loaded, self.held_out)
        if self.n_images is not None:
            loaded = data.first(loaded, self.n_images, seed if self.drawn else None)
        return loaded, held

    def batches(self, seed=0, data_dir=None, images=None):
        """The training batches, in the order that the seed gives.

        images: what `self.images` says to train on, if that is at hand.
        """
        loaded = self.images(data_dir, seed)[0] if images is None else images
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

    @property
    def rates(self):
        """The learning rates of G and of D."""
        return self.learning_rate, self.d_learning_rate or self.learning_rate

    def rate_in(self, epoch):
        """G's learning rate in an epoch, counted from 0; D's keeps its ratio to it.

        In the last n = fall * epochs it falls in even steps: n/(n+1), ..., 1/(n+1) of what it was.
        """
        falling = round((self.fall or 0) * self.epochs)
        return self.learning_rate * min(1.0, (self.epochs - epoch) / (falling + 1))

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
        optimizers = [keras.optimizers.Adam(rate, self.beta_1, self.beta_2) for rate in self.rates]
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
            needed = field.default is field.default_factory  # both MISSING
            if needed and name not in values:
                raise ValueError(f"the recipe lacks {name!r}")
        parts = {name: networks.config_from_dict(values[name]) for name in PARTS}
        return cls(**values | parts)
