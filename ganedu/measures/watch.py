"""Measures of generated images as Keras metrics, to be followed while a GAN trains.

    reader = readers.load("digits")
    gan.compile(..., measures=[watch.SuccessRate(classifier),
                               watch.FrechetDistance(classifier)])
    gan.fit(batches, validation_data=(images, labels))    # val_success, val_frechet

Each takes update_state(x, x_fake, y): real images, generated ones and labels [N], batch by
batch.  The result is that of all batches together, not a mean of batches: a distance of few
images is larger than one of many, so distances of small batches must not be averaged.
`ganedu.measures.formulas` has the same measures for arrays.
"""

import keras
import numpy as np
import tensorflow as tf


def coarse(images, side=7):
    """Images [N, H, W, C] averaged down to side x side pixels: features [N, side*side*C].

    `formulas.coarse_pixels` in TensorFlow, for a `FrechetDistance` where there is no
    classifier.  It sees overall shape and brightness, not fine detail.
    """

    def averages(length):
        # Row i of the matrix averages the pixels of part i.
        parts = np.array_split(np.eye(length, dtype=np.float32), min(side, length))
        return np.stack([part.mean(0) for part in parts])

    images = tf.cast(images, "float32")
    _, height, width, channels = images.shape
    rows, columns = averages(height), averages(width)
    small = tf.einsum("ih,nhwc->niwc", rows, images)
    small = tf.einsum("jw,niwc->nijc", columns, small)
    return tf.reshape(small, [-1, len(rows) * len(columns) * channels])


class SuccessRate(keras.metrics.Metric):
    """Share of generated images that a classifier reads as the class that was asked for.

        success = number of x_fake with argmax_k p(k | x_fake) = y  /  number of x_fake

    Its limit is what the classifier reads right of real images (`classifier.accuracy`), and a
    generator that makes one good image a class reaches it: look at a Frechet distance too.
    Claim B-cgan.  No images yet: NaN.

    Args:
        classifier: a `readers.Classifier`.

    Raises:
        ValueError: classifier is none; an update has no labels y.
    """

    def __init__(self, classifier, name="success"):
        super().__init__(name=name, dtype="float32")
        if not hasattr(classifier, "model"):
            raise ValueError(f"classifier is {classifier!r}; give one of readers.load(...)")
        self.classifier = classifier
        self.right = self.add_variable((), "zeros", dtype="float64", name="right")
        self.seen = self.add_variable((), "zeros", dtype="float64", name="seen")

    def update_state(self, x, x_fake, y=None):
        if y is None:
            raise ValueError(f"{self.name} needs y, the classes that x_fake were made for")
        logits = self.classifier.model(tf.cast(x_fake, "float32"), training=False)[1]
        y = tf.cast(tf.reshape(y, [-1]), "int64")
        right = tf.cast(tf.argmax(logits, 1) == y, "float64")
        self.right.assign_add(tf.reduce_sum(right))
        self.seen.assign_add(tf.cast(tf.size(right), "float64"))

    def result(self):
        return tf.cast(self.right / self.seen, "float32")


