"""Numbers that say how good generated images are.

    classifier = classifiers.load("digits")
    result = evaluate.score(images, labels, test_images, test_labels, classifier,
                            train_images, train_labels)
    print(result)

Everything works on arrays and without a network.  `score` takes all measures but one at once;
`gan_train`, which trains a classifier, is called alone.  No measure is enough: a generator that
copies its training images, or makes one good image a class, or blurs, is perfect by some
measure and caught by another.

Two warnings that hold for each measure: a value means something only beside the value that
*real* images get at the same sample size, and values from different classifiers (feature
extractors) or sample sizes must never be compared.  `Result` keeps to both.
"""

import contextlib
import hashlib
import io
import time
from typing import NamedTuple

import keras
import numpy as np

from . import classifiers, data
from .results import Result, plain

PRDC_LIMIT = 5000  # images of each kind: the memory that prdc needs grows with the square
NEIGHBOUR_LIMIT = 2000  # generated images that `score` compares with all training images
RARE = 0.01  # share of unseen real images that `memorisation` counts as copies


# --- Distances of feature clouds ----------------------------------------------------------


def frechet_distance(features, other):
    """Distance of two feature clouds seen as Gaussians (Frechet distance, Heusel et al. 2017).

        d^2 = |m1 - m2|^2 + trace(C1 + C2 - 2 (C1 C2)^(1/2))

    with m the means and C the covariances of the two sets.

    Args:
        features, other: arrays [N, F] and [M, F]; more rows than columns, or the covariances
            have no full rank.

    Returns:
        d^2, at least 0 (0 for two equal sets).
    """
    features, other = (np.asarray(a, np.float64) for a in (features, other))
    if features.ndim != 2 or other.ndim != 2 or features.shape[1] != other.shape[1]:
        raise ValueError(
            f"features has shape {features.shape}, other {other.shape}; "
            "both must be [images, features] with the same number of features"
        )
    for name, a in {"features": features, "other": other}.items():
        if len(a) < 2:
            raise ValueError(f"{name} holds {len(a)} images; a covariance needs at least 2")
        if not np.isfinite(a).all():
            raise ValueError(f"{name} holds NaN or infinite values")
    mean_gap = features.mean(0) - other.mean(0)
    c1, c2 = np.cov(features, rowvar=False), np.cov(other, rowvar=False)
    c1, c2 = np.atleast_2d(c1), np.atleast_2d(c2)
    # trace((C1 C2)^(1/2)) = sum of the roots of the eigenvalues of R C2 R with R = C1^(1/2):
    # that matrix is symmetric, so its eigenvalues are real and stable to compute.
    values, vectors = np.linalg.eigh(c1)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    cross = np.sqrt(np.linalg.eigvalsh(root @ c2 @ root).clip(0)).sum()
    return float(max(mean_gap @ mean_gap + np.trace(c1) + np.trace(c2) - 2 * cross, 0.0))


def class_frechet(features, labels, other, other_labels):
    """Frechet distance of each class y between its images in two sets, [K].

    K is the largest label + 1.  A generator that confuses two classes, or makes one image a
    class, shows here even where the distance of the whole sets is small.

    Raises:
        ValueError: a class has fewer than 2 images in one of the sets.
    """
    features, other = np.asarray(features), np.asarray(other)
    labels = _check_labels("labels", labels, len(features))
    other_labels = _check_labels("other_labels", other_labels, len(other))
    distances = []
    for y in range(1 + max(labels.max(), other_labels.max())):
        own, others = features[labels == y], other[other_labels == y]
        if min(len(own), len(others)) < 2:
            raise ValueError(
                f"class {y} has {len(own)} images by labels and {len(others)} by "
                "other_labels; a distance needs at least 2 of each"
            )
        distances.append(frechet_distance(own, others))
    return np.array(distances)


