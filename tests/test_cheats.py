"""Generators that cheat, and which measure tells which apart.

Each cheat is made of real digits.  The generator "was trained" on 4,000 of the training
digits; 1,000 others are what an honest one would make.  The classifier knows all of
these digits, as it does in the lessons.  A cheat wins by some measure: that is asserted too,
since it is why there are several.
"""

import numpy as np
import pytest

from ganedu import data, measures
from ganedu.measures import readers

rng = np.random.default_rng(0)


def digits(split):
    found = data.load("digits", split)
    return found.images.astype("float32") / 127.5 - 1, found.labels


def by_class(x, y, start, n):
    """n images of each class, from that class's image `start` on, and their labels."""
    rows = np.concatenate([np.flatnonzero(y == k)[start : start + n] for k in range(10)])
    return x[rows], y[rows]


def blurred(x):
    """The mean over 3x3 pixels, twice."""
    for _ in range(2):
        wide = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=-1)
        x = sum(wide[:, i : i + 28, j : j + 28] for i in range(3) for j in range(3)) / 9
    return x


def cheats(honest, train, more):
    (x, y), (t, t_y) = honest, train
    noise = 0.05 * rng.normal(size=x.shape).astype("float32")
    one_each = np.stack([x[y == k][0] for k in range(10)])
    copied, copied_y = by_class(t, t_y, 0, 100)
    half = np.arange(len(y)) % 2 == 0
    return {
        "honest": (x, y),
        "memorising": (copied, copied_y),
        "half memorising": (np.where(half[:, None, None, None], copied, x), y),
        "collapsed": ((one_each[y] + noise).clip(-1, 1), y),
        "five classes": more,
        "blurry": (blurred(x), y),
    }


@pytest.fixture(scope="module")
def scores():
    """cheat -> (its values, those of real images), one `score` each."""
    classifier, test = readers.load("digits"), by_class(*digits("test"), 0, 100)
    x, y = digits("train")
    honest, train = by_class(x, y, 0, 100), by_class(x, y, 100, 400)
    more = by_class(x[y < 5], y[y < 5], 500, 200)
    results = {}
    for name, (images, labels) in cheats(honest, train, more).items():
        labels = None if name == "five classes" else labels
        result = measures.score(images, labels, *test, classifier, *train)
        results[name] = (result.values, result.real)
    return results


def test_honest_images_pass_everything(scores):
    values, real = scores["honest"]
    assert values["success"] > 0.97 and values["inception_score"] > 9.5
    assert values["frechet"] < 3 * real["frechet"]
    assert values["class_frechet_mean"] < 2 * real["class_frechet_mean"]
    for name in ("precision", "recall", "density", "coverage"):
        assert values[name] == pytest.approx(real[name], abs=0.1), name
    assert values["copied"] < 0.04
    assert values["distance_ratio"] == pytest.approx(1, abs=0.15)


def test_a_memoriser_is_caught_by_the_search_for_copies_alone(scores):
    values, real = scores["memorising"]
    assert values["success"] > 0.97 and values["inception_score"] > 9.5
    assert values["frechet"] < 3 * real["frechet"]
    for name in ("precision", "recall", "density", "coverage"):
        assert values[name] == pytest.approx(real[name], abs=0.1), name
    assert values["copied"] > 0.95 and values["distance_ratio"] < 0.05


def test_the_share_of_copies_is_measured(scores):
    values, real = scores["half memorising"]
    assert values["frechet"] < 3 * real["frechet"]
    assert values["copied"] == pytest.approx(0.5, abs=0.06)


def test_one_image_a_class_reads_well_but_varies_nothing(scores):
    values, real = scores["collapsed"]
    assert values["success"] > 0.97 and values["inception_score"] > 9.5  # it wins these
    assert values["precision"] > 0.6
    assert values["recall"] < 0.2 and values["coverage"] < 0.3
    assert values["frechet"] > 10 * real["frechet"]
    assert values["class_frechet_mean"] > 10 * real["class_frechet_mean"]
    assert values["copied"] < 0.2  # it copies nothing that it was trained on


def test_missing_classes_show_in_shares_and_coverage_not_in_precision(scores):
    values, real = scores["five classes"]
    assert max(values["class_shares"][5:]) < 0.02 < min(real["class_shares"])
    assert values["precision"] == pytest.approx(real["precision"], abs=0.1)
    assert values["coverage"] < real["coverage"] - 0.3
    assert values["recall"] < real["recall"] - 0.2
    assert values["inception_score"] < 6
    assert values["frechet"] > 10 * real["frechet"]
    assert values["copied"] < 0.04


def test_blur_keeps_the_class_and_loses_the_distance(scores):
    values, real = scores["blurry"]
    assert values["success"] > 0.8  # most can still be read
    assert values["precision"] > 0.8  # large balls of odd real images take the blurred ones in
    assert values["frechet"] > 20 * real["frechet"]
    assert values["class_frechet_mean"] > 20 * real["class_frechet_mean"]
    assert values["recall"] < 0.3 and values["coverage"] < 0.5
    assert values["copied"] < 0.04
