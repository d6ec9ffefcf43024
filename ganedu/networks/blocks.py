"""What the two configs share: the block of layers after a convolution, layers by seed, JSON."""

import dataclasses
import itertools
import json
from pathlib import Path

import keras
import numpy as np

from .. import checks
from . import conditioning, fast, layers

ACTIVATIONS = ("relu", "leaky_relu", "selu", "elu", "tanh", "maxout")
MAXOUT_PIECES = 2  # maps that a layer computes for each map it keeps, with "maxout"
ORDER = ("norm", "activation", "dropout")
LEAK, REFERENCE_SIZE = 0.2, 64
KINDS = {"fast": fast, "keras": keras.layers}


class Maker:
    """Makes the layers of one network, each with the next seed of the network's own stream.

    Every layer needs a seed of its own: two layers of one shape would start equal.

    Args:
        seed: of the network; the same gives the same first weights.
        stddev: kernels start as N(0, stddev), gammas as N(1, stddev).
        dtype: a Keras dtype policy.
        kind: "fast", ours where we have a faster one (`networks.fast`), or "keras".
        fading: whether dropout and noise are `layers.Fading`.
    """

    def __init__(self, seed, stddev, dtype, kind, fading=False):
        seed = checks.seed("seed", seed)
        self.kind = KINDS[checks.choice("layers", kind, tuple(KINDS))]
        self.stddev, self.dtype, self.fading = stddev, dtype, fading
        self._seeds = (
            int(np.random.SeedSequence([seed, i]).generate_state(1)[0] >> 1)
            for i in itertools.count()
        )

    def seed(self):
        return next(self._seeds)

    def normal(self, mean=0.0):
        """An initialiser N(mean, stddev)."""
        return keras.initializers.RandomNormal(mean, self.stddev, seed=self.seed())

    def convolution(self, filters, kernel_size, stride, padding, use_bias=True, transposed=False):
        kind = self.kind.Conv2DTranspose if transposed else self.kind.Conv2D
        return kind(
            filters, kernel_size, stride, padding=padding, use_bias=use_bias,
            kernel_initializer=self.normal(), dtype=self.dtype,
        )  # fmt: skip

    def batch_norm(self):
        return self.kind.BatchNormalization(
            momentum=0.9, epsilon=1e-5, gamma_initializer=self.normal(1.0), dtype=self.dtype
        )

    def dropout(self, rate):
        return self._faded(self.kind.Dropout(rate, seed=self.seed(), dtype=self.dtype))

    def noise(self, stddev):
        return self._faded(keras.layers.GaussianNoise(stddev, seed=self.seed(), dtype=self.dtype))

    def _faded(self, layer):
        return layers.Fading(layer, dtype=self.dtype) if self.fading else layer


@dataclasses.dataclass(frozen=True)
class Block:
    """The layers after a convolution: norm, activation and dropout, in some order.

    Args:
        activation: one of `ACTIVATIONS`; `leak` is the slope of "leaky_relu" below 0.
        normalization: "batch", "virtual" (of `reference_size` fixed examples) or None.
        dropout: share of units dropped.
        order: of "norm", "activation" and "dropout"; what there is none of takes no place.

    Raises:
        ValueError: if a setting is out of range, or is given where nothing heeds it.
    """

    activation: str = "relu"
    leak: float = LEAK
    normalization: str | None = "batch"
    dropout: float = 0.0
    order: tuple = ORDER
    reference_size: int = REFERENCE_SIZE

    def __post_init__(self):
        checks.choice("activation", self.activation, ACTIVATIONS)
        checks.choice("normalization", self.normalization, ("batch", "virtual", None))
        checks.number("leak", self.leak, "[0, 1)")
        checks.number("dropout", self.dropout, "[0, 1)")
        checks.whole("reference_size", self.reference_size, 1)
        if sorted(map(str, self.order)) != sorted(ORDER):
            raise ValueError(
                f"block is {self.order}; it must be 'norm', 'activation', 'dropout' in some order"
            )
        unheeded("leak", self.leak, LEAK, "activation", self.activation, "leaky_relu")
        unheeded("reference_size", self.reference_size, REFERENCE_SIZE,
                 "normalization", self.normalization, "virtual")  # fmt: skip

    def bias(self, normalized=True):
        """Whether the convolution before has a bias: batch norm would subtract it (A-arch)."""
        first = self.order.index("norm") < self.order.index("activation")
        return not (normalized and self.normalization is not None and first)

    def wide(self, filters):
        """Maps that a layer must compute so that `filters` are left after the activation."""
        return filters * (MAXOUT_PIECES if self.activation == "maxout" else 1)

    def __call__(self, h, make, normalized=True):
        """h after the block's layers, which `make` makes; `normalized` False leaves norm out."""
        parts = {}
        if normalized and self.normalization == "virtual":
            parts["norm"] = layers.VirtualBatchNormalization(
                self.reference_size, gamma_initializer=make.normal(1.0), dtype=make.dtype
            )
        elif normalized and self.normalization:
            parts["norm"] = make.batch_norm()
        if self.activation == "maxout":
            parts["activation"] = layers.Maxout(MAXOUT_PIECES, dtype=make.dtype)
        elif self.activation == "leaky_relu":
            parts["activation"] = keras.layers.LeakyReLU(self.leak, dtype=make.dtype)
        else:
            parts["activation"] = keras.layers.Activation(self.activation, dtype=make.dtype)
        if self.dropout:
            parts["dropout"] = make.dropout(self.dropout)
        for name in self.order:
            h = parts[name](h) if name in parts else h
        return h