def frechet_by_size(features, other, sizes, seed=0):
    """Frechet distance between the first n of each set, in a random order, for every n of sizes.

    The distance is too large when measured on few images, by an amount that depends on what is
    measured: the curve of real against real images shows how much.  Returns [len(sizes)].

    Raises:
        ValueError: a size is below 2, or above the number of images of a set.
    """
    features, other = np.asarray(features), np.asarray(other)
    most = min(len(features), len(other))
    for n in sizes:
        if not 2 <= n <= most:
            raise ValueError(f"sizes holds {n}; both sets have 2 to {most} images to give")
    rng = np.random.default_rng(seed)
    features, other = rng.permutation(features), rng.permutation(other)
    return np.array([frechet_distance(features[:n], other[:n]) for n in sizes])


def precision_recall(real_features, fake_features, k=5, limit=PRDC_LIMIT, seed=0):
    """How much of what is generated looks real, and how much of what is real is generated.

    Around every image of a set lies a ball in feature space that reaches to its k-th nearest
    neighbour in the same set; all balls together are the set's region.

        precision  share of generated images in the region of the real ones
        recall     share of real images in the region of the generated ones
        density    in how many real balls a generated image lies, divided by k; may exceed 1
        coverage   share of real images whose ball holds a generated image

    Precision falls when images are bad, recall and coverage when kinds are missing.  One odd
    image with a large ball deceives precision and recall; density and coverage were made to
    resist that.  Computed by the package prdc (Kynkaanniemi et al. 2019; Naeem et al. 2020).

    Args:
        real_features, fake_features: arrays [N, F] and [M, F].
        limit: of larger sets this many images, drawn with `seed`, are used; prdc's memory
            grows with the square of it, and its time too.

    Returns:
        A dict of the four.

    Raises:
        ImportError: prdc is not installed.
        ValueError: the sets have other shapes, or no more than k + 1 images.
    """
    sets = {"real_features": real_features, "fake_features": fake_features}
    for name, a in sets.items():
        a = sets[name] = np.asarray(a, np.float32)
        if a.ndim != 2 or a.shape[1:] != np.shape(real_features)[1:]:
            raise ValueError(
                f"{name} has shape {a.shape}; give [images, features], with the same number of "
                "features in both"
            )
        if min(len(a), limit) < k + 2 or k < 1:
            raise ValueError(
                f"{name} has {len(a)} images, limit is {limit}, k is {k}; k is at least 1, and "
                "more than k + 1 images are needed"
            )
    try:
        from prdc import compute_prdc
    except ImportError as error:
        raise ImportError(
            f'precision and recall need prdc: pip install "ganedu[evaluate]" ({error})'
        ) from error
    real, fake = (a[_draw(len(a), limit, seed)] for a in sets.values())
    with contextlib.redirect_stdout(io.StringIO()):  # it prints the counts
        found = compute_prdc(real, fake, k)
    return {name: float(value) for name, value in found.items()}


def coarse_pixels(images, side=7):
    """Images [N, H, W, C] averaged down to side x side pixels, as features [N, side*side*C].

    The simplest features there are: they need no trained network and no labels, so they can
    watch any training.  They see overall shape and brightness, not fine detail.
    """
    images = np.asarray(images, np.float32)
    _, height, width, _ = images.shape
    rows = np.array_split(np.arange(height), min(side, height))
    columns = np.array_split(np.arange(width), min(side, width))
    small = np.stack([images[:, r].mean(1) for r in rows], axis=1)
    small = np.stack([small[:, :, c].mean(2) for c in columns], axis=2)
    return small.reshape(len(images), -1)


# --- What a classifier reads --------------------------------------------------------------


class Success(NamedTuple):
    """How often a classifier reads the class that was asked for.

    overall: share of all images.  per_class: [K], share of the images of each class (NaN for
    none).  confusion: counts [K, K], row y the class asked for, column k the class read.
    """

    overall: float
    per_class: np.ndarray
    confusion: np.ndarray


