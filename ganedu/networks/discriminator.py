"""The discriminator's settings, and the network they make."""

import dataclasses

import keras

from .. import checks
from . import conditioning
from . import layers as ours
from .blocks import Config, Maker, arrows, inputs, unheeded


@dataclasses.dataclass(frozen=True)
class DiscriminatorConfig(Config):
    """Image -> blocks of strided convolutions -> flatten -> one logit.

    Each block is a convolution, then batch norm, activation and dropout in the order of
    `block`; the first has no batch norm unless `normalize_first`.  With "same" padding each
    divides height and width by its stride, rounded up.  No sigmoid at the end: the objectives
    take logits.

    Args:
        image_shape: (height, width, channels) of the images.
        filters: of each convolution.
        kernel_sizes, strides: one number for all, or one a convolution.
        padding: "same" or "valid", one for all, or one a convolution.
        activation: of all layers; `leak` is the slope of "leaky_relu" below 0.
        normalization: "batch", "spectral" (spectral norm, Miyato et al. 2018: Keras's wrapper
            around every convolution and the last layer; their weights, not the maps, are
            normalised) or None.
        normalize_first: batch norm in the first block too (report D's text).
        dropout: share of units dropped in each block.
        head_noise: standard deviation of the Gaussian noise added after the flatten layer.
        head_dropout: share of units dropped before the last layer.
        fading: dropout and noise can be turned down as training goes on, see
            `experiments.callbacks.Fade`.
        minibatch_kernels: of `layers.MinibatchDiscrimination` before the last layer (claim
            B-ideas); 0 for none.
        class_head: a second last layer that gives class logits (ACGAN).
        block, init_stddev, conditioning, classes: as in `GeneratorConfig`.

    Raises:
        ValueError: if a setting is out of range, or is given where nothing heeds it.
    """

    image_shape: tuple = (28, 28, 1)
    filters: tuple = (32, 64)
    kernel_sizes: tuple = 5
    strides: tuple = 2
    padding: tuple = "same"
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
    fading: bool = False

    normalizations = ("batch", "spectral", None)

    def __post_init__(self):
        self._tuples(image_shape=3, filters=1, block=3)
        self._tuples(kernel_sizes=self.depth, strides=self.depth, padding=self.depth)
        self._check()
        if min(map(min, self.shapes())) < 1:
            raise ValueError(
                f"these layers make {arrows(self.shapes())}; with 'valid' padding a kernel must "
                "not be larger than its map"
            )
        checks.number("head_noise", self.head_noise, "[0, inf)")
        checks.number("head_dropout", self.head_dropout, "[0, 1)")
        checks.whole("minibatch_kernels", self.minibatch_kernels)
        for name in ("normalize_first", "class_head", "fading"):
            checks.choice(name, getattr(self, name), (True, False))
        if self.fading and not (self.dropout or self.head_noise or self.head_dropout):
            raise ValueError(
                "fading is True, but there is nothing to fade; set dropout, head_noise or head_dropout"
            )
        unheeded("normalize_first", self.normalize_first, False,
                 "normalization", self.normalization, "batch")  # fmt: skip
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
        for f, k, s, pad in zip(self.filters, self.kernel_sizes, self.strides, self.padding, strict=True):
            less = k - 1 if pad == "valid" else 0
            shapes.append((*(-((less - n) // s) for n in shapes[-1][:2]), f))
        return shapes

    def build(self, seed=0, dtype="float32", layers="fast"):
        """The discriminator: images [N, *image_shape] -> logits [N, 1]; see `GeneratorConfig`.

        With `conditioning` it takes [images, labels].  With a class head it gives
        [N, 1 + classes]: the logit for "real", then one for each class.
        """
        make = Maker(seed, self.init_stddev, dtype, layers, self.fading)
        part = conditioning.get(self.conditioning, self.classes)
        block = self.make_block()

        def spectral(layer):
            if self.normalization != "spectral":
                return layer
            return keras.layers.SpectralNormalization(layer, dtype=layer.dtype_policy)

        x, y = inputs(self.image_shape, self.conditioning, "x")
        h = part.image(x, y)
        sizes = zip(self.filters, self.kernel_sizes, self.strides, self.padding, strict=True)
        for i, (filters, *size) in enumerate(sizes):
            normalized = i > 0 or self.normalize_first
            conv = make.convolution(block.wide(filters), *size, block.bias(normalized))
            h = spectral(conv)(part.discriminator_map(h, y) if i else h)
            h = block(h, make, normalized)
        h = keras.layers.Flatten(dtype=dtype)(h)
        if self.head_noise:
            h = make.noise(self.head_noise)(h)
        if self.head_dropout:
            h = make.dropout(self.head_dropout)(h)
        if self.minibatch_kernels:
            h = ours.MinibatchDiscrimination(
                self.minibatch_kernels, initializer=make.normal(), dtype=dtype
            )(h)
        # float32: a logit rounded to bfloat16's 8 bits would round the loss with it.
        h = keras.layers.Identity(dtype="float32", name="features")(part.discriminator_map(h, y))
        dense = keras.layers.Dense(1, kernel_initializer=make.normal(), dtype="float32")
        d = part.logit(spectral(dense)(h), h, y, make.normal())
        if self.class_head:
            c = keras.layers.Dense(
                self.classes, kernel_initializer=make.normal(), dtype="float32"
            )
            d = keras.layers.Concatenate(dtype="float32")([d, c(h)])
        network = keras.Model(x if y is None else [x, y], d, name="discriminator")
        for layer in network.layers:  # Keras draws the vectors of spectral norm without a seed
            if isinstance(layer, keras.layers.SpectralNormalization):
                layer.vector_u.assign(make.normal()(layer.vector_u.shape))
        return network
