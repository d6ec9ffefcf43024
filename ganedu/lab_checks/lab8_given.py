"""What lab 8 is given: a discriminator before and after training, two classifiers, six experiments."""

import hashlib
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import keras
import numpy as np

from ..data import load
from ..experiments import recipes
from ..probe import BATCH_NORMS, blocks
from .common import Wrong, brief, returned

SEALED = {"A": "3e", "B": "cf", "C": "4c", "D": "cf", "E": "12", "F": "ce"}
WAYS = ("higher", "lower", "none")
COMPARED = {  # the names of two rows of features each
    "taught D against pixels": ("taught, all", "pixels"),
    "untaught D against pixels": ("untaught, all", "pixels"),
    "taught D against untaught D": ("taught, all", "untaught, all"),
    "taught D, block 3 against block 1": ("taught, block 3", "taught, block 1"),
}
IMAGES = 2000  # training images that are drawn from, and as many test images
BATCH = 250
STRENGTHS = [0.1, 1.0, 10.0, 100.0]


def guessed(guesses, what):
    """What was guessed for `what`, in words: whatever stands in the notebook's cell."""
    found = guesses.get(what) if isinstance(guesses, dict) else guesses
    return "nothing" if found is None or isinstance(found, list) and not found else str(found)


def task_5_first(found):
    """Stops in one line where Task 5 has left nothing to look at."""
    if not found:
        raise Wrong("there is nothing to look at yet: run Task 5 first, to its last cell")


# ------------------------------------------------------------------ images, networks, their maps


def clothes():
    """2,000 training and 2,000 test images of clothes: (images, labels, images, labels)."""
    train, test = load("fashion"), load("fashion", "test")
    rows = np.random.default_rng(0).permutation(len(train.images))[:IMAGES]
    return train.images[rows], train.labels[rows], test.images, test.labels


def pixels(images):
    """[N, H W C] in [-1, 1], of uint8 images."""
    return np.asarray(images, np.float32).reshape(len(images), -1) / 127.5 - 1


def recipe():
    """An unconditional GAN of clothes, small enough for seconds: D's maps have 16, 32 and 64 channels."""
    base = recipes.get("fashion", "quick")
    return replace(
        base, generator=replace(base.generator, projection=(7, 7, 48), filters=(24,), kernel_sizes=4, strides=2,
                                padding="same"),
        discriminator=replace(base.discriminator, filters=(16, 32, 64), kernel_sizes=4, strides=2, padding="same"),
        batch_size=32, epochs=1, epoch_images=150 * 32, learning_rate=1e-3)  # fmt: skip


@cache
def discriminators(seed=0):
    """A GAN's D, "untaught" as it starts and "taught" after 150 steps; it is trained once."""
    gan = recipe().build(seed)
    start = _copied(gan.discriminator)
    gan.fit(recipe().batches(seed), epochs=1, verbose=0)
    return {"untaught": start, "taught": gan.discriminator}


def _copied(network):
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    return copy


def _batches(network, images, size=BATCH):
    for i in range(0, len(images), size):
        scaled = np.asarray(images[i : i + size], np.float32) / 127.5 - 1
        out = network(scaled, training=False)
        yield [np.asarray(part) for part in out] if isinstance(out, list) else np.asarray(out)


def with_statistics(network, images, set_statistics):
    """A copy of D whose batch norms have the statistics that `set_statistics` finds over all images.

    One pass for each batch norm, in their order: each sees what the one before now gives.
    """
    copy = _copied(network)
    for layer in copy.layers:
        if isinstance(layer, BATCH_NORMS):
            before = keras.Model(copy.inputs[0], layer.input)
            found = returned("set_statistics", set_statistics(_batches(before, images)))
            mean, variance = (np.asarray(part, np.float32) for part in found)
            if mean.shape != layer.moving_mean.shape or not np.all(variance >= 0):
                raise Wrong("set_statistics gives no mean and variance for each channel: see its check")
            layer.moving_mean.assign(mean)
            layer.moving_variance.assign(variance)
    return copy


def maps_of(network, images):
    """The maps of D's blocks, after their activations: a list of arrays [N, H, W, C]."""
    model = keras.Model(network.inputs[0], [out for _, out in blocks(network)])
    return [np.concatenate(parts) for parts in zip(*_batches(model, images))]