def success_rate(probabilities, labels):
    """Share of generated images that are read as the class asked for, a `Success`.

        success = number of images with argmax_k p(k|x) = y  /  number of images

    Claim B-cgan.  With a classifier trained on real images this is also "GAN-test"
    (Shmelkov et al. 2018).  One good image a class, or copies of training images, reach 1.

    Args:
        probabilities: p(k|x), [N, K].
        labels: whole numbers y from 0 to K - 1, [N].
    """
    p = np.asarray(probabilities)
    if p.ndim != 2 or len(p) == 0:
        raise ValueError(f"probabilities has shape {p.shape}; it must be [images, classes]")
    classes = p.shape[1]
    labels = _check_labels("labels", labels, len(p), classes)
    pairs = np.bincount(labels * classes + p.argmax(1), minlength=classes**2)
    confusion = pairs.reshape(classes, classes)
    asked = confusion.sum(1)
    per_class = np.where(asked > 0, confusion.diagonal() / np.maximum(asked, 1), np.nan)
    return Success(float(confusion.trace() / len(p)), per_class, confusion)


def inception_score(probabilities):
    """Inception score of class probabilities p(y|x), [N, K] (Salimans et al. 2016; claim B-is).

        IS = exp( mean over x of KL( p(y|x) || p(y) ) ),   p(y) = mean over x of p(y|x)

    From 1 (every image reads the same) to K (each image certain, all classes equally often).
    """
    p = np.asarray(probabilities, np.float64)
    if p.ndim != 2 or len(p) == 0:
        raise ValueError(f"probabilities has shape {p.shape}; it must be [images, classes]")
    if (p < 0).any() or not np.allclose(p.sum(1), 1, atol=1e-3):
        raise ValueError("probabilities must be at least 0 and sum to 1 in each row")
    log = np.log(np.maximum(p, 1e-30))
    log_marginal = np.log(np.maximum(p.mean(0), 1e-30))
    return float(np.exp((p * (log - log_marginal)).sum(1).mean()))


def class_shares(probabilities):
    """Share of images that read as each class, [K]: which classes are missing?"""
    p = np.asarray(probabilities)
    return np.bincount(p.argmax(1), minlength=p.shape[1]) / len(p)


def gan_train(images, labels, test_images, test_labels, seed=0, epochs=5):
    """Trains a new classifier on generated images alone; how well does it read real ones?

    GAN-train (Shmelkov et al. 2018): high only if images are good *and* varied.  The recipe is
    fixed, so that values can be compared: `classifiers.new_network`, Adam, batches of 64, the
    learning rate falling from 0.002 to 0 along half a cosine, no augmentation.  Beside it
    belongs the value of as many real training images.  Images are rounded to the 256 grey
    levels of real ones.  The same seed gives the same value on the same machine.

    Args:
        images, labels: generated, float [N, H, W, C] in [-1, 1] and whole numbers from 0, [N].
        test_images, test_labels: real ones, of the same shape.
        seed: of start weights, dropout and the order of images.
        epochs: passes over the generated images.

    Returns:
        A `Success` on the real images: row y of its confusion is what they are.
    """
    images = _check_images("images", images)
    test_images = _check_images("test_images", test_images, images.shape[1:])
    if epochs < 1:
        raise ValueError(f"epochs is {epochs}; train for at least 1")
    labels = _check_labels("labels", labels, len(images))
    test_labels = _check_labels("test_labels", test_labels, len(test_images))
    classes = 1 + int(max(labels.max(), test_labels.max()))
    size = min(64, len(images))
    batches = data.Batches(_grey_levels(images), labels, batch_size=size, seed=seed)
    network = classifiers.new_network(images.shape[1:], classes, seed)
    reader = keras.Model(network.input, network.outputs[1])
    rate = keras.optimizers.schedules.CosineDecay(2e-3, epochs * len(batches))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    reader.compile(keras.optimizers.Adam(rate), loss, jit_compile=False)
    stream = batches.from_epoch(0)
    reader.fit(stream, steps_per_epoch=len(batches), epochs=epochs, shuffle=False, verbose=0)
    return success_rate(reader.predict(test_images, batch_size=500, verbose=0), test_labels)


