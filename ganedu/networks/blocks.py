"""What the two configs share: their checks, their block of layers, JSON on disk."""

import dataclasses
import itertools
import json
from pathlib import Path

import keras
import numpy as np

from . import conditioning, fast, layers

ACTIVATIONS = ("relu", "leaky_relu", "selu", "elu", "tanh", "maxout")
MAXOUT_PIECES = 2  # maps that a layer computes for each map it keeps, with "maxout"


class Config:
    """What the two configs share: their checks, their block of layers, JSON on disk."""

    def _check(self):
        check_sizes("image_shape", self.image_shape, 3)
        if not self.filters:
            raise ValueError("filters is empty; give at least one layer's number of filters")
        check_sizes("filters", self.filters, len(self.filters))
        for name in ("kernel_sizes", "strides"):
            check_sizes(name, getattr(self, name), self.depth)
        for name, choices in {
            "activation": ACTIVATIONS,
            "normalization": self.normalizations,
            "conditioning": (*conditioning.NAMED, None),
        }.items():
            if getattr(self, name) not in choices:
                raise ValueError(
                    f"{name} is {getattr(self, name)!r}; choose one of "
                    + ", ".join(map(repr, choices))
                )
        if not (isinstance(self.classes, int) and self.classes >= 0):
            raise ValueError(f"classes is {self.classes!r}; a number of classes is 0 or more")
        labelled = self.conditioning is not None or getattr(self, "class_head", False)
        if labelled != (self.classes > 0):
            raise ValueError(
                f"classes is {self.classes} with "
                f"{'a' if labelled else 'no'} use of labels; conditioning (or a class head) and "
                "a number of classes above 0 go together"
            )
        if sorted(self.block) != ["activation", "dropout", "norm"]:
            raise ValueError(
                f"block is {self.block}; it must be 'norm', 'activation', 'dropout' in some order"
            )
        for name in ("dropout", "head_dropout"):
            rate = getattr(self, name, 0.0)
            if not 0 <= rate < 1:
                raise ValueError(f"{name} is {rate}; the share of units to drop is in [0, 1)")

    def _tuples(self, **counts):
        """JSON and students write lists and single numbers; the fields hold tuples."""
        for name, count in counts.items():
            value = getattr(self, name)
            value = (value,) * count if isinstance(value, int) else tuple(value)
            object.__setattr__(self, name, value)

    def _bias(self, normalized):
        """A bias is no use where batch norm subtracts the mean right after (claim A-arch)."""
        return not (normalized and self.block.index("norm") < self.block.index("activation"))

    def _wide(self, filters):
        """Maps that a layer must compute so that `filters` are left after the activation."""
        return filters * (MAXOUT_PIECES if self.activation == "maxout" else 1)

    def _block(self, h, normalized, normal, seeds, dtype):
        """h after the layers that follow a convolution, in the order that `block` says."""
        parts = {"norm": None, "dropout": None}
        if normalized and self.normalization == "virtual":
            parts["norm"] = layers.VirtualBatchNormalization(
                self.reference_size, gamma_initializer=normal(1.0), dtype=dtype
            )
        elif normalized:
            parts["norm"] = fast.BatchNormalization(
                gamma_initializer=normal(1.0), dtype=dtype
            )
        if self.activation == "maxout":
            parts["activation"] = layers.Maxout(MAXOUT_PIECES, dtype=dtype)
        elif self.activation == "leaky_relu":
            parts["activation"] = keras.layers.LeakyReLU(self.leak, dtype=dtype)
        else:
            parts["activation"] = keras.layers.Activation(self.activation, dtype=dtype)
        if self.dropout:
            parts["dropout"] = fast.Dropout(self.dropout, seed=next(seeds), dtype=dtype)
        for name in self.block:
            h = h if parts[name] is None else parts[name](h)
        return h

    def to_dict(self):
        """The config as plain JSON values, with its kind."""
        return {"kind": type(self).__name__, **dataclasses.asdict(self)}

    def save(self, path):
        """Writes the config to a JSON file."""
        Path(path).write_text(json.dumps(self.to_dict(), indent=1) + "\n")


def initializers(seed, stddev):
    """A stream of seeds, and initialisers N(mean, stddev) that take one each.

    Every layer needs a seed of its own: two layers of one shape would start equal.
    """
    seeds = (
        int(np.random.SeedSequence([seed, i]).generate_state(1)[0] >> 1) for i in itertools.count()
    )

    def normal(mean=0.0):
        return keras.initializers.RandomNormal(mean, stddev, seed=next(seeds))

    return seeds, normal


def inputs(shape, conditioned, name):
    """Keras inputs: the network's own, and the labels' (None without conditioning)."""
    y = keras.Input((), dtype="int32", name="y") if conditioned else None
    return keras.Input(shape, name=name), y


def check_sizes(name, values, count):
    if len(values) != count:
        raise ValueError(f"{name} is {values}; it must be {count} numbers, one a layer or side")
    if not all(isinstance(v, int) and v > 0 for v in values):
        raise ValueError(f"{name} is {values}; sizes are positive whole numbers")


def size(shape):
    return "x".join(map(str, shape))


def arrows(shapes):
    return " -> ".join(map(size, shapes))
