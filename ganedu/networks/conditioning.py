"""How the label y enters the two networks (claim B-cgan).

A conditioning is a small object with five methods, called by `GeneratorConfig.build` and
`DiscriminatorConfig.build` where a label can enter.  Each takes Keras tensors and gives one:

    latents(z, y)            before G's projection                    z [N, latent_size]
    generator_map(h, y)      before each transposed convolution of G  h [N, H, W, C]
    image(x, y)              before D's first convolution             x [N, H, W, C]
    discriminator_map(h, y)  before each further layer of D           h [N, H, W, C] or [N, F]
    logit(d, h, y, init)     after D's last layer, h its input        d [N, 1], h [N, F]

y is int32 [N].  `Unconditional` has all five, and they change nothing; a conditioning inherits
from it and writes those that it needs.  G and D are conditioned each by its own config: D with
none and a class head instead is the ACGAN of Odena et al. (2017), which does not tell D the label
but makes it name it.
"""

import keras

from .. import named
from . import layers


class Unconditional:
    """No label anywhere: the five methods that change nothing."""

    def __init__(self, classes=0):
        self.classes = classes

    def latents(self, z, y):
        return z

    def generator_map(self, h, y):
        return h

    def image(self, x, y):
        return x

    def discriminator_map(self, h, y):
        return h

    def logit(self, d, h, y, initializer):
        return d


class Input(Unconditional):
    """The one-hot label joined to z in G and to the image in D, as report B does it.

    In D the label is `classes` constant planes beside the image's channels (the idea is Mirza
    and Osindero's, 2014).
    """

    def latents(self, z, y):
        return layers.JoinLabels(self.classes)([z, y])

    def image(self, x, y):
        return layers.JoinLabels(self.classes)([x, y])


class EveryLayer(Input):
    """The one-hot label joined at *every* layer of both networks, as Radford et al. did on MNIST.

    A label that enters once, at the bottom, must be carried through all layers; here each layer
    sees it anew, at the price of `classes` more channels each.
    """

    def generator_map(self, h, y):
        return layers.JoinLabels(self.classes)([h, y])

    def discriminator_map(self, h, y):
        return layers.JoinLabels(self.classes)([h, y])


class Projection(Unconditional):
    """A projection discriminator (Miyato and Koyama 2018, equation 3).

        d(x, y) = v . h(x) + b + e_y . h(x)

    with h the features before D's last layer and e_y a learned vector for each class: one part
    says "looks real", the other "looks like a y".  G is told the label as in `Input`.
    """

    def latents(self, z, y):
        return layers.JoinLabels(self.classes)([z, y])

    def logit(self, d, h, y, initializer):
        e = keras.layers.Embedding(
            self.classes, h.shape[-1], embeddings_initializer=initializer, dtype="float32"
        )
        match = keras.layers.Dot(axes=1, dtype="float32")([e(y), h])
        return keras.layers.Add(dtype="float32")([d, match])


NAMED = {"input": Input, "every_layer": EveryLayer, "projection": Projection}


def get(name, classes):
    """The conditioning of that name (see `NAMED`) for so many classes; None is `Unconditional`."""
    if name is None:
        return Unconditional()
    return named.get("conditioning", NAMED, (name, classes))
