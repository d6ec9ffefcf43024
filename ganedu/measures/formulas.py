"""The formulas of the measures, each once, in NumPy: arrays in, numbers out."""

import contextlib
import io
from typing import NamedTuple

import numpy as np

from .. import checks

PRDC_LIMIT = 5000  # images of each kind: the memory that prdc needs grows with the square
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
    with np.errstate(over="ignore", invalid="ignore"):  # said below in words
        c1, c2 = np.cov(features, rowvar=False), np.cov(other, rowvar=False)
    c1, c2 = np.atleast_2d(c1), np.atleast_2d(c2)
    if not (np.isfinite(c1).all() and np.isfinite(c2).all()):
        most = max(np.abs(features).max(), np.abs(other).max())
        raise ValueError(f"features or other holds {most:g}, too large for a covariance")
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
    labels = checks.labels("labels", labels, len(features))
    other_labels = checks.labels("other_labels", other_labels, len(other))
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
        import joblib
        from prdc import compute_prdc
    except ImportError as error:
        raise ImportError(
            f'precision and recall need prdc: pip install "ganedu[evaluate]" ({error})'
        ) from error
    real, fake = (a[draw(len(a), limit, seed)] for a in sets.values())
    # It prints the counts; and it asks scikit-learn for eight threads, which are no faster and which,
    # on a busy machine, can lose Python's warning filters to each other, for the rest of the session.
    with contextlib.redirect_stdout(io.StringIO()), joblib.parallel_config("sequential"):
        found = compute_prdc(real, fake, k)
    return {name: float(value) for name, value in found.items()}


def coarse_pixels(images, side=7):
    """Images [N, H, W, C] averaged down to side x side pixels, as features [N, side*side*C].

    The simplest features there are: they need no trained network and no labels, so they can
    watch any training.  They see overall shape and brightness, not fine detail.
    """
    images = np.asarray(images, np.float32)
    if images.ndim != 4:
        raise ValueError(f"images has shape {images.shape}; give [N, H, W, C]")
    checks.whole("side", side, 1)
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


def _probabilities(p):
    p = np.asarray(p)
    if p.ndim != 2 or not p.size or p.dtype.kind not in "fiub":
        raise ValueError(f"probabilities has shape {p.shape}; it must be [images, classes]")
    return p


def success_rate(probabilities, labels):
    """Share of generated images that are read as the class asked for, a `Success`.

        success = number of images with argmax_k p(k|x) = y  /  number of images

    Claim B-cgan.  With a classifier trained on real images this is also "GAN-test"
    (Shmelkov et al. 2018).  One good image a class, or copies of training images, reach 1.

    Args:
        probabilities: p(k|x), [N, K].
        labels: whole numbers y from 0 to K - 1, [N].
    """
    p = _probabilities(probabilities)
    classes = p.shape[1]
    labels = checks.labels("labels", labels, len(p), classes)
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
    p = _probabilities(probabilities).astype(np.float64)
    if (p < 0).any() or not np.allclose(p.sum(1), 1, atol=1e-3):
        raise ValueError("probabilities must be at least 0 and sum to 1 in each row")
    log = np.log(np.maximum(p, 1e-30))
    log_marginal = np.log(np.maximum(p.mean(0), 1e-30))
    return float(np.exp((p * (log - log_marginal)).sum(1).mean()))


def class_shares(probabilities):
    """Share of images that read as each class, [K]: which classes are missing?"""
    p = _probabilities(probabilities)
    return np.bincount(p.argmax(1), minlength=p.shape[1]) / len(p)


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
    images = checks.images("images", images)
    training_images = checks.images("training_images", training_images, images.shape[1:])
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


def draw(n, limit, seed):
    """Indices of `limit` of n things, drawn at random, or of all in their order."""
    if n <= limit:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, limit, replace=False))