# --- Copies of training images ------------------------------------------------------------


def nearest_neighbours(images, training_images, batch=200):
    """The training image nearest to each image: distances [N] and indices [N].

        distance = square root of the sum over pixels of (x - t)^2

    Images are [N, H, W, C]; `batch` of them at a time are compared with all training images.
    A picture of both side by side is the best test of all.  Pixels are a poor measure of
    likeness: a copy moved by two pixels is far from its original.
    """
    distances, indices = _nearest(images, training_images, 1, batch)
    return distances[:, 0], indices[:, 0]


class Memorisation(NamedTuple):
    """copied: share of images that look like copies of training images; see `memorisation`.

    distance_ratio: median distance to the nearest training image, generated / unseen.
    """

    copied: float
    distance_ratio: float


def memorisation(images, training_images, unseen_images):
    """Does a generator copy its training images?  A `Memorisation`.

    A copy lies much nearer to one training image than to any other.  With d1 and d2 the
    distances to the nearest and the second nearest training image,

        r      = d1 / d2                                0 for a copy, near 1 otherwise
        copied = share of images with r at most the 1 % quantile of r of unseen real images

    So honest images get about 0.01, and a generator that copies half the time about 0.5.  The
    distance d1 alone would not do: it is small for simple images (ones) and blurred ones too.
    Blind to copies that were moved or changed, and to copies of an image that stands in the
    training set twice, unless they are exact.  The idea of comparing with real images that the
    generator did not see is that of Meehan et al. 2020.

    Args:
        images, training_images: generated images and all that the generator was trained on.
        unseen_images: real images that it was not trained on.  All [N, H, W, C].
    """
    near, _ = _nearest(images, training_images, 2)
    unseen, _ = _nearest(unseen_images, training_images, 2)
    # An exact copy has r = 0, even of an image that is there twice.
    r, r_unseen = (d[:, 0] / np.maximum(d[:, 1], 1e-12) for d in (near, unseen))
    copied = np.mean(r <= np.quantile(r_unseen, RARE))
    return Memorisation(
        float(copied), float(np.median(near[:, 0]) / np.median(unseen[:, 0]).clip(1e-12))
    )


def _nearest(images, training_images, k, batch=200, block=5000):
    """Distances and indices of the k nearest training images, nearest first, both [N, k]."""
    images = _check_images("images", images)
    training_images = _check_images("training_images", training_images, images.shape[1:])
    if len(training_images) < k:
        raise ValueError(f"training_images holds {len(training_images)}; at least {k} needed")
    x, t = images.reshape(len(images), -1), training_images.reshape(len(training_images), -1)
    squares = np.einsum("ij,ij->i", t, t)
    distances, indices = [], []
    for i in range(0, len(x), batch):
        part, found = x[i : i + batch], []
        for j in range(0, len(t), block):
            # |x - t|^2 = |x|^2 + |t|^2 - 2 x.t, and |x|^2 does not change the order.
            gap = (-2 * part) @ t[j : j + block].T
            gap += squares[j : j + block]
            for _ in range(min(k, gap.shape[1])):
                nearest = gap.argmin(1)
                found.append(j + nearest)
                gap[np.arange(len(part)), nearest] = np.inf
        found = np.stack(found, axis=1)
        # The sum above loses digits where the distance is small: measure the few found again.
        exact = np.linalg.norm(part[:, None] - t[found], axis=2)
        order = exact.argsort(1, kind="stable")[:, :k]
        distances.append(np.take_along_axis(exact, order, 1))
        indices.append(np.take_along_axis(found, order, 1))
    return np.concatenate(distances), np.concatenate(indices)