class Config:
    """What the two configs share: checks, and JSON on disk."""

    def _check(self):
        check_sizes("image_shape", self.image_shape, 3)
        if not self.depth:
            raise ValueError("filters is empty; give at least one layer's number of filters")
        check_sizes("filters", self.filters, len(self.filters))
        for name in ("kernel_sizes", "strides"):
            check_sizes(name, getattr(self, name), self.depth)
        check_count("padding", self.padding, self.depth)
        for i, padding in enumerate(self.padding):
            checks.choice(f"padding[{i}]", padding, ("same", "valid"))
        checks.choice("normalization", self.normalization, self.normalizations)
        checks.choice("conditioning", self.conditioning, (*conditioning.NAMED, None))
        checks.whole("classes", self.classes)
        checks.number("init_stddev", self.init_stddev, "(0, inf)")
        labelled = self.conditioning is not None or getattr(self, "class_head", False)
        if labelled != (self.classes > 0):
            raise ValueError(
                f"classes is {self.classes} with "
                f"{'a' if labelled else 'no'} use of labels; conditioning (or a class head) and "
                "a number of classes above 0 go together"
            )
        self.make_block()

    def _tuples(self, **counts):
        """JSON and students write lists and single numbers; the fields hold tuples."""
        for name, count in counts.items():
            value = getattr(self, name)
            if not isinstance(value, list | tuple):
                value = (value,) * count
            object.__setattr__(self, name, tuple(value))

    def make_block(self):
        """The `Block` after each convolution."""
        return Block(
            self.activation,
            self.leak,
            None if self.normalization == "spectral" else self.normalization,
            self.dropout,
            self.block,
            getattr(self, "reference_size", REFERENCE_SIZE),
        )

    def to_dict(self):
        """The config as plain JSON values, with its kind."""
        return {"kind": type(self).__name__, **dataclasses.asdict(self)}

    def save(self, path):
        """Writes the config to a JSON file."""
        Path(path).write_text(json.dumps(self.to_dict(), indent=1) + "\n")


def inputs(shape, conditioned, name):
    """Keras inputs: the network's own, and the labels' (None without conditioning)."""
    y = keras.Input((), dtype="int32", name="y") if conditioned else None
    return keras.Input(shape, name=name), y


def unheeded(name, value, default, other, is_, needed):
    """A setting that is not its default is refused where nothing would heed it."""
    if value != default and is_ != needed:
        raise ValueError(
            f"{name} is {checks.short(value)}, but {other} is {is_!r}: it is heeded with {needed!r} "
            "alone; leave it out"
        )


def check_count(name, values, count):
    if len(values) != count:
        raise ValueError(f"{name} is {values}; it must be {count} values, one a layer or side")


def check_sizes(name, values, count):
    check_count(name, values, count)
    for i, value in enumerate(values):
        checks.whole(f"{name}[{i}]" if count > 1 else name, value, 1)


def size(shape):
    return "x".join(map(str, shape))


def arrows(shapes):
    return " -> ".join(map(size, shapes))
