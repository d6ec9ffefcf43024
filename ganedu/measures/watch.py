"""Measures that follow a training: small objects that call the formulas.

    reader = readers.load("digits")
    gan.compile(..., measures=[watch.SuccessRate(reader), watch.FrechetDistance(reader)])
    gan.fit(batches, validation_data=(images, labels))    # val_success, val_frechet

`measure(x, x_fake, y)` is one number.  x: all validation images; x_fake: as many generated
ones, both [N, H, W, C] in [-1, 1]; y: the labels [N] of both, None of an unconditional GAN.
`name` is its name in the logs, and `better` says which values are, "lower" or "higher".  Any
callable with these two will do in their place.

A GAN that has turned NaN is no error here: generated images that are not all finite numbers
get NaN, so that the logs show when it happened.
"""

import numpy as np

from .. import checks
from . import formulas
from .readers import Remembered


class Measure:
    """What the measures have in common; `of(x, x_fake, y)` is the number itself."""

    better = "higher"
    needs_labels = False

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"{type(self).__name__}(name={self.name!r})"

    def __call__(self, x, x_fake, y=None):
        if self.needs_labels and y is None:
            raise ValueError(f"{self.name} needs y, the classes of both x and x_fake")
        x_fake = np.asarray(x_fake)
        return float(self.of(x, x_fake, y)) if np.isfinite(x_fake).all() else np.nan


class Read(Measure):
    """A measure of what a `readers.Classifier` reads: `self.read(images)`, features and p(k|x)."""

    def __init__(self, reader, name):
        super().__init__(name)
        if not hasattr(reader, "read"):
            raise ValueError(f"reader is {reader!r}; give one of readers.load(...)")
        self.read = reader.read


class SuccessRate(Read):
    """Share of generated images that a reader reads as the class asked for (claim B-cgan).

    `formulas.success_rate`.  Real images get `reader.accuracy`, but that is no limit: images
    that are all plain read better than real ones, and one plain image a class reads best of
    all.  Look at a Frechet distance too.

    Args:
        reader: a `readers.Classifier`.

    Raises:
        ValueError: reader is none; y is None, or not within the reader's classes.
    """

    needs_labels = True

    def __init__(self, reader, name="success"):
        super().__init__(reader, name)

    def of(self, x, x_fake, y):
        return formulas.success_rate(self.read(x_fake)[1], y).overall


class InceptionScore(Read):
    """`formulas.inception_score` of the generated images, of what a reader reads (claim B-is)."""

    def __init__(self, reader, name="inception_score"):
        super().__init__(reader, name)

    def of(self, x, x_fake, y):
        return formulas.inception_score(self.read(x_fake)[1])


class SmallestShare(Read):
    """Share of the class that generated images read as least often: 0 where one is missing.

    The smallest of `formulas.class_shares`, at most 1 / K.
    """

    def __init__(self, reader, name="smallest_share"):
        super().__init__(reader, name)

    def of(self, x, x_fake, y):
        return formulas.class_shares(self.read(x_fake)[1]).min()


class FrechetDistance(Measure):
    """`formulas.frechet_distance` of the features of real and generated images.

    NaN for fewer than 2 images, or features that are not finite.

    Args:
        features: a `readers.Classifier` (its 64 features), or a function of images
            [N, H, W, C] to features [N, F], such as `formulas.coarse_pixels`.

    Raises:
        ValueError: features is neither.
    """

    better = "lower"

    def __init__(self, features, name="frechet"):
        super().__init__(name)
        if hasattr(features, "read"):
            self.features = lambda images: features.read(images)[0]
        elif callable(features):
            self.features = Remembered(lambda images: np.asarray(features(images)))
        else:
            raise ValueError(
                f"features is {features!r}; give readers.load(...), or a function of "
                "images [N, H, W, C] to features [N, F]"
            )

    def of(self, x, x_fake, y):
        real, fake = self.features(x), self.features(x_fake)
        if len(fake) < 2 or not np.isfinite(fake).all():
            return np.nan
        return formulas.frechet_distance(real, fake)


class ClassFrechetDistance(Read):
    """Mean over the classes of the Frechet distance within each, `formulas.class_frechet`.

    Real and generated images of a class against each other: it sees what the distance of all
    images together may miss, classes swapped and variety lost within a class.  Means nothing
    beside the distance of all images.  NaN where a class of the reader has fewer than 2 images;
    with fewer than 64 a class, the number of features, it is far too large.

    Args:
        reader: a `readers.Classifier`.

    Raises:
        ValueError: reader is none; y is None, or not one label an image.
    """

    better = "lower"
    needs_labels = True

    def __init__(self, reader, name="class_frechet"):
        super().__init__(reader, name)

    def of(self, x, x_fake, y):
        (real, p), (fake, _) = self.read(x), self.read(x_fake)
        y = checks.labels("y", y, len(x), p.shape[1])
        if np.bincount(y, minlength=p.shape[1]).min() < 2:
            return np.nan
        return formulas.class_frechet(real, y, fake, y).mean()
