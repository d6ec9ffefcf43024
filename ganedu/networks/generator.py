"""The generator's settings, and the network they make."""

import dataclasses

import keras
import numpy as np

from .. import checks, distributions
from . import conditioning
from . import layers as ours
from .blocks import Config, Maker, arrows, check_sizes, inputs, size


@dataclasses.dataclass(frozen=True)
class GeneratorConfig(Config):
    """z -> dense projection, reshape -> blocks of transposed convolutions -> image.

    Each block is a transposed convolution, then batch norm, activation and dropout in the order
    of `block`; the projection has the same block after it.  The last transposed convolution has
    neither: only `output`.  With "same" padding each multiplies height and width by its stride.

    Args:
        image_shape: (height, width, channels) of the images.
        latent_size: numbers in z.
        latent_distribution: "normal", N(0, 1), "uniform", U(-1, 1), or "uniform01", U(0, 1).
        projection: (height, width, filters) of the first feature map.
        filters: of each hidden transposed convolution; () for none.
        kernel_sizes, strides: one number for all, or one for each hidden transposed
            convolution and one more for the output's.
        padding: "same", or "valid", with which a convolution of kernel k and stride s makes
            (n - 1) s + k rows of n; one for all, or one each.
        activation: of hidden layers; `leak` is the slope of "leaky_relu" below 0.
        normalization: "batch", "virtual" (`layers.VirtualBatchNormalization`, claim B-vbn) or
            None.
        dropout: share of units dropped after each hidden layer.
        block: the order of "norm", "activation" and "dropout" in a block.
        init_stddev: kernels start as N(0, init_stddev), gammas as N(1, init_stddev).
        conditioning: how the label enters, a name in `ganedu.networks.conditioning.NAMED`; None for an
            unconditional generator.
        classes: number of classes, 0 without conditioning.
        reference_size: fixed examples that "virtual" normalisation leans on.
        output: the last activation, "tanh", whose images have the range -1 to 1 of real ones;
            or "sigmoid", 0 to 1, a mistake that the clinic knows.

    Raises:
        ValueError: if a setting is out of range or is given where nothing heeds it, or the
            layers do not end at image_shape; the message spells the shapes out.
    """

    image_shape: tuple = (28, 28, 1)
    latent_size: int = 100
    latent_distribution: str = "normal"
    projection: tuple = (7, 7, 128)
    filters: tuple = (64,)
    kernel_sizes: tuple = 5
    strides: tuple = 2
    padding: tuple = "same"
    activation: str = "relu"
    leak: float = 0.2
    normalization: str | None = "batch"
    dropout: float = 0.0
    block: tuple = ("norm", "activation", "dropout")
    init_stddev: float = 0.02
    conditioning: str | None = None
    classes: int = 0
    reference_size: int = 64
    output: str = "tanh"

    normalizations = ("batch", "virtual", None)

    def __post_init__(self):
        self._tuples(image_shape=3, projection=3, filters=1, block=3)
        self._tuples(kernel_sizes=self.depth, strides=self.depth, padding=self.depth)
        self._check()
        check_sizes("projection", self.projection, 3)
        checks.whole("latent_size", self.latent_size, 1)
        checks.choice("latent_distribution", self.latent_distribution, tuple(distributions.NAMED))
        checks.choice("output", self.output, ("tanh", "sigmoid"))
        if self.shapes()[-1] != self.image_shape:
            raise ValueError(
                f"these layers make {arrows(self.shapes())}, not image_shape "
                f"{size(self.image_shape)}; change projection, strides or padding"
            )

    @property
    def depth(self):
        """Number of transposed convolutions."""
        return len(self.filters) + 1

    def shapes(self):
        """(height, width, channels) after the projection and after each convolution."""
        shapes = [self.projection]
        filters = (*self.filters, self.image_shape[2])
        for f, k, s, pad in zip(filters, self.kernel_sizes, self.strides, self.padding, strict=True):
            more = max(k - s, 0) if pad == "valid" else 0
            shapes.append((*(n * s + more for n in shapes[-1][:2]), f))
        return shapes

    def build(self, seed=0, dtype="float32", layers="fast"):
        """The generator: latents [N, latent_size] -> images [N, *image_shape] in [-1, 1]
        (in [0, 1] with a sigmoid at the output).

        With `conditioning` it takes [latents, labels], labels int32 [N].  The same seed gives the
        same first weights.

        Args:
            seed: of the first weights, and of dropout.
            dtype: a Keras dtype policy, say "mixed_bfloat16"; weights and images are float32 in
                any case.
            layers: "fast", our batch norm, dropout and convolutions, which on a CPU do faster
                what Keras's do; or "keras", Keras's own.  Weights have the same order in both.
        """
        make = Maker(seed, self.init_stddev, dtype, layers)
        part = conditioning.get(self.conditioning, self.classes)
        block = self.make_block()

        z, y = inputs((self.latent_size,), self.conditioning, "z")
        h, label = z, y
        if self.normalization == "virtual":
            # The reference goes through the network in front of the batch, at every step.
            n = self.reference_size
            h = ours.PrependReference(self._reference_latents(seed), name="reference")(h)
            if y is not None:
                labels = np.arange(n, dtype="int32") % self.classes
                label = ours.PrependReference(labels, name="reference_labels")(y)
        height, width, filters = self.projection
        h = keras.layers.Dense(
            height * width * block.wide(filters),
            use_bias=block.bias(),
            kernel_initializer=make.normal(),
            dtype=dtype,
        )(part.latents(h, label))
        h = keras.layers.Reshape((height, width, block.wide(filters)), dtype=dtype)(h)
        *hidden, last = zip(self.kernel_sizes, self.strides, self.padding, strict=True)
        for filters, sizes in zip(self.filters, hidden, strict=True):
            h = part.generator_map(block(h, make), label)
            h = make.convolution(block.wide(filters), *sizes, block.bias(), transposed=True)(h)
        h = part.generator_map(block(h, make), label)
        h = make.convolution(self.image_shape[2], *last, transposed=True)(h)
        if self.normalization == "virtual":
            h = ours.DropReference(n)(h)
        x = keras.layers.Activation(self.output, dtype="float32")(h)
        return keras.Model(z if y is None else [z, y], x, name="generator")

    def _reference_latents(self, seed):
        shape = (self.reference_size, self.latent_size)
        rng = np.random.default_rng(seed)
        between = distributions.NAMED[self.latent_distribution]
        z = rng.normal(size=shape) if between is None else rng.uniform(*between, shape)
        return z.astype("float32")