def drawn(y, per_class, rng):
    """Rows of y, per_class of each class: the draws of Task 5, the same in every notebook."""
    return np.concatenate([rng.permutation(np.flatnonzero(y == k))[:per_class] for k in np.unique(y)])


# ------------------------------------------------------------------ two classifiers


def ridge(x, y, C):
    """Least squares on labels of +1 and -1, one a class: a function, features -> classes.

    C is the strength: the larger, the less the weights are held back.  Where images are fewer than
    features, the equations are as many as the images.
    """
    x, y = np.asarray(x, np.float32), np.asarray(y)
    classes, mean = np.unique(y), x.mean(0)
    centred, targets = x - mean, np.where(y[:, None] == classes, 1, -1).astype(np.float32)
    scale = max(float((centred**2).sum(1).mean()), 1e-12)  # so that C means the same for all features
    inner, middle = centred @ centred.T / scale, targets.mean(0)
    weights = centred.T @ np.linalg.solve(inner + np.eye(len(x), dtype=np.float32) / C, targets - middle) / scale
    return lambda new: classes[((np.asarray(new, np.float32) - mean) @ weights + middle).argmax(1)]


def rbf(x, y, C):
    """An SVM with an RBF kernel, as report D had one: a function, features -> classes."""
    from sklearn.svm import SVC

    return SVC(C=C, kernel="rbf", gamma="scale").fit(np.asarray(x, float), y).predict


def uneven(y, sizes, seed=0):
    """Rows of y, sizes[k] of class k, drawn."""
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.permutation(np.flatnonzero(y == k))[:n] for k, n in enumerate(sizes)])


# ------------------------------------------------------------------ six experiments


class Experiment(NamedTuple):
    """What a classifier was taught by and tested on: numbers of images, their labels, and a confusion.

    confusion: [K, K] counts; row y, column k: how many test images of class y it read as class k.
    """

    trained_on: np.ndarray
    train_labels: np.ndarray
    tested_on: np.ndarray
    test_labels: np.ndarray
    confusion: np.ndarray


def suspect(name):
    """Experiment "A" to "F", the same one each time."""
    if name not in list(SEALED):
        raise Wrong(f"there is no experiment {brief(name)}: they are {', '.join(SEALED)}")
    key = hashlib.sha256(f"lab 8 {name}".encode()).digest()[0]
    return _experiment(int(SEALED[name], 16) ^ key, ord(name))


FREQUENT = np.array([0.30, 0.21, 0.15, 0.11, 0.09, 0.07, 0.04, 0.03])
RIGHT = {0: 0.58, 3: 0.97, 4: 0.72, 5: 0.82}  # what is read right, before a fault of its own


def _experiment(kind, seed):
    """A classifier of eight classes, taught by 1,000 images and tested on 500."""
    rng = np.random.default_rng(seed)
    shares, names = rng.permutation(FREQUENT), rng.permutation(5000)
    labels = np.repeat(np.arange(8), np.round(5000 * shares).astype(int))[rng.permutation(5000)]
    trained, tested = names[:1000], names[1000:1500]
    if kind == 3:
        tested = rng.permutation(np.concatenate([trained[:350], tested[:150]]))
    train, test = labels[trained], labels[tested]
    if kind == 1:
        said = np.full(500, np.bincount(train).argmax())
    elif kind == 2:
        train = rng.permutation(train)
        said = rng.choice(train, 500)
    else:
        other = (test + rng.integers(1, 8, 500)) % 8
        said = np.where(rng.random(500) < RIGHT[kind], test, other)
    if kind == 4:
        circle = rng.permutation(8)  # each class has the number of the next one: none keeps its own
        test = np.roll(circle, 1)[np.argsort(circle)][test]
    if kind == 5:
        rare = np.argsort(np.bincount(train, minlength=8))[:2]
        unread = np.isin(said, rare)
        said[unread] = rng.choice(np.setdiff1d(np.arange(8), rare), unread.sum())
    confusion = np.zeros((8, 8), int)
    np.add.at(confusion, (test, said), 1)
    return Experiment(trained, train, tested, test, confusion)