# --- All at once --------------------------------------------------------------------------

def score(
    images,
    labels,
    real_images,
    real_labels,
    classifier,
    training_images=None,
    training_labels=None,
    seed=0,
):
    """Every measure of generated images but GAN-train, as a `Result`.

    Each stands beside a value of real images.  What looks at one set only (success, Inception
    score, shares) is measured on `real_images`, which the classifier did not learn from.  What
    compares two sets is measured between training images, as many as were generated and of the
    same labels, and `real_images`: the floor that no honest generator beats by more than chance.

    Args:
        images: generated, float [N, H, W, C] in [-1, 1].
        labels: the classes asked for, whole numbers [N]; None for an unconditional GAN, whose
            success rate and distances by class are left out.
        real_images, real_labels: real images that neither the generator nor the classifier was
            trained on, and their classes (None if labels is None).
        classifier: a `classifiers.Classifier`.
        training_images, training_labels: all that the generator was trained on; without them
            the floors and copies are left out.
        seed: of the draws.

    Raises:
        ValueError: arrays do not fit each other, or no more images than the classifier has
            features: the covariances of a Frechet distance would be singular.
    """
    began = time.perf_counter()
    if not hasattr(classifier, "read"):
        raise ValueError(f"classifier is {classifier!r}; give one of classifiers.load(...)")
    images = _check_images("images", images)
    real_images = _check_images("real_images", real_images, images.shape[1:])
    (fake_f, fake_p), (real_f, real_p) = classifier.read(images), classifier.read(real_images)
    for name, a in {"images": images, "real_images": real_images}.items():
        if len(a) <= fake_f.shape[1]:
            raise ValueError(
                f"{name} holds {len(a)}; a Frechet distance needs more images than the "
                f"classifier has features, {fake_f.shape[1]}"
            )
    classes = fake_p.shape[1]
    if labels is not None:
        labels = _check_labels("labels", labels, len(images), classes)
        real_labels = _check_labels("real_labels", real_labels, len(real_images), classes)

    values, real, notes = {}, {}, []
    values |= _read_measures(fake_p, labels)
    real |= _read_measures(real_p, None if labels is None else real_labels)
    values |= _distance_measures(fake_f, labels, real_f, real_labels, classes, seed, notes)
    if training_images is None:
        notes.append("no training images were given: no floors, no search for copies")
    else:
        training_images = _check_images("training_images", training_images, images.shape[1:])
        if training_labels is not None:
            training_labels = _check_labels(
                "training_labels", training_labels, len(training_images), classes
            )
        drawn, drawn_y = _floor(labels, len(images), training_images, training_labels, seed)
        if len(drawn) < len(images):
            notes.append(f"floors: of {len(drawn)} training images, there are no more")
        drawn_f = classifier.features(training_images[drawn])
        real |= _distance_measures(drawn_f, drawn_y, real_f, real_labels, classes, seed, [])
        some, unseen = (a[_draw(len(a), NEIGHBOUR_LIMIT, seed)] for a in (images, real_images))
        values |= memorisation(some, training_images, unseen)._asdict()
        real |= {"copied": RARE, "distance_ratio": 1.0}  # by their definition
        if len(some) < len(images):
            notes.append(f"copies: searched among {len(some)} of the generated images")
    if max(len(images), len(real_images)) > PRDC_LIMIT:
        notes.append(f"precision to coverage: at most {PRDC_LIMIT} images of each kind")
    about = {
        "name": classifier.name,
        "hash": classifier.hash,
        "accuracy": None if classifier.accuracy is None else float(classifier.accuracy),
    }
    return Result(
        plain(values), plain(real), about, len(images), len(real_images),
        0 if training_images is None else len(training_images),
        _hash(real_images, training_images), seed,
        round(time.perf_counter() - began, 2), tuple(notes),
    )  # fmt: skip


