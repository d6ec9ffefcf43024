"""DCGAN generators and discriminators from plain settings (claims A-arch, A-config, B-cgan).

    config = GeneratorConfig(image_shape=(28, 28, 1), projection=(7, 7, 128), filters=(64,))
    generator = config.build(seed=0)       # a Keras model: z [N, latent_size] -> images

    config = GeneratorConfig(filters=(64,), conditioning="input", classes=10)
    generator = config.build(seed=0)       # a Keras model: [z, y] -> images

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

from . import conditioning, convolutions, layers

ACTIVATIONS = ("relu", "leaky_relu", "selu", "elu", "tanh", "maxout")
MAXOUT_PIECES = 2  # maps that a layer computes for each map it keeps, with "maxout"


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
            parts["norm"] = layers.BatchNormalization(
                gamma_initializer=normal(1.0), dtype=dtype
            )
        if self.activation == "maxout":
            parts["activation"] = layers.Maxout(MAXOUT_PIECES, dtype=dtype)
        elif self.activation == "leaky_relu":
            parts["activation"] = keras.layers.LeakyReLU(self.leak, dtype=dtype)
        else:
            parts["activation"] = keras.layers.Activation(self.activation, dtype=dtype)
        if self.dropout:
            parts["dropout"] = layers.Dropout(self.dropout, seed=next(seeds), dtype=dtype)
        for name in self.block:
            h = h if parts[name] is None else parts[name](h)
        return h

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
        normalization: "batch", "virtual" (`layers.VirtualBatchNormalization`, claim B-vbn) or
            None.
        dropout: share of units dropped after each hidden layer.
        block: the order of "norm", "activation" and "dropout" in a block.
        init_stddev: kernels start as N(0, init_stddev), gammas as N(1, init_stddev).
        conditioning: how the label enters, a name in `ganedu.conditioning.NAMED`; None for an
            unconditional generator.
        classes: number of classes, 0 without conditioning.
        reference_size: fixed examples that "virtual" normalisation leans on.

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
    conditioning: str | None = None
    classes: int = 0
    reference_size: int = 64

    normalizations = ("batch", "virtual", None)

    def __post_init__(self):
        self._tuples(image_shape=3, projection=3, filters=1, block=3)
        self._tuples(kernel_sizes=self.depth, strides=self.depth)
        self._check()
        _check_sizes("projection", self.projection, 3)
        _check_sizes("latent_size", (self.latent_size,), 1)
        _check_sizes("reference_size", (self.reference_size,), 1)
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

        With `conditioning` it takes [latents, labels], labels int32 [N].  The same seed gives the
        same first weights.  `dtype` is a Keras dtype policy, say "mixed_bfloat16"; weights and
        images are float32 in any case.
        """
        seeds, normal = _initializers(seed, self.init_stddev)
        normalized = self.normalization is not None
        bias = self._bias(normalized)
        part = conditioning.get(self.conditioning, self.classes)

        z, y = _inputs((self.latent_size,), self.conditioning, "z")
        h, label = z, y
        if self.normalization == "virtual":
            # The reference goes through the network in front of the batch, at every step.
            n = self.reference_size
            h = layers.PrependReference(self._reference_latents(seed), name="reference")(h)
            if y is not None:
                labels = np.arange(n, dtype="int32") % self.classes
                label = layers.PrependReference(labels, name="reference_labels")(y)
        height, width, filters = self.projection
        h = keras.layers.Dense(
            height * width * self._wide(filters),
            use_bias=bias,
            kernel_initializer=normal(),
            dtype=dtype,
        )(part.latents(h, label))
        h = keras.layers.Reshape((height, width, self._wide(filters)), dtype=dtype)(h)
        sizes = zip(self.filters, self.kernel_sizes, self.strides, strict=False)
        for filters, kernel_size, stride in sizes:
            h = self._block(h, normalized, normal, seeds, dtype)
            h = convolutions.Conv2DTranspose(
                self._wide(filters),
                kernel_size,
                stride,
                padding="same",
                use_bias=bias,
                kernel_initializer=normal(),
                dtype=dtype,
            )(part.generator_map(h, label))
        h = self._block(h, normalized, normal, seeds, dtype)
        h = convolutions.Conv2DTranspose(
            self.image_shape[2],
            self.kernel_sizes[-1],
            self.strides[-1],
            padding="same",
            kernel_initializer=normal(),
            dtype=dtype,
        )(part.generator_map(h, label))
        if self.normalization == "virtual":
            h = layers.DropReference(n)(h)
        x = keras.layers.Activation("tanh", dtype="float32")(h)
        return keras.Model(z if y is None else [z, y], x, name="generator")

    def _reference_latents(self, seed):
        shape = (self.reference_size, self.latent_size)
        rng = np.random.default_rng(seed)
        if self.latent_distribution == "uniform":
            return rng.uniform(-1, 1, shape).astype("float32")
        return rng.normal(size=shape).astype("float32")


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
        normalization: "batch", "spectral" (spectral norm, Miyato et al. 2018: Keras's wrapper
            around every convolution and the last layer; their weights, not the maps, are
            normalised) or None.
        normalize_first: batch norm in the first block too (report D's text).
        dropout: share of units dropped in each block.
        head_noise: standard deviation of the Gaussian noise added after the flatten layer.
        head_dropout: share of units dropped before the last layer.
        minibatch_kernels: of `layers.MinibatchDiscrimination` before the last layer (claim
            B-ideas); 0 for none.
        class_head: a second last layer that gives class logits (ACGAN).
        block, init_stddev, conditioning, classes: as in `GeneratorConfig`.

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
    minibatch_kernels: int = 0
    conditioning: str | None = None
    classes: int = 0
    class_head: bool = False

    normalizations = ("batch", "spectral", None)

    def __post_init__(self):
        self._tuples(image_shape=3, filters=1, block=3)
        self._tuples(kernel_sizes=self.depth, strides=self.depth)
        self._check()
        if self.head_noise < 0:
            raise ValueError(
                f"head_noise is {self.head_noise}; a standard deviation is at least 0"
            )
        if not (isinstance(self.minibatch_kernels, int) and self.minibatch_kernels >= 0):
            raise ValueError(
                f"minibatch_kernels is {self.minibatch_kernels!r}; a whole number, 0 for none"
            )
        if self.class_head and self.conditioning in ("input", "every_layer"):
            raise ValueError(
                f"class_head is True with conditioning {self.conditioning!r}: that tells D the "
                "label below the head, which would then only repeat it; use conditioning "
                "'projection' or None"
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
        """The discriminator: images [N, *image_shape] -> logits [N, 1]; see `GeneratorConfig`.

        With `conditioning` it takes [images, labels].  With a class head it gives
        [N, 1 + classes]: the logit for "real", then one for each class.
        """
        seeds, normal = _initializers(seed, self.init_stddev)
        part = conditioning.get(self.conditioning, self.classes)

        def spectral(layer):
            if self.normalization != "spectral":
                return layer
            return keras.layers.SpectralNormalization(layer, dtype=layer.dtype_policy)

        x, y = _inputs(self.image_shape, self.conditioning, "x")
        h = part.image(x, y)
        sizes = zip(self.filters, self.kernel_sizes, self.strides, strict=True)
        for i, (filters, kernel_size, stride) in enumerate(sizes):
            normalized = self.normalization == "batch" and (i > 0 or self.normalize_first)
            conv = convolutions.Conv2D(
                self._wide(filters),
                kernel_size,
                stride,
                padding="same",
                use_bias=self._bias(normalized),
                kernel_initializer=normal(),
                dtype=dtype,
            )
            h = spectral(conv)(part.discriminator_map(h, y) if i else h)
            h = self._block(h, normalized, normal, seeds, dtype)
        h = keras.layers.Flatten(dtype=dtype)(h)
        if self.head_noise:
            h = keras.layers.GaussianNoise(self.head_noise, seed=next(seeds), dtype=dtype)(h)
        if self.head_dropout:
            h = layers.Dropout(self.head_dropout, seed=next(seeds), dtype=dtype)(h)
        if self.minibatch_kernels:
            h = layers.MinibatchDiscrimination(
                self.minibatch_kernels, initializer=normal(), dtype=dtype
            )(h)
        # float32: a logit rounded to bfloat16's 8 bits would round the loss with it.
        h = keras.layers.Identity(dtype="float32", name="features")(part.discriminator_map(h, y))
        dense = keras.layers.Dense(1, kernel_initializer=normal(), dtype="float32")
        d = part.logit(spectral(dense)(h), h, y, normal())
        if self.class_head:
            c = keras.layers.Dense(self.classes, kernel_initializer=normal(), dtype="float32")
            d = keras.layers.Concatenate(dtype="float32")([d, c(h)])
        network = keras.Model(x if y is None else [x, y], d, name="discriminator")
        for layer in network.layers:  # Keras draws the vectors of spectral norm without a seed
            if isinstance(layer, keras.layers.SpectralNormalization):
                layer.vector_u.assign(normal()(layer.vector_u.shape))
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


def _inputs(shape, conditioned, name):
    """Keras inputs: the network's own, and the labels' (None without conditioning)."""
    y = keras.Input((), dtype="int32", name="y") if conditioned else None
    return keras.Input(shape, name=name), y


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
    # The same with a layer less in G and kernels of 4: about a third of the arithmetic.
    "lean": (
        GeneratorConfig(latent_size=64, kernel_sizes=4),
        DiscriminatorConfig(kernel_sizes=4),
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