class FrechetDistance(keras.metrics.Metric):
    """Frechet distance of the features of real and generated images (Heusel et al. 2017).

        d^2 = |m1 - m2|^2 + trace(C1 + C2 - 2 (C1 C2)^(1/2))

    m, C: means and covariances of the features of all images seen since the last reset, kept
    as counts, sums and sums of products in float64.  `formulas.frechet_distance` gives the same
    number; there is what it can be compared with.  Fewer than 2 images: NaN.

    Args:
        features: a `readers.Classifier` (its 64 features), or a function of images
            [N, H, W, C] to features [N, F] in TensorFlow, such as `coarse`.

    Raises:
        ValueError: features is neither.
    """

    groups = 1  # how many pairs of clouds: one of all images

    def __init__(self, features, name="frechet"):
        super().__init__(name=name, dtype="float32")
        if hasattr(features, "model"):
            model = features.model
            self.features_of = lambda images: model(images, training=False)[0]
        elif callable(features):
            self.features_of = features
        else:
            raise ValueError(
                f"features is {features!r}; give readers.load(...), or a function of "
                "images [N, H, W, C] to features [N, F]"
            )
        self._moments = None

    def members(self, n, y):
        """Which of n images belong to which group: [n, groups] of zeros and ones."""
        return tf.ones([n, 1], "float64")

    def update_state(self, x, x_fake, y=None):
        for images, moments in zip((x, x_fake), ("real", "fake"), strict=True):
            f = tf.cast(self.features_of(tf.cast(images, "float32")), "float64")
            if self._moments is None:
                self._start(f.shape[-1])
            count, total, products = self._moments[moments]
            member = self.members(tf.shape(f)[0], y)
            count.assign_add(tf.reduce_sum(member, 0))
            total.assign_add(tf.einsum("nk,nf->kf", member, f))
            products.assign_add(tf.einsum("nkf,ng->kfg", member[:, :, None] * f[:, None], f))

    def _start(self, f):
        """Counts, sums and sums of products; how many features there are shows only now."""
        k = self.groups
        shapes = {"count": (k,), "total": (k, f), "products": (k, f, f)}
        # Assigned once complete: Keras's lists of variables must not hold half of them.
        self._moments = {
            side: [
                self.add_variable(shape, "zeros", dtype="float64", name=f"{part}_{side}")
                for part, shape in shapes.items()
            ]
            for side in ("real", "fake")
        }

    def result(self):
        if self._moments is None:
            return tf.constant(np.nan)
        (m1, c1, enough), (m2, c2, also) = (
            _mean_and_covariance(*self._moments[side]) for side in ("real", "fake")
        )
        d2 = _squared_distance(m1, c1, m2, c2)
        d2 = tf.where(enough & also, d2, tf.constant(np.nan, "float64"))
        return tf.cast(tf.reduce_mean(d2), "float32")


class ClassFrechetDistance(FrechetDistance):
    """Mean over the classes of the Frechet distance within each class.

    Real and generated images of a class against each other: it sees what the distance of all
    images together may miss, classes swapped and variety lost within a class.  Means nothing
    beside the distance of all images.  NaN until every class has at least 2 images; with fewer
    than 64 a class, the number of features, it is far too large.

    Args:
        classifier: a `readers.Classifier`.

    Raises:
        ValueError: classifier is none; an update has no labels y, those of both x and x_fake.
    """

    def __init__(self, classifier, name="class_frechet"):
        if not hasattr(classifier, "model"):
            raise ValueError(f"classifier is {classifier!r}; give one of readers.load(...)")
        super().__init__(classifier, name=name)
        self.groups = classifier.model.output_shape[1][-1]

    def members(self, n, y):
        if y is None:
            raise ValueError(f"{self.name} needs y, the classes of both x and x_fake")
        return tf.one_hot(tf.cast(tf.reshape(y, [-1]), "int32"), self.groups, dtype="float64")


def _mean_and_covariance(count, total, products):
    """Means [K, F] and covariances [K, F, F] of K groups; and which have 2 images or more."""
    n = tf.convert_to_tensor(count)
    enough = n >= 2
    n = tf.where(enough, n, 2.0)[:, None]  # no NaN: eigh would stop the program at one
    mean = total / n
    # C = (sum of f f^T - n m m^T) / (n - 1)
    outer = mean[:, :, None] * mean[:, None, :]
    covariance = (products - n[:, :, None] * outer) / (n[:, :, None] - 1)
    return mean, covariance, enough


def _squared_distance(m1, c1, m2, c2):
    """d^2 of K pairs of Gaussians, [K]; in the steps of `formulas.frechet_distance`."""
    # trace((C1 C2)^(1/2)) = sum of the roots of the eigenvalues of R C2 R, R = C1^(1/2)
    values, vectors = tf.linalg.eigh(c1)
    scaled = vectors * tf.sqrt(tf.maximum(values, 0.0))[:, None, :]
    root = tf.matmul(scaled, vectors, transpose_b=True)
    values, _ = tf.linalg.eigh(root @ c2 @ root)
    cross = tf.reduce_sum(tf.sqrt(tf.maximum(values, 0.0)), -1)
    gap = tf.reduce_sum(tf.square(m1 - m2), -1)
    return tf.maximum(gap + tf.linalg.trace(c1) + tf.linalg.trace(c2) - 2 * cross, 0.0)