def _read_measures(probabilities, labels):
    """The measures of one set, from what the classifier reads."""
    found = {
        "inception_score": inception_score(probabilities),
        "class_shares": class_shares(probabilities),
    }
    if labels is not None:
        success = success_rate(probabilities, labels)
        found["success"], found["success_per_class"], found["confusion"] = success
    return found


def _distance_measures(features, labels, other, other_labels, classes, seed, notes):
    """The measures of one set against another, from the classifier's features."""
    found = {"frechet": frechet_distance(features, other)}
    if labels is not None and other_labels is not None:
        fewest = min(np.bincount(y, minlength=classes).min() for y in (labels, other_labels))
        if fewest > features.shape[1]:
            found["class_frechet"] = class_frechet(features, labels, other, other_labels)
            found["class_frechet_mean"] = found["class_frechet"].mean()
        else:
            notes.append(
                f"no Frechet distances by class: a class has {fewest} images, and more than"
                f" {features.shape[1]} are needed"
            )
    try:
        found |= precision_recall(other, features, seed=seed)
    except ImportError as error:
        notes.append(str(error))
    return found


def _floor(labels, n, training_images, training_labels, seed):
    """Which training images stand in for the n generated: indices, and labels or None."""
    if labels is None or training_labels is None:
        return _draw(len(training_images), n, seed), None
    drawn = []
    for y, asked in enumerate(np.bincount(labels)):
        mine = np.flatnonzero(training_labels == y)
        drawn.append(mine[_draw(len(mine), asked, seed)])
    drawn = np.concatenate(drawn)
    return drawn, training_labels[drawn]


def _draw(n, limit, seed):
    """Indices of `limit` of n things, drawn at random, or of all in their order."""
    if n <= limit:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, limit, replace=False))


# --- Checks and words ---------------------------------------------------------------------


def _check_images(name, images, shape=None):
    images = np.asarray(images)
    wanted = "[N, H, W, C]" if shape is None else f"[N, {', '.join(map(str, shape))}]"
    if images.ndim != 4 or not images.size or shape not in (None, images.shape[1:]):
        raise ValueError(f"{name} has shape {images.shape}; give {wanted}, N > 0")
    if images.dtype.kind != "f":
        raise ValueError(
            f"{name} has dtype {images.dtype}; give floats in [-1, 1] (ganedu.data.scale)"
        )
    low, high = float(images.min()), float(images.max())
    if not (low >= -1.001 and high <= 1.001):  # so written, it refuses NaN too
        raise ValueError(f"{name} has pixels from {low:g} to {high:g}; give floats in [-1, 1]")
    return images.astype(np.float32, copy=False)


def _check_labels(name, labels, n, classes=None):
    if labels is None:
        raise ValueError(f"{name} is None; give whole numbers from 0, one an image ({n})")
    labels = np.asarray(labels)
    if labels.shape != (n,):
        raise ValueError(f"{name} has shape {labels.shape}; give one an image, ({n},)")
    if labels.dtype.kind not in "iu":
        raise ValueError(f"{name} has dtype {labels.dtype}; give whole numbers from 0")
    if n and (labels.min() < 0 or classes and labels.max() >= classes):
        most = f" to {classes - 1}" if classes else ""
        raise ValueError(
            f"{name} holds {labels.min()} to {labels.max()}; give whole numbers from 0{most}"
        )
    return labels.astype(np.int64)


def _grey_levels(images):
    """Floats in [-1, 1] as uint8, 0 to 255."""
    return np.clip(np.rint((images + 1) * 127.5), 0, 255).astype(np.uint8)


def _hash(*arrays):
    """12 hex digits of the SHA-256 of images, seen as grey levels."""
    digest = hashlib.sha256()
    for images in arrays:
        if images is not None:
            digest.update(_grey_levels(images).tobytes())
    return digest.hexdigest()[:12]
