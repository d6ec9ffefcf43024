"""Numbers that say how good generated images are.

Everything works on arrays and without a network.  Two warnings that hold for each measure: a
value means something only beside the value that *real* images get at the same sample size, and
values from different feature extractors or sample sizes must never be compared.
"""

import keras
import numpy as np

from . import data


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


def train_classifier(name="digits", epochs=12, seed=0):
    """A small classifier of a bundled set, trained here; about 20 s on two cores.

    Two convolutions, dropout, one dense layer; images in [-1, 1], class probabilities out.
    Augmented with shifts of up to two pixels, so that it does not mind where a digit stands.

    Returns:
        The Keras model and its accuracy on the set's test images.
    """
    train, test = data.load(name), data.load(name, "test")
    classes = len(train.class_names)
    seeds = iter(range(seed * 100, seed * 100 + 100))

    def kernel():
        return keras.initializers.HeNormal(seed=next(seeds))

    model = keras.Sequential(
        [
            keras.Input(train.images.shape[1:]),
            keras.layers.RandomTranslation(0.07, 0.07, fill_value=-1.0, fill_mode="constant", seed=next(seeds)),
            keras.layers.Conv2D(32, 5, activation="relu", kernel_initializer=kernel()),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(64, 5, activation="relu", kernel_initializer=kernel()),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.4, seed=next(seeds)),
            keras.layers.Dense(128, activation="relu", kernel_initializer=kernel(), name="features"),
            keras.layers.Dropout(0.4, seed=next(seeds)),
            keras.layers.Dense(classes, activation="softmax", kernel_initializer=kernel()),
        ],
        name=f"{name}_classifier",
    )  # fmt: skip
    batches = data.Batches(train.images, train.labels, batch_size=64, seed=seed)
    steps = epochs * len(batches)
    model.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, steps)),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    endless = batches.from_epoch(0)
    model.fit(endless, steps_per_epoch=len(batches), epochs=epochs, shuffle=False, verbose=0)
    images = data.scale()(test.images)
    accuracy = model.evaluate(images, test.labels, batch_size=500, verbose=0, return_dict=True)
    return model, accuracy["accuracy"]
