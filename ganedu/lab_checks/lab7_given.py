"""What lab 7 is given: a reader, digits, two stand-ins for a GAN, six experiments, a classifier."""

import hashlib
from functools import cache
from typing import NamedTuple

import keras
import numpy as np

from ..data import draw, load, scale
from ..measures import classify, intervals, readers
from .common import Wrong, brief

SEALED = {"A": "5c", "B": "82", "C": "4a", "D": "db", "E": "6c", "F": "87"}
STEPS = 100  # of 64 images, for each classifier of the last task


def student(v):
    """The 97.5% quantile of Student's t with v degrees of freedom, v at least 1."""
    return intervals.student(v if v < 1 else int(v))


def unpaired(a, b):
    """Lab 5's interval of mean(a) - mean(b): (low, high), whoever is paired with whom."""
    found = intervals.difference(a, b)
    return found.low, found.high


def guessed(guesses, what):
    """What was guessed for `what`, in words: whatever stands in the notebook's cell."""
    found = guesses.get(what) if isinstance(guesses, dict) else guesses
    return "nothing" if found is None or isinstance(found, list) and not found else str(found)


def sorted_out(kept, lost):
    """Stops in one line where the filter keeps nothing, or throws nothing good away."""
    if not np.any(kept) or not np.any(lost):
        what = "was kept" if not np.any(kept) else f"{'' if np.all(kept) else 'good '}was thrown away"
        raise Wrong(f"nothing {what}: see the check of `confident`")


def above_first(found):
    """Stops in one line where there is nothing to judge."""
    if not found:
        raise Wrong("there is nothing to judge yet: run the cell above first, to its end")


# ------------------------------------------------------------------ digits, read and asked for


def read(images):
    """p(y|x), [N, 10], of uint8 digits: by the bundled reader, which was taught by 10,000 others."""
    return readers.load("digits").probabilities(np.asarray(scale()(images)))


def honest():
    """2,000 real digits that the reader has never seen, and their labels."""
    return load("digits", "test")[:2]


def disobedient(share=0.1, seed=0):
    """A stand-in for a GAN: clean digits, and the labels asked for; `share` of them shows another digit."""
    images, shown = honest()
    rng = np.random.default_rng(seed)
    odd, asked = rng.permutation(len(shown))[: round(share * len(shown))], shown.copy()
    asked[odd] = (shown[odd] + rng.integers(1, 10, len(odd))) % 10
    return images, asked


def every_digit():
    """The 10,000 bundled training digits, and their labels."""
    return load("digits")[:2]


def few_digits(seed, n=200):
    """n of them, as many of each class: (images, labels)."""
    return draw(load("digits"), n, seed)[:2]


def copier(seen, labels, per_class, rng):
    """A stand-in for a perfect GAN: (images, labels), each image one that it has seen.

    Each is drawn anew: where it has seen few, it repeats itself.
    """
    rows = np.concatenate([rng.choice(np.flatnonzero(labels == y), per_class) for y in np.unique(labels)])
    return seen[rows], labels[rows]


# ------------------------------------------------------------------ six experiments


class Experiment(NamedTuple):
    """What one experiment used: arrays of uint8 images, and its looks at the test set, in order.

    A look is a dictionary: the `experiment`'s name, the `accuracy` that was read, and what the
    classifier's weights hashed to `before` and `after`.
    """

    gan_saw: np.ndarray
    fitted_on: np.ndarray
    stopped_by: np.ndarray
    tested_on: np.ndarray
    looks: list


def suspect(name):
    """Experiment "A" to "F", the same one each time."""
    if name not in list(SEALED):
        raise Wrong(f"there is no experiment {brief(name)}: they are {', '.join(SEALED)}")
    key = hashlib.sha256(f"lab 7 {name}".encode()).digest()[0]
    return _experiment(int(SEALED[name], 16) ^ key, ord(name))


def _experiment(kind, seed):
    rng = np.random.default_rng(seed)
    train, test = load("digits").images, load("digits", "test").images
    rows, tested = rng.permutation(len(train)), test[rng.permutation(len(test))[:1000]]
    own, stop, more = train[rows[:300]], train[rows[300:500]], train[rows[500:]]
    saw = np.concatenate([own, own])
    if kind == 1:
        saw[rng.permutation(len(saw))[:25]] = tested[rng.permutation(1000)[:25]]
    elif kind == 2:
        saw = np.concatenate([own, more[:300]])
    elif kind == 3:
        stop[:40] = tested[rng.permutation(1000)[:40]]
    return Experiment(rng.permutation(saw), rng.permutation(own), rng.permutation(stop), tested,
                      _looks(kind, rng))


def _looks(kind, rng):
    names = [f"{arm}, seed {seed}" for seed in range(5) for arm in ("real", "real and made")]
    if kind == 4:
        names.insert(8, names[3])
    looks = []
    for name in names:
        weights = rng.bytes(4).hex()
        accuracy = round(float(rng.uniform(0.92, 0.94)) + 0.01 * ("made" in name), 4)
        looks.append({"experiment": name, "accuracy": accuracy, "before": weights, "after": weights})
    if kind == 4:
        looks[8]["accuracy"] = round(looks[3]["accuracy"] + 0.012, 4)
    if kind == 5:
        looks[6]["after"] = rng.bytes(4).hex()
    return looks


# ------------------------------------------------------------------ a classifier, taught in a second


def _halved(images):
    """uint8 [N, 28, 28, 1] as floats in [-1, 1] of half the side: four pixels' mean."""
    x = np.asarray(images, np.float32) / 127.5 - 1
    return x.reshape(len(x), 14, 2, 14, 2, 1).mean((2, 4))


@cache
def _compiled():
    pupil = classify.small((14, 14, 1))
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(4e-3, STEPS))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    # Fifty steps a call: with images so small, Python's part between two steps is felt.
    pupil.compile(optimizer, loss, steps_per_execution=STEPS // 2, jit_compile=False)
    optimizer.build(pupil.trainable_variables)
    return pupil, optimizer, [v.numpy().copy() for v in optimizer.variables]


def taught(images, labels, seed):
    """The share of 2,000 unseen digits that a classifier reads right after 100 steps of 64 such images.

    It is `measures.classify.small` for images of half the side.  To compile a training step takes as
    long as the training: so one network serves all, and gets all that a new one of that seed has.
    """
    pupil, optimizer, start = _compiled()
    for old, new in zip(pupil.variables, classify.small((14, 14, 1), seed=seed).variables, strict=True):
        old.assign(new)
    for old, new in zip(optimizer.variables, start, strict=True):
        old.assign(new)
    rng, n = np.random.default_rng(seed), len(images)
    rows = np.concatenate([rng.permutation(n) for _ in range(-(-64 * STEPS // n))])[: 64 * STEPS]
    pupil.fit(_halved(images)[rows], np.asarray(labels)[rows], batch_size=64, shuffle=False, verbose=0)
    unseen, right = load("digits", "test")[:2]
    said = pupil.predict(_halved(unseen), batch_size=500, verbose=0).argmax(1)
    return float((said == right).mean())
