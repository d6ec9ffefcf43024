"""One GAN for each class, used like one conditional GAN.

The other way to get labelled images: no conditioning at all, but as many unconditional GANs as
there are classes, each trained on one class alone (`Recipe.only_class`, `data.one_class`).  It
costs as many trainings, nothing is shared between the classes, and a class whose GAN collapses
is lost; where none does, it is a strong rival.
"""

import numpy as np

from .. import checks


class PerClass:
    """Samples by label from a list of unconditional GANs, the y-th trained on class y.

    Args:
        gans: one `GAN` for each class, in the order of the labels.
        seed: that their training was given.
        health: of each, see `ganedu.synthetic.health`; not needed to sample.

    Raises:
        ValueError: for no GANs, a conditional one, or GANs whose images differ in shape.
    """

    def __init__(self, gans, seed=0, health=()):
        self.gans, self.seed, self.health = list(gans), seed, list(health)
        if not self.gans:
            raise ValueError("gans is empty; give one GAN for each class")
        for y, gan in enumerate(self.gans):
            if gan.classes:
                raise ValueError(
                    f"gans[{y}] is conditional; one GAN of {gan.classes} classes is enough"
                )
            if gan.image_shape != self.gans[0].image_shape:
                raise ValueError(
                    f"gans[{y}] makes images {gan.image_shape}, gans[0] {self.gans[0].image_shape}"
                )
        self.classes = len(self.gans)
        self.image_shape = self.gans[0].image_shape

    def sample(self, n=None, seed=0, labels=None, ema=True):
        """An image for each label, as `GAN.sample` of a conditional GAN gives them.

        Raises:
            ValueError: as `GAN.sample`.
        """
        n, labels = checks.asked(n, labels, self.classes)
        images = np.empty((n, *self.image_shape), "float32")
        for y in np.unique(labels):
            mine = np.flatnonzero(labels == y)
            images[mine] = self.gans[y].sample(len(mine), seed=seed, ema=ema)
        return images
