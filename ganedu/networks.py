"""DCGAN generators and discriminators from plain settings (claims A-arch, A-config).

    config = GeneratorConfig(image_shape=(28, 28, 1), projection=(7, 7, 128), filters=(64,))
    generator = config.build(seed=0)       # a Keras model: z [N, latent_size] -> images

A config is checked when it is made, says in its `shapes()` what it will build, and is plain
JSON on disk.  The networks of the reports are in `NAMED`.
"""

import dataclasses
import difflib
import itertools
import json
from pathlib import Path

import keras
import numpy as np

from . import layers

ACTIVATIONS = ("relu", "leaky_relu", "selu", "elu", "tanh")


class Config:
    """What the two configs share: their checks, their block of layers, JSON on disk."""

    def _check(self):
        _check_sizes("image_shape", self.image_shape, 3)
        if not self.filters:
            raise ValueError("filters is empty; give at least one layer's number of filters")
        _check_sizes("filters", self.filters, len(self.filters))
        for name in ("kernel_sizes", "strides"):
            _check_sizes(name, getattr(self, name), self.depth)
        for name, choices in {
            "activation": ACTIVATIONS,
            "normalization": ("batch", None),
        }.items():
            if getattr(self, name) not in choices:
                raise ValueError(
                    f"{name} is {getattr(self, name)!r}; choose one of "
                    + ", ".join(map(repr, choices))
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

    def _block(self, normalized, normal, seeds, dtype):
        """The layers after a convolution, in the order that `block` says."""
        parts = {"norm": None, "dropout": None}
        if normalized:
            parts["norm"] = layers.BatchNormalization(
                gamma_initializer=normal(1.0), dtype=dtype
            )
        if self.activation == "leaky_relu":
            parts["activation"] = keras.layers.LeakyReLU(self.leak, dtype=dtype)
        else:
            parts["activation"] = keras.layers.Activation(self.activation, dtype=dtype)
        if self.dropout:
            parts["dropout"] = layers.Dropout(self.dropout, seed=next(seeds), dtype=dtype)
        return [parts[name] for name in self.block if parts[name] is not None]

    def to_dict(self):
        """The config as plain JSON values, with its kind."""
        return {"kind": type(self).__name__, **dataclasses.asdict(self)}

    def save(self, path):
        """Writes the config to a JSON file."""
        Path(path).write_text(json.dumps(self.to_dict(), indent=1) + "\n")


@dataclasses.dataclass(frozen=True)
class GeneratorConfig(Config):
    """z -> dense projection, reshape -> blocks of transposed convolutions -> tanh image.

    Each block is a transposed convolution, then batch norm, activation and dropout in the order
    of `block`; the projection has the same block after it.  The last transposed convolution has
    neither: only tanh.  "same" padding, so each multiplies height and width by its stride.

    Args:
        image_shape: (height, width, channels) of the images.
        latent_size: numbers in z.
        latent_distribution: "normal", N(0, 1), or "uniform", U(-1, 1).
        projection: (height, width, filters) of the first feature map.
        filters: of each hidden transposed convolution.
        kernel_sizes, strides: one number for all, or one for each hidden transposed
            convolution and one more for the output's.
        activation: of hidden layers; `leak` is the slope of "leaky_relu" below 0.
        normalization: "batch" or None.
        dropout: share of units dropped after each hidden layer.
        block: the order of "norm", "activation" and "dropout" in a block.
        init_stddev: kernels start as N(0, init_stddev), gammas as N(1, init_stddev).

    Raises:
        ValueError: if a setting is out of range, or the layers do not end at image_shape; the
            message spells the shapes out.
    """

    image_shape: tuple = (28, 28, 1)
    latent_size: int = 100
    latent_distribution: str = "normal"
    projection: tuple = (7, 7, 128)
    filters: tuple = (64,)
    kernel_sizes: tuple = 5
    strides: tuple = 2
    activation: str = "relu"
    leak: float = 0.2
    normalization: str | None = "batch"
    dropout: float = 0.0
    block: tuple = ("norm", "activation", "dropout")
    init_stddev: float = 0.02

    def __post_init__(self):
        self._tuples(image_shape=3, projection=3, filters=1, block=3)
        self._tuples(kernel_sizes=self.depth, strides=self.depth)
        self._check()
        _check_sizes("projection", self.projection, 3)
        _check_sizes("latent_size", (self.latent_size,), 1)
        if self.latent_distribution not in ("normal", "uniform"):
            raise ValueError(
                f"latent_distribution is {self.latent_distribution!r}; "
                "choose 'normal' or 'uniform'"
            )
        if self.shapes()[-1] != self.image_shape:
            raise ValueError(
                f"these layers make {_arrows(self.shapes())}, not image_shape "
                f"{_size(self.image_shape)}; change projection or strides"
            )

    @property
    def depth(self):
        """Number of transposed convolutions."""
        return len(self.filters) + 1

    def shapes(self):
        """(height, width, channels) after the projection and after each convolution."""
        shapes = [self.projection]
        for stride, filters in zip(
            self.strides, (*self.filters, self.image_shape[2]), strict=True
        ):
            height, width, _ = shapes[-1]
            shapes.append((height * stride, width * stride, filters))
        return shapes

    def build(self, seed=0, dtype="float32"):
        """The generator: latents [N, latent_size] -> images [N, *image_shape] in [-1, 1].

        The same seed gives the same first weights.  `dtype` is a Keras dtype policy, say
        "mixed_bfloat16"; weights and images are float32 in any case.
        """
        seeds, normal = _initializers(seed, self.init_stddev)
        normalized = self.normalization == "batch"
        bias = self._bias(normalized)
        network = keras.Sequential(name="generator")
        network.add(keras.Input((self.latent_size,)))
        network.add(
            keras.layers.Dense(
                int(np.prod(self.projection)),
                use_bias=bias,
                kernel_initializer=normal(),
                dtype=dtype,
            )
        )
        network.add(keras.layers.Reshape(self.projection, dtype=dtype))
        sizes = zip(self.filters, self.kernel_sizes, self.strides, strict=False)
        for filters, kernel_size, stride in sizes:
            for layer in self._block(normalized, normal, seeds, dtype):
                network.add(layer)
            network.add(
                layers.Conv2DTranspose(
                    filters,
                    kernel_size,
                    stride,
                    padding="same",
                    use_bias=bias,
                    kernel_initializer=normal(),
                    dtype=dtype,
                )
            )
        for layer in self._block(normalized, normal, seeds, dtype):
            network.add(layer)
        network.add(
            layers.Conv2DTranspose(
                self.image_shape[2],
                self.kernel_sizes[-1],
                self.strides[-1],
                padding="same",
                kernel_initializer=normal(),
                dtype=dtype,
            )
        )
        network.add(keras.layers.Activation("tanh", dtype="float32"))
        return network


@dataclasses.dataclass(frozen=True)
class DiscriminatorConfig(Config):
    """Image -> blocks of strided convolutions -> flatten -> one logit.

    Each block is a convolution, then batch norm, activation and dropout in the order of
    `block`; the first has no batch norm unless `normalize_first`.  "same" padding, so each
    divides height and width by its stride, rounded up.  No sigmoid at the end: the objectives
    take logits.

    Args:
        image_shape: (height, width, channels) of the images.
        filters: of each convolution.
        kernel_sizes, strides: one number for all, or one a convolution.
        activation: of all layers; `leak` is the slope of "leaky_relu" below 0.
        normalization: "batch" or None.
        normalize_first: batch norm in the first block too (report D's text).
        dropout: share of units dropped in each block.
        head_noise: standard deviation of the Gaussian noise added after the flatten layer.
        head_dropout: share of units dropped before the last layer.
        block, init_stddev: as in `GeneratorConfig`.

    Raises:
        ValueError: if a setting is out of range.
    """

    image_shape: tuple = (28, 28, 1)
    filters: tuple = (32, 64)
    kernel_sizes: tuple = 5
    strides: tuple = 2
    activation: str = "leaky_relu"
    leak: float = 0.2
    normalization: str | None = "batch"
    normalize_first: bool = False
    dropout: float = 0.0
    head_noise: float = 0.0
    head_dropout: float = 0.0
    block: tuple = ("norm", "activation", "dropout")
    init_stddev: float = 0.02

    def __post_init__(self):
        self._tuples(image_shape=3, filters=1, block=3)
        self._tuples(kernel_sizes=self.depth, strides=self.depth)
        self._check()
        if self.head_noise < 0:
            raise ValueError(
                f"head_noise is {self.head_noise}; a standard deviation is at least 0"
            )

    @property
    def depth(self):
        """Number of convolutions."""
        return len(self.filters)

    def shapes(self):
        """(height, width, channels) of the image and after each convolution."""
        shapes = [self.image_shape]
        for stride, filters in zip(self.strides, self.filters, strict=True):
            height, width, _ = shapes[-1]
            shapes.append((-(-height // stride), -(-width // stride), filters))
        return shapes

    def build(self, seed=0, dtype="float32"):
        """The discriminator: images [N, *image_shape] -> logits [N, 1]; see `GeneratorConfig`."""
        seeds, normal = _initializers(seed, self.init_stddev)
        network = keras.Sequential(name="discriminator")
        network.add(keras.Input(self.image_shape))
        sizes = zip(self.filters, self.kernel_sizes, self.strides, strict=True)
        for i, (filters, kernel_size, stride) in enumerate(sizes):
            normalized = self.normalization == "batch" and (i > 0 or self.normalize_first)
            network.add(
                layers.Conv2D(
                    filters,
                    kernel_size,
                    stride,
                    padding="same",
                    use_bias=self._bias(normalized),
                    kernel_initializer=normal(),
                    dtype=dtype,
                )
            )
            for layer in self._block(normalized, normal, seeds, dtype):
                network.add(layer)
        network.add(keras.layers.Flatten(dtype=dtype))
        if self.head_noise:
            network.add(keras.layers.GaussianNoise(self.head_noise, seed=next(seeds), dtype=dtype))
        if self.head_dropout:
            network.add(layers.Dropout(self.head_dropout, seed=next(seeds), dtype=dtype))
        # float32: a logit rounded to bfloat16's 8 bits would round the loss with it.
        network.add(keras.layers.Dense(1, kernel_initializer=normal(), dtype="float32"))
        return network


def config_from_dict(settings):
    """The config that `to_dict` gave.

    Raises:
        ValueError: if the kind or a setting is unknown.
    """
    kinds = {"GeneratorConfig": GeneratorConfig, "DiscriminatorConfig": DiscriminatorConfig}
    settings = dict(settings)
    kind = settings.pop("kind", None)
    if kind not in kinds:
        raise ValueError(f"kind is {kind!r}; a config's kind is one of {', '.join(kinds)}")
    known = [field.name for field in dataclasses.fields(kinds[kind])]
    for name in settings:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1) or known
            raise ValueError(f"{kind} has no setting {name!r}; did you mean {close[0]!r}?")
    return kinds[kind](**settings)


def load_config(path):
    """The config in a JSON file that `save` wrote."""
    try:
        settings = json.loads(Path(path).read_text())
    except json.JSONDecodeError as error:
        raise ValueError(f"{path} is not a config: {error}") from None
    return config_from_dict(settings)


def _initializers(seed, stddev):
    """A stream of seeds, and initialisers N(mean, stddev) that take one each.

    Every layer needs a seed of its own: two layers of one shape would start equal.
    """
    seeds = (
        int(np.random.SeedSequence([seed, i]).generate_state(1)[0] >> 1) for i in itertools.count()
    )

    def normal(mean=0.0):
        return keras.initializers.RandomNormal(mean, stddev, seed=next(seeds))

    return seeds, normal


def _check_sizes(name, values, count):
    if len(values) != count:
        raise ValueError(f"{name} is {values}; it must be {count} numbers, one a layer or side")
    if not all(isinstance(v, int) and v > 0 for v in values):
        raise ValueError(f"{name} is {values}; sizes are positive whole numbers")


def _size(shape):
    return "x".join(map(str, shape))


def _arrows(shapes):
    return " -> ".join(map(_size, shapes))


_B_BLOCK = {
    "activation": "leaky_relu",
    "dropout": 0.4,  # B's "keep probability 0.6"
    "block": ("dropout", "norm", "activation"),
}

# Where a report leaves a setting open, the comment says what we took.
NAMED = {
    # Ours, for 28x28 images and two CPU cores.
    "small": (
        GeneratorConfig(latent_size=10, filters=(64, 32), strides=(2, 2, 1)),
        DiscriminatorConfig(),
    ),
    # A 5.1.2, version 003.  Kernel size open: 5, as Radford et al.
    "A-faces": (
        GeneratorConfig(
            (64, 64, 3), 128, "uniform", (4, 4, 1024), (512, 256, 128, 64), 5, (2, 2, 2, 2, 1)
        ),
        DiscriminatorConfig((64, 64, 3), (128, 256, 512), head_dropout=0.2),
    ),
    # The same in version 000, which gives other filters.
    "A-faces-000": (
        GeneratorConfig(
            (64, 64, 3), 128, "uniform", (4, 4, 1024), (768, 512, 384, 256), 5, (2, 2, 2, 2, 1)
        ),
        DiscriminatorConfig((64, 64, 3), (128, 256, 512), head_dropout=0.2),
    ),
    # A 5.1.4: "5 layers of deconvolution", the fifth being the output.  D open: that of A-faces,
    # without dropout.
    "A-bedrooms": (
        GeneratorConfig(
            (64, 64, 3), 128, "uniform", (4, 4, 1024), (768, 512, 384, 256), 5, (2, 2, 2, 2, 1)
        ),
        DiscriminatorConfig((64, 64, 3), (128, 256, 512)),
    ),
    # A 5.1.7 and 8: 32x32, LeakyReLU in G, shallower than A-faces.  Widths open: ours.
    "A-mnist": (
        GeneratorConfig(
            (32, 32, 1), 100, "uniform", (8, 8, 256), (128,), 5, 2, activation="leaky_relu"
        ),
        DiscriminatorConfig((32, 32, 1), (64, 128, 256)),
    ),
    # B 1.1.  Its first layer, 256 kernels of 7x7 on a 1x1 map without padding, is this
    # projection.  D mirrored; its last layer, one 7x7 kernel, is our dense logit.
    "B-ref": (
        GeneratorConfig((28, 28, 1), 100, "normal", (7, 7, 256), (128,), 5, 2, **_B_BLOCK),
        DiscriminatorConfig((28, 28, 1), (128, 256), **_B_BLOCK),
    ),
    # D 3.3, table 1 (its text has batch norm in D's first layer too: normalize_first).  The
    # first layer of G and the last of D work on 1x1 maps: projection and logit again.
    "D-ref": (
        GeneratorConfig((64, 64, 3), 100, "normal", (4, 4, 512), (256, 128, 64), 4, 2),
        DiscriminatorConfig((64, 64, 3), (64, 128, 256, 512), 4, 2),
    ),
}
# C's DCGAN has D's widths, on CIFAR-10 resized to 64x64.  Kernel size open: 4.
NAMED["C-ref"] = NAMED["D-ref"]
